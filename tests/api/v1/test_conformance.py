"""Every operation with made-up requests, as its own document describes them: no fault, and no answer that it does not name."""

from __future__ import annotations

import itertools
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

from api.v1 import callers
from api.v1.application import OPERATIONS, openapi_document
from api.v1.operations import Operation
from tests.covering import daily
from tests.worlds.api_client import ApiClient, fitting, secret_for

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 70  # an operation, with and without a token: over 2,000 in all
SCHEMA = schemathesis.openapi.from_dict(openapi_document())


def described(name: str) -> Any:
    return next(found.ok() for found in SCHEMA.get_all_operations() if found.ok().definition.raw["operationId"] == name)


@pytest.fixture
def unlimited(monkeypatch):
    for limiter in (callers.TOKENS, callers.NETWORKS):
        monkeypatch.setattr(limiter, "tries", 10_000_000)


ROLES = ("", "team", "county", "national", "provider")


def may_ask(role: str, operation: Operation) -> bool:
    return bool(role) and bool(set(operation.scopes) & set(fitting(role)))


def is_daily(case: tuple[str, Operation]) -> bool:
    """Whether it is the role of this operation for every day: one that may ask it, in turn, and for each fourth also nobody."""
    role, operation = case
    number = OPERATIONS.index(operation)
    entitled = [each for each in ROLES if may_ask(each, operation)]
    return role == entitled[number % len(entitled)] or (not role and number % 4 == 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "operation"),
    daily(itertools.product(ROLES, OPERATIONS), is_daily),
    ids=lambda each: getattr(each, "name", each),
)
def test_made_up_requests_get_answers_that_the_document_names(web, demo, unlimited, role, operation):
    client = ApiClient(web, secret_for(demo, role) if role else "")
    wanted = described(operation.name)
    may = may_ask(role, operation)
    seen = set()

    @given(case=wanted.as_strategy())
    @settings(
        max_examples=EXAMPLES if may else 10,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def walk(case):
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1/api/v1")
        url = sent.pop("url").removeprefix("http://127.0.0.1")
        method = sent.pop("method")
        sent.pop("cookies", None)
        if "data" in sent:
            sent["content"] = sent.pop("data")
        headers = {name: value for name, value in (sent.pop("headers", None) or {}).items() if value.isascii()}
        headers = {k: v for k, v in headers.items() if k.lower() not in ("authorization", "user-agent")}
        answer = client.ask(method, url, headers=headers, **{k: v for k, v in sent.items() if v is not None})
        if not answer.request.url.path.startswith("/api/v1/"):
            return  # made up of dots, an address leads elsewhere before it is sent
        seen.add(answer.status_code)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
        case.validate_response(answer, checks=CHECKS)
        assert may or answer.status_code in (401, 403, 413, 415, 422, 400, 404)

    walk()
    assert seen
    if not role:
        assert seen == {401}
