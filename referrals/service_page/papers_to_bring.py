"""What to bring to a service: the papers of the needs that its type answers first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from providers.rules import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PAPERS = 4  # lists of papers, where the needs that a service answers ask for different ones


def papers_by_need(service_type: str) -> dict[str, list[str]]:
    """Return the papers of the needs that a type answers first.

    Parameters
    ----------
    service_type
        Code of the type.

    Returns
    -------
    dict of str to list of str
        What to bring, in Romanian as the table has it, to the codes of the needs that ask for it; in the order of the
        needs.
    """
    asked: dict[str, list[str]] = {}
    known = needs.needs()
    for need, rows in needs.need_answers().items():
        bring = known[need].what_to_bring
        if bring and any(each.service_type == service_type and each.role == "first" for each in rows):
            asked.setdefault(bring, []).append(need)
    return asked


def paper_facts(service_type: str) -> Iterator[tuple[str, str]]:
    """List what to bring: once where all needs that a type answers first ask for the same, else for each.

    Parameters
    ----------
    service_type
        Code of the type.

    Yields
    ------
    tuple of str
        Name of the fact, and what to bring.
    """
    asked, known = papers_by_need(service_type), needs.needs()
    for bring, codes in list(asked.items())[:_MOST_PAPERS]:
        names = ", ".join(_(known[need].name) for need in codes)
        yield _("Acte") if len(asked) == 1 else _("Acte: {needs}").format(needs=names), _(bring)
    if (more := len(asked) - _MOST_PAPERS) > 0:
        text = ngettext(
            "Pentru încă {n} nevoie întrebați la telefon.", "Pentru alte {n} nevoi întrebați la telefon.", more
        )
        yield _("Alte acte"), text.format(n=more)
