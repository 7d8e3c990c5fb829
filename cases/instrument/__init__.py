"""The instrument: what a team asks, as an edition that a specialist edits in a sheet, and what follows from answers."""

from cases.instrument.assessing import Assessed, assess
from cases.instrument.expression_trees import parse_expression
from cases.instrument.instrument_editions import instrument_at, instrument_of, read_instrument
from cases.instrument.instrument_model import Instrument
from cases.instrument.three_valued import evaluate

__all__ = [
    "Assessed",
    "Instrument",
    "assess",
    "evaluate",
    "instrument_at",
    "instrument_of",
    "parse_expression",
    "read_instrument",
]
