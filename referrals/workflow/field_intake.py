"""Reports from the field as a screen or a terminal makes them: of a service of the catalogue, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.exporting import write_csv
from core.i18n import _
from providers.rules.wording import places_words
from referrals.field import corrected_catalogue, field_reports, reopened_reports, unanswered_calls, withdrawn_reports
from referrals.records.vocabulary import status_label
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from referrals.field.field_reports import FieldReport
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory


def report_wrong(
    directory: Directory, service_id: str, *, what: str, actor: Actor, value: str = "", note: str = ""
) -> FieldReport:
    """Report that a service's telephone is wrong, that it moved or that it is gone: one tap.

    value: the right telephone, or where it is now, if known. Raises UnknownCodeError for a service that the
    catalogue does not know, BadReportError, PersonalDataError, NotAllowedError, UnknownPlaceError.
    """
    key = directory.key_for(service_id, actor=actor, permission="field.report")
    service = directory.published().service(key)
    right = corrected_catalogue.validate_value(what, value, service, directory.gazetteer)
    fact = corrected_catalogue.doubted(service, what, key=key)
    return field_reports.report(directory.ledger, fact, what=what, actor=actor, value=right, note=note)


CALLED = "telefon"  # source of what was told on the telephone
NO_ANSWER, WRONG_NUMBER = "no_answer", "wrong_number"  # what a call may tell beside places
CALL_OUTCOMES = (NO_ANSWER, WRONG_NUMBER)


def outcome_label(outcome: str) -> str:
    """Return in words what a call that told nothing of places told."""
    return {NO_ANSWER: _("nu a răspuns nimeni"), WRONG_NUMBER: _("numărul este greșit")}[outcome]


@dataclass(frozen=True)
class CallNoted:
    """What a call told, as it was noted; `take_back` takes it back for a while.

    Attributes
    ----------
    words
        What was noted, in a sentence.
    report_id
        Of the report of places; 0 where the call told nothing of them.
    unanswered
        The service where nobody answered; "" where somebody did.
    """

    words: str
    report_id: int = 0
    unanswered: str = ""

    @property
    def may_be_taken_back(self) -> bool:
        """Whether there is a note to take back."""
        return bool(self.report_id or self.unanswered)


def note_places(
    directory: Directory, service_id: str, *, status: str, free: int | None, actor: Actor, key: str = ""
) -> CallNoted:
    """Note what somebody said on the telephone of the places of a service.

    Parameters
    ----------
    directory
        Where the service is.
    service_id
        Its key (`Directory.key_for`).
    status
        `free`, or the word that stands for a number.
    free
        Places free; None where the word says no number.
    actor
        Who called.
    key
        Makes a form sent twice one note; "" = none.

    Returns
    -------
    CallNoted
        What was noted.

    Raises
    ------
    BadReportError
        Where number and word contradict each other, or the note of this key was taken back.
    NotAllowedError
        Where the actor may not report places.
    """
    word = None if status == "free" else status
    service_key = directory.key_for(service_id, actor=actor, permission="capacity.report")
    made = directory.ledger.report_capacity(
        service_key, places_free=free, status=word, source=CALLED, actor=actor, key=key
    )
    words = places_words(free) if status == "free" and free else status_label("full" if free == 0 else status)
    return CallNoted(_("Am notat: {words}, azi.").format(words=words), made.report_id)


def note_call(directory: Directory, service_id: str, *, outcome: str, actor: Actor, key: str = "") -> CallNoted:
    """Note a call that told nothing of places, and say what was noted.

    That nobody answered stands in the audit log and changes no place; a wrong number is the report of `report_wrong`.
    outcome: one of CALL_OUTCOMES. key: makes a form sent twice one call. Raises what these raise.
    """
    if outcome == WRONG_NUMBER:
        report_wrong(directory, service_id, what="phone", actor=actor)
        words = _("Mulțumim. Sesizarea a fost transmisă: {what}.").format(what=field_reports.what_label("phone"))
        return CallNoted(words)
    service_key = directory.key_for(service_id, actor=actor, permission="capacity.report")
    unanswered_calls.note_unanswered(directory.ledger, service_key, actor=actor, key=key)
    return CallNoted(unanswered_noted(), unanswered=service_id)


def take_back(directory: Directory, *, report_id: int = 0, unanswered: str = "", actor: Actor) -> str:
    """Take back what was noted of a call a moment ago, and say so.

    report_id, unanswered: of the `CallNoted`. Raises what `withdraw_report` and `take_back_unanswered` raise.
    """
    if not unanswered:
        withdrawn_reports.withdraw_report(directory.ledger, report_id, actor=actor)
        return _("Nota a fost anulată: locurile sunt cum erau înainte.")
    key = directory.key_for(unanswered, actor=actor, permission="capacity.report")
    unanswered_calls.take_back_unanswered(directory.ledger, key, actor=actor)
    return call_taken_back()


def call_taken_back() -> str:
    """Return in words that a call without an answer was taken back."""
    return _("Nota a fost anulată: apelul nu se mai numără.")


def unanswered_noted() -> str:
    """Return in words that a call without an answer was noted."""
    return _("Am notat că nu a răspuns nimeni. Locurile rămân cum erau.")


def unanswered_line(directory: Directory, service_id: str, *, actor: Actor) -> str:
    """Return how often nobody answered there lately; empty where that was never. Raises what `key_for` raises."""
    key = directory.key_for(service_id, actor=actor, permission="capacity.report")
    calls = unanswered_calls.recent_unanswered(directory.ledger, key)
    return unanswered_calls.unanswered_words(calls, moment_words(calls.last))


def settle(directory: Directory, report_id: int, *, accept: bool, actor: Actor, value: str = "") -> FieldReport:
    """Accept a report, with the right telephone or place where it is known now, or reject it."""
    found = field_reports.by_id(directory.ledger, report_id)
    right = None
    if value.strip():
        right = corrected_catalogue.validate_value(
            found.what, value, directory.published().service(found.service_id), directory.gazetteer
        )
    return field_reports.settle(directory.ledger, report_id, accept=accept, actor=actor, value=right)


def undo_settling(directory: Directory, report_id: int, *, actor: Actor) -> str:
    """Take a decision of a moment ago back, and say so. Raises what `reopen` raises."""
    reopened_reports.reopen(directory.ledger, report_id, actor=actor)
    return _("Decizia a fost anulată: semnalul așteaptă din nou.")


def queue(directory: Directory, *, actor: Actor, county: str = "", state: str = "") -> list[dict[str, Any]]:
    """List reports as JSON-ready lines, those to settle first; `name` is empty where the service is gone."""
    states = (state,) if state else field_reports.STATES
    return [
        line(directory, each)
        for each in field_reports.listed(directory.ledger, actor=actor, county=county, states=states)
    ]


def line(directory: Directory, report: FieldReport) -> dict[str, Any]:
    """Return a report as a JSON-ready line, with the service's name."""
    catalogue = directory.snapshot().catalogue
    row = catalogue.position.get(report.service_id)
    return {
        "report_id": report.report_id,
        "service_id": report.service_id,
        "name": "" if row is None else str(catalogue.cell("name", row)),
        "county": report.county,
        "what": report.what,
        "value": report.value,
        "note": report.note,
        "state": report.state,
        "reported_at": report.reported_at.isoformat(),
        "settled_at": report.settled_at.isoformat() if report.settled_at else None,
    }


def queue_lines(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Format a queue line by line: number, what, of which service, state."""
    if not lines:
        yield _("Nicio sesizare din teren.")
    for each in lines:
        sentence = " · ".join(
            text
            for text in (
                field_reports.what_label(each["what"]),
                each["value"],
                each["name"] or _("nu mai este în registru"),
                each["county"],
                field_reports.state_label(each["state"]),
                each["note"],
            )
            if text
        )
        yield f"{each['report_id']}. {sentence}  [{each['service_id']}]"


def export_corrections(directory: Directory, path: Path, *, actor: Actor, county: str = "") -> int:
    """Write the accepted corrections as CSV for the register's owner; give how many there are."""
    found = field_reports.listed(directory.ledger, actor=actor, county=county, states=("accepted",))
    snapshot = directory.snapshot()
    overlaid = corrected_catalogue.apply_corrections(directory.published(), found, snapshot.gazetteer)
    write_csv(corrected_catalogue.export_table(found, snapshot.catalogue, overlaid.stale), path)
    return len(found)
