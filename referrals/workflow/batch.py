"""Many questions at once: a CSV of questions in, a CSV of answers out, the same names as the command's options."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MapError, UnreadableFileError
from core.exporting import write_csv
from core.i18n import _
from core.reading.fields import Field
from core.reading.tables import read_table
from providers.finder.finder import find
from providers.finder.query_parsing import BATCH_COLUMNS, parse_row
from providers.local.local_view import local_view
from providers.output.answer_json import as_json
from providers.rules.wording import caution_lines
from referrals.field.local_in_answers import seen_by

if TYPE_CHECKING:
    from pathlib import Path

    from providers.local.local_help import LocalOffer
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

ANSWER_COLUMNS = (
    "row", "block", "rank", "service_id", "name", "organization", "service_type", "status", "places_free",
    "places_max", "places_reported_at", "minutes", "distance_m", "travel_model", "position_precision", "lat",
    "lon", "phone", "licence_valid_until", "reason", "error", "type_name", "report_age_days", "capacity_unit",
    "locality", "address", "hours", "licence_status", "access_route", "decision_by", "why", "flags", "cautions",
    "opening", "opening_changes_at", "as_of",
)  # fmt: skip


def answer_batch(directory: Directory, questions: Path, out: Path, *, actor: Actor) -> dict[str, int]:
    """Answer every row of a CSV and write the results beside each other; a bad row becomes a row with `error`.

    One output row a result (block `confirmed` or `call_first`), an offer without a way (`elsewhere`), what teams know
    beside the registers and the actor may read (`local`), or a service left out (`excluded`, with `reason`). Returns
    how many were asked and refused. The file appears whole or not at all.
    """
    table = read_table(
        questions, [Field(name, (name.replace("-", "_"),)) for name in (*BATCH_COLUMNS, "only-confirmed")]
    )
    if len(table.columns) <= 1:
        raise UnreadableFileError(
            _("{file}: nu are nicio coloană cunoscută; așteptam: {columns}.").format(
                file=questions.name, columns=", ".join(BATCH_COLUMNS)
            )
        )
    snapshot = directory.snapshot()  # every row is answered of one moment
    lines: list[dict[str, Any]] = []
    refused = 0
    for question in table.to_dict("records"):
        row = {"row": question.pop("row")}
        try:
            values = {str(k): str(v) for k, v in question.items()}
            found = seen_by(find(snapshot, parse_row(snapshot.gazetteer, values)), actor)
            answer = as_json(found)
        except MapError as error:
            refused += 1
            lines.append({**row, "error": str(error)})
            continue
        lines += [{**row, **_readable(offer), "block": "first"} for offer in answer["first"]]
        lines += [{**row, **_readable(result)} for result in answer["results"]]
        lines += [{**row, **_readable(offer), "block": "also"} for offer in answer["also"]]
        lines += [{**row, **_readable(offer), "block": "elsewhere"} for offer in answer["elsewhere"]]
        lines += [{**row, **_local(offer), "block": "local"} for offer in found.local]
        lines += [{**row, **line, "block": "excluded"} for line in answer["excluded"]]
    _write_whole(pd.DataFrame(lines, columns=list(ANSWER_COLUMNS)), out)
    return {"asked": len(table), "refused": refused}


def _readable(offer: dict[str, Any]) -> dict[str, Any]:
    """Say in words what must be read of an offer, beside its flags."""
    first, last = (day and date.fromisoformat(day) for day in (offer["closed_from"], offer["closed_until"]))
    lines = caution_lines(
        offer["flags"],
        is_secret=offer.get("why") == "secret",
        access_route=offer["access_route"],
        decision_by=offer["decision_by"],
        closure=(first, last),
    )
    return {**offer, "flags": ";".join(offer["flags"]), "cautions": " ".join(lines)}


def _local(offer: LocalOffer) -> dict[str, Any]:
    """Say what teams know as far as the columns of a service have room for it; the rest stands in `cautions`."""
    view = local_view(offer)
    return {
        "name": view.name,
        "type_name": view.offers,
        "locality": offer.help.place,
        "phone": offer.help.phone,
        "hours": offer.help.hours,
        "minutes": offer.minutes,
        "distance_m": offer.distance_m,
        "cautions": ". ".join(text for text in (view.mark, view.when, *view.lines) if text),
    }


def _write_whole(table: pd.DataFrame, out: Path) -> None:
    side = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        write_csv(table, side)
        side.replace(out)
    except OSError as error:
        raise UnreadableFileError(
            _("{file}: nu poate fi scris ({why}).").format(file=out, why=error.strerror)
        ) from None
    finally:
        side.unlink(missing_ok=True)
