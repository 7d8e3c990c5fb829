"""Referrals: made once whatever is repeated, read and taken further within the area of the token.

A referral of another area is not there: whether it exists is nobody's business. Numbers and codes of cases stand in
addresses and lists as the ledger makes them; nothing else of a person does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandas as pd
from fastapi import Header, Path, Query
from pydantic import AwareDatetime

from api.programs.cursors import LONGEST, cursor_to, key_of
from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.v1 import shapes
from core.errors import NotAllowedError
from providers.finder.query_parsing import parse_query
from providers.rules import protected_keys
from referrals.records.ledger_errors import UnknownReferralError
from referrals.records.vocabulary import ReferralState
from referrals.workflow import referral_offers
from referrals.workflow.terminal import facts_of

if TYPE_CHECKING:
    from api.programs.callers import Call

_FIRST_CONSENT = datetime(2020, 1, 1, tzinfo=UTC)
_MOMENTS = ["made_at", "examined_at", "accepted_at", "started_at", "closed_at"]
_MOST = 200
_Number = Annotated[str, Path(pattern=r"^R-[0-9A-Za-z]{1,17}$", description="Number of the referral")]
_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,128}$",
        description="The same for every try of one request; the answer of the first is given again",
    ),
]


def _make_referral(call: CallOf, asked: shapes.ReferralRequestBody, idempotency_key: _Key = None) -> Answered:
    """Refer a person to a service: a place is held where it can be, else it is asked for."""
    if idempotency_key is None:
        raise ProblemError("idempotency-key-needed")
    if asked.consent_at is not None and asked.consent_at < _FIRST_CONSENT:
        raise ProblemError("invalid", {"errors": [{"at": ["body", "consent_at"], "code": "too_early"}]})
    service_id = call.open_service(asked.service_id)
    if service_id is None:
        raise ProblemError("not-offered")
    query = parse_query(
        call.snapshot.gazetteer,
        place=asked.place,
        needs=(asked.need,),
        age=asked.age,
        sex=asked.sex,
        groups=asked.groups,
        near=call.token.county or None,
    )
    made = referral_offers.refer(
        call.directory,
        service_id,
        query,
        actor=call.actor,
        basis=asked.basis,
        consent_at=asked.consent_at,
        case_ref=asked.case_ref or None,
        note=asked.note,
        replaces=asked.replaces,
        second_place=asked.second_place,
        idempotency_key=_own_key(call, idempotency_key),
    )
    where = {"Location": f"/api/v1/referrals/{made.referral_id}"}
    return Answered(facts_of(made), 201, where)


def _list_referrals(
    call: CallOf,
    changed_after: Annotated[AwareDatetime | None, Query(description="Changed later than this moment")] = None,
    state: Annotated[list[ReferralState] | None, Query(max_length=9)] = None,
    after: Annotated[str | None, Query(max_length=LONGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
) -> Answered:
    """List the referrals of the token's area by when each last changed, the oldest change first."""
    table = call.directory.ledger.referrals(actor=call.actor, states=tuple(state or ()))
    rows = []
    for row in table.to_dict("records"):
        facts: dict[str, Any] = {str(name): _plain(value) for name, value in row.items()}
        facts["service_id"] = protected_keys.public_form(facts["service_id"])
        facts["changed_at"] = max(facts[name] for name in _MOMENTS if facts[name])
        rows.append(facts)
    rows.sort(key=_order)
    if changed_after is not None and changed_after >= _FIRST_CONSENT:
        rows = [row for row in rows if datetime.fromisoformat(row["changed_at"]) > changed_after]
    if after:
        key = key_of(after)
        rows = [row for row in rows if "|".join(_order(row)) > key]
    shown = rows[:limit]
    onward = cursor_to("|".join(_order(shown[-1]))) if len(rows) > limit else None
    return Answered({"referrals": shown, "next": onward})


def _show_referral(call: CallOf, referral_id: _Number) -> Answered:
    """Show a referral; the reading stands in the trail."""
    with _not_there():
        return Answered(facts_of(call.directory.ledger.referral(referral_id.upper(), actor=call.actor)))


def _take_step(
    call: CallOf,
    referral_id: _Number,
    step: Annotated[Literal["accept", "examine", "decline", "start", "complete", "break_off"], Path()],
    body: shapes.StepRequestBody | None = None,
    idempotency_key: _Key = None,
) -> Answered:
    """Answer a referral, or note how it went on."""
    return _stepped(call, referral_id, step, body, idempotency_key)


def _cancel_referral(
    call: CallOf, referral_id: _Number, body: shapes.StepRequestBody | None = None, idempotency_key: _Key = None
) -> Answered:
    """Take a referral back; its place is free again."""
    return _stepped(call, referral_id, "cancel", body, idempotency_key)


def _stepped(call: Call, number: str, step: str, body: shapes.StepRequestBody | None, key: str | None) -> Answered:
    with _not_there():
        after = call.directory.ledger.transition(
            number.upper(), step, reason=body.reason if body else "", actor=call.actor, key=_own_key(call, key)
        )
    return Answered(facts_of(after))


@contextmanager
def _not_there() -> Iterator[None]:
    """Say of what is another area's the same as of what does not exist; the attempt is in the audit log."""
    try:
        yield
    except (NotAllowedError, UnknownReferralError):
        raise ProblemError("not-found") from None


def _own_key(call: Call, key: str | None) -> str:
    """Return the ledger's key for a program's: two programs that choose the same one do not meet."""
    return f"{call.token.token_id}:{hashlib.sha256(key.encode()).hexdigest()}" if key else ""


def _order(row: dict[str, Any]) -> tuple[str, str]:
    return row["changed_at"], row["referral_id"]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return None if pd.isna(value) else value.astimezone(UTC).isoformat(timespec="microseconds")
    if value is None or (not isinstance(value, (str, bool)) and pd.isna(value)):
        return None
    return value if isinstance(value, (str, bool)) else int(value)


_BOTH = ("refer", "answer")
OPERATIONS = (
    Operation(
        "make_referral", "POST", "/referrals", _make_referral, ("refer",), shapes.ReferralResponse,
        "Refer a person", status=201,
    ),
    Operation("list_referrals", "GET", "/referrals", _list_referrals, _BOTH, shapes.Referrals, "Referrals of the area"),
    Operation(
        "show_referral", "GET", "/referrals/{referral_id}", _show_referral, _BOTH, shapes.ReferralResponse,
        "One referral",
    ),
    Operation(
        "cancel_referral", "POST", "/referrals/{referral_id}/cancel", _cancel_referral, ("refer",),
        shapes.ReferralResponse, "Take a referral back",
    ),
    Operation(
        "take_step", "POST", "/referrals/{referral_id}/{step}", _take_step, ("answer",), shapes.ReferralResponse,
        "Answer a referral, and what follows",
    ),
)  # fmt: skip
