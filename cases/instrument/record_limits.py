"""Whether the answers to a questionnaire can be kept: a form that is put in force must not be one that nobody can send.

A telephone sends an assessment as one change of a case (docs/cases.md), whose names and sizes are bounded. What goes
beyond is refused when the form is imported, in words, and not on the telephone months later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cases.instrument.instrument_model import HOUSEHOLD, WISHES
from core.i18n import _
from core.reading.tidied_table import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cases.instrument.instrument_model import Instrument, InstrumentQuestion
    from cases.instrument.instrument_sheets import InstrumentRow

ANSWER_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # of a question, as it stands in the answers of an assessment
FINDING_CODE = re.compile(r"[A-Z][A-Z0-9]{0,3}_[A-Z0-9]{1,5}")
MOST_ANSWERS, LONGEST_ANSWER, LONGEST_ACTION = 200, 300, 120
_MOST_SIGNS = 14_000  # of all answers together, with their names: an assessment has 16,000 and other fields
_TAKEN = frozenset({"constructor"})  # a name that every object of a browser has already
_LONG_NUMBER = re.compile(r"\d{7}")  # in an answer it could be a telephone
_NUMBER_SIGNS = 10


def unkept_rows(rows: Sequence[InstrumentRow], instrument: Instrument) -> list[Refusal]:
    """Find the rows of an instrument whose answers, findings or actions could not be kept.

    Parameters
    ----------
    rows
        Those taken, of every sheet.
    instrument
        Made of them.

    Returns
    -------
    list of Refusal
        One a row at most; nothing where every assessment can be sent.
    """
    found: dict[tuple[str, int], Refusal] = {}
    for row in rows:
        for column, reason, why in _faults(row, instrument):
            refusal = Refusal(row.number, column, row.cells.get(column, ""), reason, why, row.sheet)
            found.setdefault((row.sheet, row.number), refusal)
    for row, why in _too_many(rows, instrument):
        refusal = Refusal(row.number, "name", row.cells["name"], "too_long", why, row.sheet)
        found.setdefault((row.sheet, row.number), refusal)
    return list(found.values())


def _faults(row: InstrumentRow, instrument: Instrument) -> Iterator[tuple[str, str, str]]:
    cells = row.cells
    match row.sheet:
        case "survey":
            question = instrument.by_name.get(cells["name"])
            if question is None or question.kind == "note":
                return
            if not ANSWER_NAME.fullmatch(question.name) or question.name in _TAKEN:
                yield (
                    "name",
                    "bad_code",
                    _(
                        "numele unei întrebări are cel mult 40 de litere mici, cifre și _, începe cu o literă și "
                        "nu este {taken}"
                    ).format(taken=", ".join(sorted(_TAKEN))),
                )
            if _longest(question, instrument) > LONGEST_ANSWER:
                yield (
                    "type",
                    "too_long",
                    _(
                        "toate variantele bifate au peste {n} de semne: scurtați numele variantelor sau "
                        "împărțiți întrebarea"
                    ).format(n=LONGEST_ANSWER),
                )
        case "choices" if _LONG_NUMBER.search(cells["name"]):
            yield "name", "bad_code", _("numele unei variante nu are șapte cifre la rând: ar putea fi un telefon")
        case "findings" if not FINDING_CODE.fullmatch(cells["code"]):
            yield "code", "bad_code", _("codul unei constatări are forma celor ale asistenților medicali, ca VAI_02")
        case "actions" if len(cells["words"]) > LONGEST_ACTION:
            yield "words", "too_long", _("o acțiune are cel mult {n} de semne").format(n=LONGEST_ACTION)


def _longest(question: InstrumentQuestion, instrument: Instrument) -> int:
    """Return how many signs the longest answer to a question has."""
    names: Mapping[str, str] = instrument.choices.get(question.list_name, {})
    if question.kind == "many":
        return sum(map(len, names)) + max(0, len(names) - 1)
    if question.kind == "one":
        return max(map(len, names), default=0)
    return LONGEST_ANSWER if question.name == WISHES else _NUMBER_SIGNS


def _too_many(rows: Sequence[InstrumentRow], instrument: Instrument) -> Iterator[tuple[InstrumentRow, str]]:
    """Yield the first question with which an assessment of a person, or of a household, is too long."""
    row_of = {row.cells["name"]: row for row in rows if row.sheet == "survey"}
    asked = [each for each in instrument.questions if each.kind not in ("note", "computed")]
    for is_household in (False, True):
        signs = count = 0
        for question in asked:
            if question.name.startswith(HOUSEHOLD) is not is_household:
                continue
            count += 1
            signs += len(question.name) + _longest(question, instrument) + len('"": "", ')
            if count > MOST_ANSWERS or signs > _MOST_SIGNS:
                yield (
                    row_of[question.name],
                    _(
                        "de la această întrebare chestionarul este prea lung pentru o evaluare: cel mult {most} de "
                        "întrebări și {signs} de semne cu toate răspunsurile"
                    ).format(most=MOST_ANSWERS, signs=_MOST_SIGNS),
                )
                break
