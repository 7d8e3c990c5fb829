"""Reports from the field as a screen or a terminal makes them: of a service of the catalogue, in plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.exporting import write_csv
from geo.language import _
from referrals import corrected, field_reports, protected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from referrals.desk import Desk
    from referrals.facts import Actor
    from referrals.field_reports import FieldReport


def report_wrong(
    desk: Desk, service_id: str, *, what: str, actor: Actor, value: str = "", note: str = ""
) -> FieldReport:
    """Report that a service's telephone is wrong, that it moved or that it is gone: one tap.

    value: the right telephone, or where it is now, if known. Raises UnknownCodeError for a service that the
    catalogue does not know, BadReportError, PersonalDataError, NotAllowedError, UnknownPlaceError.
    """
    key = protected.key_for(desk, service_id, actor=actor, permission="field.report")
    service = desk.published().service(key)
    right = corrected.right_value(what, value, service, desk.gazetteer)
    fact = corrected.doubted(service, what, key=key)
    return field_reports.report(desk.ledger, fact, what=what, actor=actor, value=right, note=note)


def settle(desk: Desk, report_id: int, *, accept: bool, actor: Actor, value: str = "") -> FieldReport:
    """Accept a report, with the right telephone or place where it is known now, or reject it."""
    found = field_reports.by_id(desk.ledger, report_id)
    right = None
    if value.strip():
        right = corrected.right_value(found.what, value, desk.published().service(found.service_id), desk.gazetteer)
    return field_reports.settle(desk.ledger, report_id, accept=accept, actor=actor, value=right)


def queue(desk: Desk, *, actor: Actor, county: str = "", state: str = "") -> list[dict[str, Any]]:
    """List reports as JSON-ready lines, those to settle first; `name` is empty where the service is gone."""
    states = (state,) if state else field_reports.STATES
    return [line(desk, each) for each in field_reports.listed(desk.ledger, actor=actor, county=county, states=states)]


def line(desk: Desk, report: FieldReport) -> dict[str, Any]:
    """Return a report as a JSON-ready line, with the service's name."""
    catalogue = desk.catalogue()
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
    """Say a queue line by line: number, what, of which service, state."""
    if not lines:
        yield _("Niciun semnal din teren.")
    for each in lines:
        said = " · ".join(
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
        yield f"{each['report_id']}. {said}  [{each['service_id']}]"


def export_corrections(desk: Desk, path: Path, *, actor: Actor, county: str = "") -> int:
    """Write the accepted corrections as CSV for the register's owner; give how many there are."""
    found = field_reports.listed(desk.ledger, actor=actor, county=county, states=("accepted",))
    overlaid = corrected.overlay(desk.published(), found, desk.gazetteer)
    write_csv(corrected.export_table(found, desk.catalogue(), overlaid.stale), path)
    return len(found)
