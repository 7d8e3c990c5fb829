"""One case in words, for whoever may read it: by its codes, in the language of the screen. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.record.record_exchange import instruments_of
from cases.rules.case_vocabulary import case_state_label, item_state_label, level_label, member_label, outcomes
from core.i18n import _, language
from providers.rules.needs import need_name
from providers.rules.wording import iso_day
from referrals.records.vocabulary import state_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.storage.home import Home

Line = tuple[str, str]  # what, and what is said of it


@dataclass(frozen=True)
class CaseSheet:
    """A case as a sheet.

    Attributes
    ----------
    case_ref
        Its code.
    facts
        Name and value of what is set of the case itself.
    parts
        Headings, each with its lines: findings, needs, the plan, visits, notes, remarks.
    """

    case_ref: str
    facts: tuple[Line, ...]
    parts: tuple[tuple[str, tuple[Line, ...]], ...]


def sheet_of(case: Mapping[str, Any], home: Home) -> CaseSheet:
    """Say a case in words.

    Parameters
    ----------
    case
        As `read_case` gives it: without what its reader may not see.
    home
        Whose editions of the instrument name findings and actions.

    Returns
    -------
    CaseSheet
        Codes that no edition names stay codes.
    """
    named = _words_of_codes(case, home)
    ended = outcomes()
    level = case["level_said"] or case["level"]
    facts = (
        (_("Starea"), case_state_label(case["state"])),
        (_("Nivelul"), level_label(level)),
        (_("Deschis"), iso_day(case["opened_on"])),
        (_("Născut"), str(case["born"])),
        (_("Reevaluare"), iso_day(case["next_review"] or "")),
        (_("Închis"), iso_day(case["closed_on"])),
        (_("Cum s-a încheiat"), ended[case["outcome"]].words if case["outcome"] in ended else ""),
        (_("Nota"), str(case["note"])),
    )
    parts = (
        (_("Constatări"), _findings(case["findings"], named)),
        (_("Nevoi"), _needs(case["needs"])),
        (_("Plan"), _plans(case["plans"])),
        (_("Acțiuni"), _items(case["items"], named)),
        (_("Vizite"), _visits(case["visits"])),
        (_("Note"), tuple((iso_day(each["on_day"]), str(each["text"])) for each in case["notes"])),
        (_("Observații ale supervizorului"), _remarks(case["remarks"])),
    )
    return CaseSheet(
        str(case["case_ref"]), tuple(line for line in facts if line[1]), tuple(part for part in parts if part[1])
    )


def _words_of_codes(case: Mapping[str, Any], home: Home) -> dict[str, str]:
    instrument_of = instruments_of(home)
    named: dict[str, str] = {}
    for edition in sorted({"", *(each["edition"] for each in case["assessments"])}):
        instrument = instrument_of(edition)
        if instrument is None:
            continue
        for code, words in (
            *((rule.code, rule.label) for rule in instrument.rules),
            *((action.amc_service, action.words) for action in instrument.actions if action.amc_service),
        ):
            if words:
                named[code] = instrument.english.get(words, words) if language() == "en" else words
    return named


def _findings(found: Iterable[Mapping[str, Any]], named: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(
        (
            named.get(each["code"], each["code"]),
            _("din {first} până la {last}").format(first=iso_day(each["opened_on"]), last=iso_day(each["ended_on"]))
            if each["ended_on"]
            else _("din {first}").format(first=iso_day(each["opened_on"])),
        )
        for each in found
    )


def _needs(listed: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        (
            need_name(each["need"]),
            _("încheiată la {day}").format(day=iso_day(each["ended_on"]))
            if each["ended_on"]
            else _("nu dorește ajutor")
            if each["declined"]
            else _("prioritatea {n}").format(n=each["priority"]),
        )
        for each in listed
    )


def _plans(plans: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        (
            _("Planul {n}").format(n=each["number"]),
            " · ".join(
                filter(
                    None,
                    (
                        str(each["goal"]),
                        _("agreat la {day}").format(day=iso_day(each["agreed_on"]))
                        if each["agreed_on"]
                        else _("ciornă"),
                        _("de reevaluat până la {day}").format(day=iso_day(each["review_on"]))
                        if each["review_on"]
                        else "",
                    ),
                )
            ),
        )
        for each in plans
    )


def _items(items: Iterable[Mapping[str, Any]], named: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(
        (
            named.get(each["action"], each["action"]) or _("acțiune pentru o nevoie sensibilă"),
            " · ".join(
                filter(
                    None,
                    (
                        member_label(each["member"]),
                        item_state_label(each["state"]),
                        _("termen {day}").format(day=iso_day(each["due_on"])),
                        state_label(each["referral_state"]) if each["referral_state"] else "",
                    ),
                )
            ),
        )
        for each in items
    )


def _visits(visits: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        (
            iso_day(each["on_day"]),
            " · ".join(
                filter(
                    None,
                    (
                        ", ".join(member_label(member) for member in each["members"]),
                        "" if each["found"] else _("nu a fost găsit"),
                        str(each["note"]),
                    ),
                )
            ),
        )
        for each in visits
    )


def _remarks(remarks: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        (
            _("așteaptă") if each["state"] == "open" else _("văzută"),
            " · ".join(
                filter(
                    None,
                    (
                        str(each["remark"]),
                        _("până la {day}").format(day=iso_day(each["due_on"])) if each["due_on"] else "",
                    ),
                )
            ),
        )
        for each in remarks
    )
