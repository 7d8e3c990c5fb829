"""Who is near, may take the person and has a free place: the question of `harta nearest`, asked by a program.

What is said of a person stands in the body, which no log and no address has.
"""

from __future__ import annotations

from api.programs.operations import Answered, CallOf, Operation
from api.v1 import shapes
from providers.finder.finder import find
from providers.finder.query_parsing import parse_query
from providers.output.answer_json import as_json
from referrals.field.local_in_answers import seen_by


def _find_nearest(call: CallOf, asked: shapes.NearestRequestBody) -> Answered:
    """Return the nearest services that may take the person, and why nearer ones do not."""
    query = parse_query(
        call.snapshot.gazetteer,
        place=asked.place,
        services=asked.services,
        needs=asked.needs,
        home=asked.home,
        age=asked.age,
        sex=asked.sex,
        groups=asked.groups,
        k=asked.k,
        mode=asked.mode,
        max_minutes=asked.max_minutes,
        only_confirmed=asked.only_confirmed,
        near=call.token.county or None,
    )
    return Answered(as_json(seen_by(find(call.snapshot, query), call.actor)))


OPERATIONS = (
    Operation(
        "find_nearest", "POST", "/nearest", _find_nearest, ("nearest",), shapes.NearestAnswer,
        "The nearest with a free place",
    ),
)  # fmt: skip
