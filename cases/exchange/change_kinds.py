"""The kinds of changes that a telephone sends, and what each carries. docs/cases.md says the same in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cases.exchange import change_fields as f
from cases.exchange.change_fields import FieldCheck
from cases.exchange.exchange_errors import RefusedChangeError
from cases.rules.case_vocabulary import (
    ACTIVITIES,
    AGREED_HOW,
    AGREEMENTS,
    ASSESSMENT_KINDS,
    CAMPAIGN_KINDS,
    CRISIS_NEEDS,
    ENDINGS,
    ITEM_MEMBERS,
    MINUTES,
    PLACES,
    PLAN_KINDS,
    RELATIONS,
    RESULTS,
    SAID_LEVELS,
    SOURCES,
    STOPS,
    field_words,
    outcomes,
)
from core.i18n import _
from referrals.database.tables.field_campaign_tables import SUPPLIES
from referrals.records.vocabulary import PROFESSIONS

MOST_BODY = 16_000  # characters of JSON
_PEOPLE = {f"people_{band}": f.number(0, 40) for band in ("0_2", "3_5", "6_17", "18_64", "65")}
_WORD = {"word": f.text(200)}
_CASE = "case"
_HOUSEHOLD = "household"
_EITHER = "either"
_NONE = "none"
_CASE_OR_TEAM = "case or team"
_SHORT_DAYS = {"on_day": f.day}
_CAMPAIGN = {"campaign_id": f.identifier("L"), **_SHORT_DAYS}


@dataclass(frozen=True)
class ChangeKind:
    """What one kind of change is about and carries. is_set: it changes fields, which `base` is told of."""

    about: str  # case | household | either | none | case or team
    needed: Mapping[str, FieldCheck]
    may: Mapping[str, FieldCheck] = field(default_factory=dict)
    is_set: bool = False


_ITEM_SET: dict[str, FieldCheck] = {
    "due_on": f.day,
    "member": f.one_of(ITEM_MEMBERS),
    "account": f.account,
    "service_type": f.service_type,
}
_ITEM: dict[str, FieldCheck] = {
    "need": f.need,
    "action": f.text(120),
    "member": f.one_of(ITEM_MEMBERS),
    "due_on": f.day,
}
_CASE_SET: dict[str, FieldCheck] = {
    "household_id": f.identifier("H", or_none=True),
    "relation": f.one_of(RELATIONS),
    "locality_siruta": f.siruta,
    "born": f.born,
    "sex": f.one_of(("F", "M", "")),
    "owner": f.account,
    "level_said": f.one_of(SAID_LEVELS),
    "next_review": f.day_or_none,
    "note": f.text(500),
}


def _items(name: str, value: Any) -> list[dict[str, Any]]:
    """Check the items of a plan, each as `item.add` has it but for the plan."""
    if not isinstance(value, list) or len(value) > 60:  # noqa: PLR2004
        raise f.field_error(name, _("o listă de acțiuni"))
    kind = ChangeKind(_CASE, {"item_id": f.identifier("I"), **_ITEM}, {**_ITEM_SET, **_ITEM})
    return [tidy_body(kind, each) for each in value]


KINDS: dict[str, ChangeKind] = {
    "household.open": ChangeKind(_HOUSEHOLD, {}, {"locality_siruta": f.siruta, **_PEOPLE}),
    "household.set": ChangeKind(_HOUSEHOLD, {}, {"locality_siruta": f.siruta, **_PEOPLE}, is_set=True),
    "case.open": ChangeKind(
        _CASE,
        {"opened_on": f.day, "source": f.one_of(SOURCES)},
        {name: _CASE_SET[name] for name in _CASE_SET if name != "level_said"},
    ),
    "case.set": ChangeKind(_CASE, {}, {**_CASE_SET, "level_reason": f.text(200)}, is_set=True),
    "case.close": ChangeKind(
        _CASE,
        {"closed_on": f.day, "outcome": f.one_of(outcomes().keys())},
        {"reason": f.text(200), "items_reason": f.text(200), "findings_end": f.one_of(ENDINGS[:3])},
    ),
    "case.reopen": ChangeKind(_CASE, _SHORT_DAYS, _WORD),
    "case.join": ChangeKind(_CASE, {"into": f.identifier("C"), **_SHORT_DAYS}),
    "case.unjoin": ChangeKind(_CASE, _SHORT_DAYS),
    "move.offer": ChangeKind(_CASE, {"move_id": f.identifier("M"), "to_uat": f.number(1, 999_999), **_SHORT_DAYS}),
    "move.accept": ChangeKind(_CASE, {"move_id": f.identifier("M"), **_SHORT_DAYS}),
    "move.withdraw": ChangeKind(_CASE, {"move_id": f.identifier("M"), **_SHORT_DAYS}),
    "assessment.add": ChangeKind(
        _EITHER,
        {
            "assessment_id": f.identifier("A"),
            "kind": f.one_of(ASSESSMENT_KINDS),
            "on_day": f.day,
            "edition": f.edition,
            "answers": f.answers,
        },
        {
            "place": f.one_of(PLACES),
            "members": f.some_of(PROFESSIONS),
            "agreement": f.one_of(AGREEMENTS),
            "endings": f.endings(ENDINGS[:3]),
            "corrects": f.identifier("A", or_none=True),
        },
    ),
    "finding.add": ChangeKind(
        _CASE,
        {"finding_id": f.identifier("F"), "code": f.finding_code, **_SHORT_DAYS, **_WORD},
        {"edition": f.edition},
    ),
    "finding.end": ChangeKind(
        _CASE, {"finding_id": f.finding_id, "ending": f.one_of(ENDINGS[:3]), **_SHORT_DAYS}, _WORD
    ),
    "need.add": ChangeKind(_CASE, {"need": f.need, **_SHORT_DAYS}, {"priority": f.number(1, 5)}),
    "need.set": ChangeKind(_CASE, {"need": f.need}, {"priority": f.number(1, 5), "declined": f.flag}, is_set=True),
    "need.end": ChangeKind(_CASE, {"need": f.need, **_SHORT_DAYS}),
    "plan.add": ChangeKind(
        _CASE,
        {"plan_id": f.identifier("P"), "kind": f.one_of(PLAN_KINDS), **_SHORT_DAYS},
        {"goal": f.text(200), "review_on": f.day_or_none, "items": _items},
    ),
    "plan.set": ChangeKind(
        _CASE, {"plan_id": f.identifier("P")}, {"goal": f.text(200), "review_on": f.day_or_none}, is_set=True
    ),
    "plan.agree": ChangeKind(_CASE, {"plan_id": f.identifier("P"), "how": f.one_of(AGREED_HOW), **_SHORT_DAYS}),
    "item.add": ChangeKind(_CASE, {"item_id": f.identifier("I"), "plan_id": f.identifier("P"), **_ITEM}, {**_ITEM_SET}),
    "item.set": ChangeKind(_CASE, {"item_id": f.identifier("I")}, _ITEM_SET, is_set=True),
    "item.begin": ChangeKind(_CASE, {"item_id": f.identifier("I"), **_SHORT_DAYS}),
    "item.done": ChangeKind(_CASE, {"item_id": f.identifier("I"), **_SHORT_DAYS}, {"result": f.one_of(RESULTS)}),
    "item.not_done": ChangeKind(_CASE, {"item_id": f.identifier("I"), "reason": f.text(200), **_SHORT_DAYS}),
    "item.cancel": ChangeKind(_CASE, {"item_id": f.identifier("I"), "reason": f.text(200), **_SHORT_DAYS}),
    "item.refer": ChangeKind(_CASE, {"item_id": f.identifier("I"), "referral_id": f.text(20)}),
    "visit.add": ChangeKind(
        _EITHER,
        {"visit_id": f.identifier("V"), "members": f.some_of(PROFESSIONS), **_SHORT_DAYS},
        {
            "minutes": f.one_of(MINUTES),
            "place": f.one_of(PLACES),
            "found": f.flag,
            "services": f.service_codes,
            "items": f.item_ids,
            "next_on": f.day_or_none,
            "note": f.text(500),
        },
    ),
    "note.add": ChangeKind(_CASE, {"note_id": f.identifier("N"), "text": f.text(500), **_SHORT_DAYS}),
    "reading.add": ChangeKind(_CASE, {}),
    "remark.done": ChangeKind(_CASE_OR_TEAM, {"remark_id": f.identifier("R"), **_SHORT_DAYS}),
    "conflict.settle": ChangeKind(_EITHER, {"conflict_id": f.conflict_id, "choose": f.one_of(("kept", "other"))}),
    "activity.add": ChangeKind(
        _NONE,
        {
            "activity_id": f.identifier("T"),
            "kind": f.one_of(ACTIVITIES),
            "members": f.some_of(PROFESSIONS),
            **_SHORT_DAYS,
        },
        {"participants": f.number(0, 100_000)},
    ),
    "campaign.open": ChangeKind(
        _NONE,
        {"campaign_id": f.identifier("L"), "kind": f.one_of(CAMPAIGN_KINDS), **_SHORT_DAYS},
        {"households": f.household_ids},
    ),
    "campaign.add": ChangeKind(_HOUSEHOLD, _CAMPAIGN),
    "campaign.stop": ChangeKind(
        _HOUSEHOLD,
        {"stop_id": f.identifier("S"), "outcome": f.one_of(STOPS), **_CAMPAIGN},
        {
            "people": f.number(0, 40),
            "needs": f.some_of(CRISIS_NEEDS),
            **{name: f.number(0, 999) for name in SUPPLIES},
        },
    ),
    "campaign.close": ChangeKind(_NONE, _CAMPAIGN),
}


@dataclass(frozen=True)
class CaseChange:
    """One change as a device made it.

    Attributes
    ----------
    change_id
        Made by the device; the same change sent twice is one.
    device_no
        Its number on the device, from 1.
    kind
        One of KINDS.
    case_ref, household_id
        What it is about; "" = not about one.
    base
        Of a change of fields: the version of the row that the device saw; None = none.
    body
        What it carries, tidy.
    at_client
        By the clock of the device; shown, and trusted for nothing.
    """

    change_id: str
    device_no: int
    kind: str
    case_ref: str
    household_id: str
    base: int | None
    body: Mapping[str, Any]
    at_client: datetime


def tidy_body(kind: ChangeKind, body: object) -> dict[str, Any]:
    """Return what a change carries, each field as it is kept; RefusedChangeError for what may not stand in it."""
    if not isinstance(body, dict):
        raise RefusedChangeError(_("Schimbarea nu are conținut."))
    known = {**kind.needed, **kind.may}
    if foreign := sorted(str(name)[:30] for name in body.keys() - known.keys()):
        if not all(re.fullmatch(r"[a-z_]{1,30}", name) for name in foreign):
            foreign = ["?"]
        raise RefusedChangeError(
            _("Câmpul „{field}” nu se ține aici: dosarul are numai coduri, fără nume, CNP, telefon sau adresă.").format(
                field=foreign[0]
            )
        )
    if missing := sorted(kind.needed.keys() - body.keys()):
        raise RefusedChangeError(
            _("Lipsește câmpul „{field}”.").format(field=field_words().get(missing[0], missing[0]))
        )
    tidy = {name: known[name](name, value) for name, value in body.items()}
    if kind.is_set and not tidy.keys() - kind.needed.keys():
        raise RefusedChangeError(_("Schimbarea nu are conținut."))
    return tidy


def parse_change(values: Mapping[str, Any]) -> CaseChange:
    """Return a change of the JSON of an exchange, checked whole.

    Parameters
    ----------
    values
        As it came: `change_id`, `device_no`, `kind`, `case_ref` or `household_id`, `base`, `body`, `at`.

    Returns
    -------
    CaseChange
        Each field as it is kept.

    Raises
    ------
    RefusedChangeError
        Saying what may not be, or is missing.
    """
    kind = KINDS.get(str(values.get("kind", "")))
    if kind is None:
        raise RefusedChangeError(_("Felul schimbării nu este cunoscut. Actualizați pagina de teren."))
    case_ref, household_id = values.get("case_ref", ""), values.get("household_id", "")
    if not (case_ref == "" or f.is_identifier(case_ref, "C")):
        raise f.field_error("case_ref", _("un cod de forma {letter}-XXXXX-XXXXX").format(letter="C"))
    if not (household_id == "" or f.is_identifier(household_id, "H")):
        raise f.field_error("household_id", _("un cod de forma {letter}-XXXXX-XXXXX").format(letter="H"))
    expected = {
        "case": bool(case_ref) and not household_id,
        "household": bool(household_id) and not case_ref,
        "either": bool(case_ref) != bool(household_id),
        "none": not case_ref and not household_id,
        _CASE_OR_TEAM: not household_id,
    }
    if not expected[kind.about]:
        raise RefusedChangeError(_("Schimbarea trebuie să fie a unui caz sau a unei gospodării."))
    base = values.get("base")
    if base is not None and not (type(base) is int and 0 <= base < 10**6):
        raise f.field_error("base", _("un număr între {least} și {most}").format(least=0, most=10**6 - 1))
    body = values.get("body", {})
    if len(json.dumps(body, ensure_ascii=False, default=str)) > MOST_BODY:
        raise RefusedChangeError(_("Schimbarea este prea mare."))
    return CaseChange(
        change_id=f.identifier("K")("change_id", values.get("change_id")),
        device_no=f.number(1, 10**9)("device_no", values.get("device_no")),
        kind=str(values["kind"]),
        case_ref=str(case_ref),
        household_id=str(household_id),
        base=base,
        body=tidy_body(kind, body),
        at_client=_moment(values.get("at")),
    )


def _moment(value: object) -> datetime:
    found = read_moment(value)
    if found is None:
        raise f.field_error("at", _("un moment de forma 2026-10-12T10:11:12Z"))
    return found


def read_moment(value: object) -> datetime | None:
    """Return a moment that a telephone sent, in UTC; None where it is none, or says no time zone."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else None
    except OverflowError:  # the first or the last day of all
        return found.replace(tzinfo=UTC)
