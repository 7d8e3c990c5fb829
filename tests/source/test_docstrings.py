"""The check of contracts finds what a docstring lacks; `make check` runs it over every public name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from scripts.check_docstrings import faults_of

CHECKS = frozenset({"GL08", "PR01", "PR02", "PR07", "RT01", "RT03", "CT01"})


def whole(metres: float, *, limit: float = 1.0) -> float:
    """Return minutes.

    Parameters
    ----------
    metres
        Metres of the way.
    limit
        Longest way, metres.

    Returns
    -------
    float
        Minutes.

    Raises
    ------
    ValueError
        For a way beyond the limit.
    """
    if metres > limit:
        raise ValueError(metres)
    return metres


def silent(metres: float) -> float:
    """Return minutes."""
    if metres < 0:
        raise ValueError(metres)
    return metres


def outdated(metres: float) -> float:
    """Return minutes.

    Parameters
    ----------
    feet
        Feet of the way.

    Returns
    -------
    float
    """
    return metres


def bare() -> None:
    pass


@dataclass(frozen=True)
class Leg:
    """A part of a way.

    Attributes
    ----------
    metres
        Its length.
    """

    metres: float
    minutes: float
    _kept: float = 0.0


@pytest.mark.parametrize(
    ("thing", "codes"),
    [
        (whole, set()),
        (silent, {"PR01", "RT01", "CT01"}),
        (outdated, {"PR01", "PR02", "RT03"}),
        (bare, {"GL08"}),
        (Leg, {"PR01"}),
    ],
)
def test_what_a_docstring_lacks_is_found(thing, codes):
    assert {fault.split()[0] for fault in faults_of(thing, CHECKS)} == codes


def test_a_field_that_is_not_documented_is_named_and_a_private_one_is_not():
    (fault,) = faults_of(Leg, CHECKS)
    assert "minutes" in fault
    assert "_kept" not in fault
