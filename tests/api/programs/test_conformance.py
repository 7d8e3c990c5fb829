"""Every operation with made-up requests, as its own document describes them: no fault, and no answer that it does not name."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.bulk import bulk_surface
from api.fhir import fhir_surface
from api.hsds import hsds_surface
from api.ogc import ogc_surface
from api.programs import callers
from api.programs.operations import Operation
from api.v1 import v1_surface
from tests.covering import daily
from tests.worlds.clients.api_client import ApiClient, fitting, secret_for
from tests.worlds.examples import examples

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES, FEWER = examples(40, daily=12), 12  # an operation by its role of every day, and by any other
_MODULES = (v1_surface, ogc_surface, hsds_surface, fhir_surface, bulk_surface)
SURFACES = {each.SURFACE.root: each.SURFACE for each in _MODULES}
DESCRIBED = {root: schemathesis.openapi.from_dict(each.document()) for root, each in SURFACES.items()}
ALL = [(root, operation) for root, each in SURFACES.items() for operation in each.operations]
CASES: Counter[str] = Counter()  # by surface
CASES_OF: Counter[str] = Counter()  # by who asked
WALKED: set[tuple[str, str, str]] = set()  # role, surface, operation


def described(root: str, name: str) -> Any:
    every = (found.ok() for found in DESCRIBED[root].get_all_operations())
    return next(found for found in every if found.definition.raw["operationId"] == name)


@pytest.fixture
def unlimited(monkeypatch):
    for limiter in (callers.TOKENS, callers.NETWORKS):
        monkeypatch.setattr(limiter, "tries", 10_000_000)


ROLES = ("", "team", "county", "national", "provider")


def may_ask(role: str, operation: Operation) -> bool:
    return bool(role) and bool(set(operation.scopes) & set(fitting(role)))


def is_daily(case: tuple[str, tuple[str, Operation]]) -> bool:
    """Whether it is the role of this operation for every day: one that may ask it, in turn, and for each fourth also nobody."""
    role, where = case
    number = ALL.index(where)
    entitled = [each for each in ROLES if may_ask(each, where[1])]
    return role == entitled[number % len(entitled)] or (not role and number % 4 == 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "where"),
    daily(itertools.product(ROLES, ALL), is_daily),
    ids=lambda each: f"{each[0]} {each[1].name}" if isinstance(each, tuple) else each,
)
def test_made_up_requests_get_answers_that_the_document_names(web, demo, unlimited, role, where):
    root, operation = where
    form = SURFACES[root].form
    client = ApiClient(web, secret_for(demo, role) if role else "")
    wanted = described(root, operation.name)
    may = may_ask(role, operation)
    seen = set()

    @given(case=wanted.as_strategy())
    @settings(
        max_examples=EXAMPLES if may and is_daily((role, where)) else FEWER,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def walk(case):
        sent = case.as_transport_kwargs(base_url=f"http://127.0.0.1{root}")
        url = sent.pop("url").removeprefix("http://127.0.0.1")
        method = sent.pop("method")
        sent.pop("cookies", None)
        if "data" in sent:
            sent["content"] = sent.pop("data")
        headers = {name: value for name, value in (sent.pop("headers", None) or {}).items() if value.isascii()}
        headers = {k: v for k, v in headers.items() if k.lower() not in ("authorization", "user-agent")}
        answer = client.ask(method, url, headers=headers, **{k: v for k, v in sent.items() if v is not None})
        if not answer.request.url.path.startswith(f"{root}/"):
            return  # made up of dots, an address leads elsewhere before it is sent
        seen.add(answer.status_code)
        CASES[root] += 1
        CASES_OF["with a token" if role else "without"] += 1
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == form.media_type
        if "ndjson" in answer.headers["content-type"]:
            return  # an object a line: the library reads one object
        case.validate_response(answer, checks=CHECKS)
        assert may or answer.status_code in (401, 403, 413, 415, 422, 400, 404)

    walk()
    WALKED.add((role, root, operation.name))
    assert seen
    if not role:
        assert seen == {401}


@pytest.mark.slow
def test_these_were_more_than_two_thousand_requests_in_a_long_run():
    print(dict(CASES), dict(CASES_OF), CASES.total())  # noqa: T201  (asked for: pytest -s)
    is_long = EXAMPLES > FEWER or len(WALKED) == len(ROLES) * len(ALL)
    least = 2_000 if is_long else 8 * len(ALL)
    assert len({walked[1:] for walked in WALKED}) < len(ALL) or CASES.total() >= least
