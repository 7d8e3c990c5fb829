"""Histories of registers with what people do meanwhile; the thousand of them are `make acceptance`."""

from __future__ import annotations

import numpy as np
import pytest

from bench.acceptance.histories import run
from providers.imports import identity


@pytest.mark.slow
def test_what_people_did_stays_with_the_service_it_was_done_for():
    did = run(5, seed="day-24", editions=2)
    assert min(did[name] for name in ("referrals asked", "reports of places", "signals from the field")) > 0
    assert did["checks of everything"] == 3


def test_an_id_given_to_another_service_is_noticed(monkeypatch):
    found = identity._owners
    monkeypatch.setattr(identity, "_owners", lambda known, new: np.roll(found(known, new), 1))
    with pytest.raises(AssertionError, match="was another service"):
        run(1, seed="faulty", editions=2)
