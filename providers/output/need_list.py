"""The catalogue of needs for a terminal: all of them under their headings, or those that words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import UnknownCodeError
from core.i18n import _
from providers.rules import taxonomy
from providers.rules.need_search import NeedMatch, search
from providers.rules.needs import answer_rows, crosswalk, emergency_lines, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.rules.needs import Need


def matching(text: str) -> list[NeedMatch]:
    """Return the needs that words, a code of ours or a nurse's code mean, best first; all of them for no words.

    A code is sure. Raises UnknownCodeError where none fits, or where a nurse's code asks for no help.
    """
    typed = text.strip()
    if not typed:
        return [_named(each) for each in needs().values()]
    if typed.lower() in needs():
        return [_named(needs()[typed.lower()])]
    crossing = crosswalk().get(typed.upper())
    if crossing is not None and crossing.why_not:
        raise UnknownCodeError(
            _("Codul {code} nu cere un serviciu. {why}").format(code=crossing.code, why=_(crossing.why_not))
        )
    found = [_named(needs()[code]) for code in crossing.needs] if crossing else search(typed)
    if not found:
        raise UnknownCodeError(_("Nevoia „{text}” nu există.").format(text=typed))
    return found


def _named(need: Need) -> NeedMatch:
    return NeedMatch(need, 100.0, is_sure=True)


def need_lines(text: str = "") -> Iterator[str]:
    """Format the needs line by line; of one need, also who answers it and what to bring."""
    found = matching(text)
    group = ""
    for match in found:
        need = match.need
        if need.group != group:
            group = need.group
            yield _(group)
        because = " · " + _("după cuvintele: {words}").format(words=", ".join(match.words)) if match.words else ""
        yield f"  {_(need.name)}  [{need.need}]{because}"
    if len(found) == 1:
        yield from _told(found[0].need)


def _told(need: Need) -> Iterator[str]:
    for line in emergency_lines(need):
        yield f"    !! {line.phone}: {_(line.name)}"
    for answer in answer_rows(need.need):
        role = {"first": _("întâi"), "also": _("și"), "fallback": _("altfel")}[answer.role]
        name = _(taxonomy.service_type(answer.service_type).name)
        doubt = " · " + _("de confirmat") if answer.provenance.is_assumed else ""
        yield f"    {role}: {name}  [{answer.service_type}] · {answer.provenance.basis}{doubt}"
    if need.what_to_bring:
        yield "    " + _("Acte necesare: {what}").format(what=_(need.what_to_bring))


def needs_json(text: str = "") -> list[dict[str, Any]]:
    """Return the needs as JSON-ready data, each with its answers in order.

    `words` are the typed words that spoke for the need; `is_sure` says that it may be taken without asking.
    """
    return [
        {
            "need": need.need,
            "name": need.name,
            "group": need.group,
            "is_danger": need.is_danger,
            "is_sensitive": need.is_sensitive,
            "emergency_lines": [line.code for line in emergency_lines(need)],
            "what_to_bring": need.what_to_bring,
            "is_sure": match.is_sure,
            "score": round(match.score, 1),
            "words": list(match.words),
            "answers": [
                {
                    "service_type": row.service_type,
                    "role": row.role,
                    "basis": row.provenance.basis,
                    "checked_on": row.provenance.checked_on.isoformat(),
                    "certainty": "assumed" if row.provenance.is_assumed else "sure",
                    "settle_by": row.provenance.settle_by,
                }
                for row in answer_rows(need.need)
            ],
        }
        for match in matching(text)
        for need in (match.need,)
    ]
