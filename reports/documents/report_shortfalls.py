"""What a report on paper points at: figures far from their targets, and communities that stand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.i18n import N_, _, ngettext, number
from core.text import collation_key
from reports.output.pdf import PdfColumn, heading, notice, paragraph, table
from reports.views.ranking import LEAST_BASE, fences
from reports.views.report_views import area_table
from reports.views.shortfalls import shortfalls

if TYPE_CHECKING:
    from reports.output.pdf import ReportPdf
    from reports.views.report_views import ReportView

_MOST_WATCHED = 12


def write_shortfalls(document: ReportPdf, view: ReportView) -> None:
    """Name the figures that are furthest from their targets; nothing where every target is reached.

    A community's report begins with its diagnosis, which says what is missing there.
    """
    failing = shortfalls(view) if view.level != "community" else []
    if failing:
        which = "; ".join(f"{_(each.indicator.name)}: {each.words}" for each in failing)
        notice(document, _("Ce nu merge. {which}.").format(which=which))


def write_watched(document: ReportPdf, view: ReportView) -> None:
    """List the communities that stand out: no report, vacancies, few plans, many refusals for lack of places."""
    rows = area_table(view, "community")
    reasons = [_reasons(row) for row in rows.to_dict("records")]
    # A share of few referrals is chance; the others are held against all (see `reports.views.ranking`).
    share_of = (rows["REF-NOPLACE"] / rows["REF"].where(rows["REF"] >= LEAST_BASE)).astype("float64")
    found = fences(share_of)
    for place, share in enumerate(share_of):
        if found is not None and share > found.high:
            reasons[place].append(
                _("{share} % din referiri refuzate pentru lipsă de locuri").format(share=number(100 * share))
            )
    order = sorted(range(len(rows)), key=lambda n: (-len(reasons[n]), collation_key(rows["name"].iloc[n])))
    chosen = [(str(rows["name"].iloc[n]), "; ".join(reasons[n])) for n in order if reasons[n]]
    if not chosen:
        return
    heading(
        document, _("Comunități de urmărit"), _("Cele la care cifrele perioadei cer o întrebare, cele mai multe întâi.")
    )
    table(document, [PdfColumn(_("Comunitatea"), 2.2), PdfColumn(_("De ce"), 4)], chosen[:_MOST_WATCHED])
    if len(chosen) > _MOST_WATCHED:
        paragraph(
            document, _("Și încă {n}; toate sunt în fișierul XLSX.").format(n=len(chosen) - _MOST_WATCHED), soft=True
        )


def _reasons(row: dict[Any, Any]) -> list[str]:
    found = []
    if row["RAP-DUE"] and row["RAP-FILED"] < row["RAP-DUE"]:
        missing = int(row["RAP-DUE"] - row["RAP-FILED"])
        found.append(ngettext("lipsește {n} raport lunar", "lipsesc {n} rapoarte lunare", missing).format(n=missing))
    vacant = [_(words) for who, words in _POSTS.items() if row[f"VAC-{who}"] == 1]
    if vacant:
        found.append(_("fără {who}").format(who=", ".join(vacant)))
    if row["PLAN-RATE"] is not None and row["PLAN-RATE"] < 0.75:  # noqa: PLR2004 - a quarter without a plan
        found.append(_("{share} % din persoane au plan").format(share=number(100 * row["PLAN-RATE"])))
    return found


_POSTS = {
    "SOC": N_("asistent social"),
    "MED": N_("asistent medical sau mediator sanitar"),
    "EDU": N_("consilier sau mediator școlar"),
}
