"""Reports on paper at four levels: a nation, a region, a county, a community. Two to six pages each.

What a community's report says besides, its diagnosis, is `reports.documents.diagnosis`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import N_, _, ngettext, number, use_language
from core.resources import DATA
from core.storage.editions import EditionStore
from geo.spatial.crs import METRIC_CRS, to_metric
from providers.rules.travel_words import basis_words
from reports.disclosure.public_figures import NEVER_SHOWN
from reports.documents.diagnosis import write_diagnosis
from reports.documents.report_shortfalls import write_shortfalls, write_watched
from reports.indicators.indicators import Indicator, Level, indicator, indicators, targets
from reports.indicators.period import month_name
from reports.output import charts
from reports.output.pdf import (
    PdfColumn,
    ReportPdf,
    bullets,
    heading,
    key_figures,
    new_pdf,
    notice,
    paragraph,
    sources,
    table,
    to_bytes,
)
from reports.output.pdf_map import EMPTY, RAMP, PdfDot, PdfLegendKey, draw_map
from reports.output.xlsx import workbook
from reports.views.report_views import (
    BELOW,
    SIDE_BY_SIDE,
    ReportView,
    area_table,
    filed_table,
    format_value,
    month_table,
    short_month,
    state_words,
    target_share,
    target_words,
    unmet_table,
    workbook_sheets,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_KEYS = ("COMM", "BEN", "TEAM-FULL", "RAP-RATE", "REF", "REF-DONE", "REF-NOPLACE", "UNMET")
_STEPS = ("REF", "REF-ACC", "REF-DONE", "REF-DECL", "REF-EXP", "REF-CANC", "REF-BROKEN", "REF-OPEN")
_MOST_NEEDS, _MOST_FILED = 12, 24
_FEW, _MANY = 170, 250  # people a community: the range of the target BEN-AVG


@use_language("ro")
def report_pdf(view: ReportView, directory: Directory, *, reader: Actor | None = None) -> bytes:
    """Write a report on paper. reader: for whom; None = for whoever."""
    home = view.gathered.home
    document = new_pdf(
        title_of(view.level), f"{view.name} · {view.period.label()}", made_on=view.gathered.day, is_demo=home.is_demo
    )
    write_shortfalls(document, view)
    _key_figures(document, view)
    if view.is_public:
        notice(document, _("Numerele de persoane mai mici decât 5 nu se arată, nici cele din care s-ar putea afla."))
    if view.level == "community":
        write_diagnosis(document, view, directory, reader=reader)
    else:
        _in_short(document, view)
        _map(document, view)
    _referrals(document, view)
    if view.level != "community":
        _areas(document, view)
        write_watched(document, view)
    _unmet(document, view)
    _indicators(document, view)
    _filed(document, view)
    sources(document, _source_lines(view))
    return to_bytes(document)


@use_language("ro")
def report_xlsx(view: ReportView) -> bytes:
    """Write a report as a workbook."""
    gathered = view.gathered
    return workbook(
        workbook_sheets(view),
        title=f"{title_of(view.level)}: {view.name}, {view.period.label()}",
        made_on=gathered.day,
        is_demo=gathered.home.is_demo,
        sources=_source_lines(view),
    )


def title_of(level: Level) -> str:
    """Name a kind of report."""
    return {
        "national": _("Raport național"),
        "region": _("Raport regional"),
        "county": _("Raport județean"),
        "community": _("Raportul și diagnoza comunității"),
    }[level]


def _source_lines(view: ReportView) -> list[str]:
    lines = [*view.gathered.sources]
    lines.append(
        _("Cifrele unei comunități sunt ultimele spuse până la sfârșitul perioadei. Mediile se calculează din sume.")
    )
    lines.append(
        _("Serviciile la îndemână și licențele sunt cele din ziua întocmirii; minutele, cu mașina, {basis}.").format(
            basis=basis_words(view.gathered.travel)
        )
    )
    used = [one for one in indicators().values() if one.code in {*_KEYS, *SIDE_BY_SIDE}]
    lines += [f"{one.name}: {one.definition}" for one in used]
    return lines


def _key_figures(document: ReportPdf, view: ReportView) -> None:
    here = view.own_values()
    figures = []
    for code in _KEYS:
        one = indicator(code)
        note = one.unit if not one.is_share else ""
        share = target_share(one, here[code]) if view.level == "national" else None
        if share is not None:
            note = _("țintă {target} · {share}").format(
                target=target_words(one)[0], share=_reached_words(one, here[code], share)
            )
        figures.append((one.name, format_value(one, here[code], hidden=view.is_hidden(code)), note))
    key_figures(document, figures)


def _in_short(document: ReportPdf, view: ReportView) -> None:
    here, gathered = view.own_values(), view.gathered
    inside = gathered.within(view.level, view.area)
    counties = inside["county"].nunique()
    heading(document, _("Pe scurt"))
    count = ngettext("{n} comunitate", "{n} comunități", len(inside)).format(n=len(inside))
    where = ngettext("un județ", "{n} județe", counties).format(n=counties)
    lines = [_("Raportul cuprinde {communities} din {counties}.").format(communities=count, counties=where)]
    vacant = [(indicator(f"VAC-{who}"), here[f"VAC-{who}"]) for who in ("SOC", "MED", "EDU")]
    missing = [f"{one.name.split(': ')[1]} – {number(value)}" for one, value in vacant if value]
    if missing:
        lines.append(_("Posturi vacante: {which}.").format(which="; ".join(missing)))
    due, filed = here["RAP-DUE"], here["RAP-FILED"]
    if due:
        lines.append(_("Rapoarte lunare depuse: {filed} din {due}.").format(filed=number(filed or 0), due=number(due)))
    if here["WAIT-HOURS"] is not None:
        lines.append(
            _(
                "De la referire trec în medie, în ore, până la acceptare: {hours}; în zile, până la încheiere: {days}."
            ).format(hours=number(here["WAIT-HOURS"]), days=format_value(indicator("DONE-DAYS"), here["DONE-DAYS"]))
        )
    covered = [(_(name), here[f"COV-{code}"] or 0) for code, name in _GROUP_WORDS.items()]
    lines.append(
        _("Au un serviciu deschis la cel mult 30 de minute: {which}.").format(
            which="; ".join(
                f"{name} – {ngettext('{n} comunitate', '{n} comunități', int(value)).format(n=number(value))}"
                for name, value in covered
            )
        )
    )
    bullets(document, lines)


_GROUP_WORDS = {
    "SOC": N_("sociale"),
    "MED": N_("medicale"),
    "EDU": N_("educaționale"),
    "EMP": N_("de ocupare"),
}


def _map(document: ReportPdf, view: ReportView) -> None:
    shapes, tall = _shapes(view), 86.0
    if not len(shapes):
        return
    heading(document, _("Pe hartă"), _("Persoane înregistrate în fiecare comunitate."), room=tall + 32)
    values = view.of("community")
    people = values[values["indicator"] == "BEN"].set_index("area")
    inside = view.gathered.within(view.level, view.area)
    xy = to_metric(inside["lat"].to_numpy(), inside["lon"].to_numpy())
    small = view.level == "county"
    dots = []
    for place, row in enumerate(inside.itertuples()):
        value = people["value"].get(str(row.uat_siruta))
        fill = _dot_colour(value)
        dots.append(
            PdfDot(
                float(xy[place][0]), float(xy[place][1]), fill, 1.6 if small else 1.15, str(row.name) if small else ""
            )
        )
    legend = [
        PdfLegendKey(RAMP[1], _("sub {n} de persoane").format(n=_FEW), is_dot=True),
        PdfLegendKey(RAMP[2], _("{least}–{most}").format(least=_FEW, most=_MANY), is_dot=True),
        PdfLegendKey(RAMP[3], _("peste {n}").format(n=_MANY), is_dot=True),
        PdfLegendKey((255, 255, 255), _("nu se știe sau nu se arată"), is_dot=True),
    ]
    draw_map(document, [(shape, EMPTY) for shape in shapes], dots, legend=legend, tall=tall)
    if EditionStore(view.gathered.home).current("boundaries") is None or view.gathered.home.is_demo:
        paragraph(document, _("Limitele sunt aproximative: cele oficiale nu au fost importate."), soft=True)


def _dot_colour(value: Any) -> tuple[int, int, int]:
    if value is None or pd.isna(value):
        return (255, 255, 255)
    return RAMP[1] if value < _FEW else RAMP[2] if value <= _MANY else RAMP[3]


def _shapes(view: ReportView) -> Sequence[Any]:
    """Return the outlines to draw: counties for a nation, UATs for less, in METRIC_CRS."""
    import geopandas as gpd

    from geo.layers.boundary_shapes import dissolve_counties

    edition = EditionStore(view.gathered.home).current("boundaries")
    layer = edition.layer("map") if edition else gpd.read_parquet(DATA / "atlas" / "areas_approximate.parquet")
    if "county" not in layer:
        return []
    if view.level == "national":
        layer = dissolve_counties(layer)
    else:
        counties = set(view.gathered.within(view.level, view.area)["county"])
        layer = layer[layer["county"].isin(counties)]
        if view.level == "region":
            layer = dissolve_counties(layer)
    return list(layer.to_crs(METRIC_CRS).geometry)


def _referrals(document: ReportPdf, view: ReportView) -> None:
    months = month_table(view, most=6 if view.is_public else 12)
    heading(
        document,
        _("Referiri"),
        _("Făcute în fiecare lună, iar dedesubt ce s-a întâmplat cu cele din perioadă."),
        room=62,
    )
    labels = [short_month(month) for month in months["month"]]
    charts.columns(document, labels, [None if pd.isna(v) else float(v) for v in months["REF"]], tall=28)
    here = view.own_values()
    charts.funnel(document, [(indicator(code).name, here[code]) for code in _STEPS])
    lacking = format_value(indicator("REF-NOPLACE"), here["REF-NOPLACE"], hidden=view.is_hidden("REF-NOPLACE"))
    paragraph(document, _("Refuzate pentru lipsă de locuri: {n}.").format(n=lacking))


def _areas(document: ReportPdf, view: ReportView) -> None:
    level = BELOW[view.level]
    _area_list(document, view, level)
    if view.level == "national":
        _area_list(document, view, "county")


def _area_list(document: ReportPdf, view: ReportView, level: Level) -> None:
    names = {"region": _("Pe regiuni"), "county": _("Pe județe"), "community": _("Pe comunități")}
    heading(document, names[level])
    rows = area_table(view, level)
    columns = [PdfColumn({"region": _("Regiunea"), "county": _("Județul"), "community": _("Comunitatea")}[level], 3.0)]
    if level != "community":
        columns.append(PdfColumn(_("Comunități"), 1.5, "R"))
    short = {
        "BEN": _("Persoane"), "EVAL-RATE": _("Evaluate"), "RAP-RATE": _("Rapoarte depuse"), "REF": _("Referiri"),
        "REF-DONE": _("Încheiate"), "REF-NOPLACE": _("Fără loc"), "UNMET": _("Nevoi fără răspuns"),
    }  # fmt: skip
    columns += [PdfColumn(short[code], 1.25, "R") for code in SIDE_BY_SIDE]
    lines = []
    for row in rows.to_dict("records"):
        line = [str(row["name"]).removeprefix(_("Județul ")).split(_(", județul"))[0]]
        if level != "community":
            line.append(number(row["communities"]))
        line += [
            format_value(indicator(c), row[c], hidden=view.is_hidden(c, level, str(row["area"]))) for c in SIDE_BY_SIDE
        ]
        lines.append(line)
    here = view.own_values()
    total = [_("Total")]
    if level != "community":
        total.append(number(len(view.gathered.within(view.level, view.area))))
    total += [format_value(indicator(code), here[code], hidden=view.is_hidden(code)) for code in SIDE_BY_SIDE]
    table(document, columns, [*lines, total], size=8, last_is_total=True)


def _unmet(document: ReportPdf, view: ReportView) -> None:
    rows = unmet_table(view)
    if rows.empty:
        return
    heading(document, _("Nevoi fără răspuns"), _("De câte ori cineva nu a găsit loc, după nevoie."))
    shown = rows.head(_MOST_NEEDS)
    lines = [(str(name), number(count)) for name, count in zip(shown["name"], shown["unmet"], strict=True)]
    rest = int(rows["unmet"].iloc[_MOST_NEEDS:].sum())
    if rest:
        lines.append((_("celelalte nevoi"), number(rest)))
    lines.append((_("Total"), number(int(rows["unmet"].sum()))))
    table(document, [PdfColumn(_("Nevoia"), 4), PdfColumn(_("De câte ori"), 1, "R")], lines, last_is_total=True)


def _indicators(document: ReportPdf, view: ReportView) -> None:
    heading(document, _("Indicatori"))
    here, national = view.own_values(), view.level == "national"
    columns = [PdfColumn(_("Indicator"), 4.2), PdfColumn(_("Valoare"), 1.1, "R")]
    if national:
        columns += [
            PdfColumn(_("Țintă"), 1.5, "R"),
            PdfColumn(_("Atins"), 0.9, "R"),
            PdfColumn(_("Altă țintă"), 1.1, "R"),
        ]
    lines = []
    for one in indicators().values():
        if one.level == "nation" and not national:
            continue
        if (one.level == "county" and view.level == "community") or (view.is_public and one.code in NEVER_SHOWN):
            continue
        line = [one.name, format_value(one, here[one.code], hidden=view.is_hidden(one.code))]
        if national:
            words, share = target_words(one), target_share(one, here[one.code])
            line += [words[0] if words else "", _reached_words(one, here[one.code], share)]
            line.append(words[1] if len(words) > 1 else "")
        lines.append(line)
    table(document, columns, lines, size=8)
    if national:
        paragraph(
            document,
            _("„Altă țintă” este cea din al doilea document, unde documentele proiectului nu se potrivesc."),
            soft=True,
        )


def _reached_words(one: Indicator, value: float | None, share: float | None) -> str:
    """Say how much of a target is reached; of a range, whether the value lies in it."""
    if share is None or value is None:
        return ""
    most = targets()[one.code][0].most
    if most is None or share < 1:
        return f"{number(100 * share)} %"
    return _("în interval") if value <= most else _("peste")


def _filed(document: ReportPdf, view: ReportView) -> None:
    if view.level not in ("county", "community"):
        return
    rows = filed_table(view)
    if rows.empty:
        return
    heading(document, _("Rapoarte lunare"))
    if len(rows) > _MOST_FILED:
        accepted = rows["state"] == state_words("accepted")
        words = _("{accepted} din {all} sunt acceptate; mai jos, celelalte. Toate sunt în fișierul XLSX.")
        paragraph(document, words.format(accepted=number(int(accepted.sum())), all=number(len(rows))))
        rows = rows[~accepted].sort_values("month", ascending=False, kind="stable")
    lines = [
        (str(name), f"{month_name(month)} {month[:4]}", state, remark)
        for name, month, state, remark in zip(rows["name"], rows["month"], rows["state"], rows["remark"], strict=True)
    ]
    if not lines:
        return
    columns = [
        PdfColumn(_("Comunitatea"), 2),
        PdfColumn(_("Luna"), 1.3),
        PdfColumn(_("Stare"), 1),
        PdfColumn(_("Observații"), 3),
    ]
    table(document, columns, lines[:_MOST_FILED], size=8)
    if len(lines) > _MOST_FILED:
        paragraph(document, _("Și încă {n}, mai vechi.").format(n=number(len(lines) - _MOST_FILED)), soft=True)
