"""Reports from the field as a screen or a terminal makes them: of a service of the catalogue, in plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.exporting import write_csv
from referrals import corrected, field_reports

if TYPE_CHECKING:
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
    service = desk.published().service(service_id)
    right = corrected.right_value(what, value, service, desk.gazetteer)
    return field_reports.report(
        desk.ledger, corrected.doubted(service, what), what=what, actor=actor, value=right, note=note
    )


def settle(desk: Desk, report_id: int, *, accept: bool, actor: Actor, value: str = "") -> FieldReport:
    """Accept a report, with the right telephone or place where it is known now, or reject it."""
    found = field_reports.by_id(desk.ledger, report_id)
    right = None
    if value.strip():
        right = corrected.right_value(found.what, value, desk.published().service(found.service_id), desk.gazetteer)
    return field_reports.settle(desk.ledger, report_id, accept=accept, actor=actor, value=right)


def queue(desk: Desk, *, actor: Actor, county: str = "", state: str = "") -> list[dict[str, Any]]:
    """List reports as JSON-ready lines, those to settle first; `name` is empty where the service is gone."""
    catalogue = desk.catalogue()
    states = (state,) if state else field_reports.STATES
    lines = []
    for each in field_reports.listed(desk.ledger, actor=actor, county=county, states=states):
        row = catalogue.position.get(each.service_id)
        lines.append(
            {
                "report_id": each.report_id,
                "service_id": each.service_id,
                "name": "" if row is None else str(catalogue.cell("name", row)),
                "county": each.county,
                "what": each.what,
                "value": each.value,
                "note": each.note,
                "state": each.state,
                "reported_at": each.reported_at.isoformat(),
                "settled_at": each.settled_at.isoformat() if each.settled_at else None,
            }
        )
    return lines


def export_corrections(desk: Desk, path: Path, *, actor: Actor, county: str = "") -> int:
    """Write the accepted corrections as CSV for the register's owner; give how many there are."""
    found = field_reports.listed(desk.ledger, actor=actor, county=county, states=("accepted",))
    overlaid = corrected.overlay(desk.published(), found, desk.gazetteer)
    write_csv(corrected.export_table(found, desk.catalogue(), overlaid.stale), path)
    return len(found)
