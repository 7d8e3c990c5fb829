"""An answer as JSON-ready data, one key a field: what the command prints and programs get."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import Any

from providers.answering.answering_record import answering_json
from providers.finder.answer import Answer, Result
from providers.local.local_help import as_plain
from providers.rules.help_tables.first_hour import first_hours_of
from providers.rules.help_tables.own_steps import own_steps_of
from providers.rules.travel_words import basis_json


def as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as JSON-ready data, one key a field of Answer.

    Minutes are rounded to 0.001 (0.06 seconds) and metres to 0.1; dates and moments are ISO 8601. What was
    said of the person comes back as codes only, never their home as a coordinate.

    Parameters
    ----------
    answer
        Of `providers.finder.find`.

    Returns
    -------
    dict
        Of text, numbers, lists and dicts alone.
    """
    query = answer.query
    return {
        "query": {
            "from": query.origin.label,
            "locality_siruta": query.origin.locality_siruta,
            "uat_siruta": query.origin.uat_siruta,
            "home_uat_siruta": (query.home or query.origin).uat_siruta,
            "wanted": list(query.wanted),
            "service_types": list(answer.types),
            "age": query.person.age,
            "sex": query.person.sex,
            "groups": sorted(query.person.groups),
            "k": query.k,
            "mode": query.mode,
            "max_minutes": query.max_minutes,
            "only_confirmed": query.only_confirmed,
            "on": query.on.isoformat(),
        },
        "first": [_plain(offer) for offer in answer.first],
        "results": [_plain(result) for result in answer.results],
        "also": [_plain(result) for result in answer.also],
        "elsewhere": [_plain(offer) for offer in answer.elsewhere],
        "excluded": [_plain(line) for line in answer.excluded],
        "emergency": [_plain(line) for line in answer.emergency],
        "first_hour": [_plain(danger) for danger in first_hours_of(query.wanted)],
        "own_steps": [_plain(steps) for steps in own_steps_of(query.wanted)],
        "local": [as_plain(offer) for offer in answer.local],
        "sources": [_plain(source) for source in answer.sources],
        "missing": list(answer.missing),
        "travel": basis_json(answer.travel),
        "straight_line_error": None if answer.straight_error is None else vars(answer.straight_error),
    }


_PLAIN = frozenset({str, int, bool, type(None)})
_ROUNDED = {"minutes": 3, "distance_m": 1, "to_road_m": 0, "report_age_days": 2}


def _plain(line: Any) -> dict[str, Any]:
    fields = dict(vars(line))
    if isinstance(line, Result):
        fields["travel_model"] = fields.pop("travel").code
    for name, value in fields.items():
        if type(value) in _PLAIN and name != "answering":  # nearly all of them
            continue
        if isinstance(value, float) and name in _ROUNDED:
            fields[name] = round(value, _ROUNDED[name]) if isfinite(value) else None
        elif isinstance(value, (datetime, date)):
            fields[name] = value.isoformat()
        elif name == "answering":
            fields[name] = answering_json(value)
        elif isinstance(value, tuple):
            fields[name] = list(value)
    return fields
