"""The API in a demonstration home and in a live one, asked with tokens."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from api.v1 import callers
from tests.worlds.api_client import ApiClient, secret_for


@pytest.fixture(autouse=True)
def _nobody_asked_before(monkeypatch):
    for limiter in (callers.TOKENS, callers.NETWORKS):
        monkeypatch.setattr(limiter, "_seen", OrderedDict())


@pytest.fixture
def program(web, demo):
    """Make a program with a token of a role: all its scopes, unless some are named."""

    def make(role: str = "county", *scopes: str, directory=demo, **area) -> ApiClient:
        return ApiClient(web, secret_for(directory, role, scopes or None, **area))

    return make
