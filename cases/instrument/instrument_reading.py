"""From the rows of an instrument's sheets to the instrument, or to the rows that cannot be taken, each with its reason.

Nothing is guessed: a name that nothing has, an expression outside the subset, a code that stands twice or that meant
something else in an earlier edition refuse their row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.instrument import row_checks as cell
from cases.instrument.expression_trees import names_in
from cases.instrument.instrument_model import (
    COUNTED_LEVELS,
    FINDING_LEVELS,
    HOUSEHOLD,
    LEVELS,
    MEMBERS,
    SCOPES,
    SIGHTS,
    FindingRule,
    Instrument,
    LevelRule,
    SuggestedAction,
)
from cases.instrument.row_checks import Meanings, RowRefusedError
from cases.instrument.survey_rows import SurveyReader
from core.i18n import _, ngettext
from core.reading.tidied_table import Refusal
from providers.rules.needs import crosswalk, needs

if TYPE_CHECKING:
    from cases.instrument.instrument_sheets import InstrumentRow, InstrumentSheets

ASSUMED = "assumed"
NEVER = ("or",)  # nothing joined by „or”: false


@dataclass(frozen=True)
class ReadInstrument:
    """An instrument read from its sheets, and what of them was not taken.

    Attributes
    ----------
    instrument
        Made of the rows taken.
    rows
        The rows taken, of every sheet.
    refusals
        One a row that was not taken; none may be left where it is put in force.
    meanings
        What each code of this and the earlier editions means.
    remarks
        What is worth knowing and refuses nothing, in words.
    """

    instrument: Instrument
    rows: tuple[InstrumentRow, ...]
    refusals: tuple[Refusal, ...]
    meanings: Mapping[tuple[str, str], str]
    remarks: tuple[str, ...]

    @property
    def rows_read(self) -> int:
        """How many rows its sheets have: those taken and those refused."""
        return len(self.rows) + len(self.refusals)


def instrument_of_sheets(
    sheets: InstrumentSheets, meanings: Mapping[tuple[str, str], str] | None = None
) -> ReadInstrument:
    """Make an instrument of its sheets.

    Parameters
    ----------
    sheets
        As they were read.
    meanings
        What codes meant in the editions before, by sheet and code.

    Returns
    -------
    ReadInstrument
        With a refusal for each row that cannot be taken.
    """
    reader = _Reader(Meanings(meanings or {}))
    taken: dict[str, list[InstrumentRow]] = {}
    steps: tuple[tuple[str, Callable[[InstrumentRow], None]], ...] = (
        ("choices", reader.survey.take_choice),
        ("survey", reader.survey.take_row),
        ("findings", reader.take_rule),
        ("without_rule", reader.take_without_rule),
        ("actions", reader.take_action),
        ("levels", reader.take_level),
    )
    refused = [*sheets.refusals]
    for name, take in steps:
        taken[name] = []
        for row in sheets.rows.get(name, ()):
            try:
                take(row)
            except RowRefusedError as fault:
                refused.append(fault.refusal)
            else:
                taken[name].append(row)
        if name == "survey":
            refused += _refused_later(taken[name], reader.survey.unclosed())
    rows = tuple(row for name in sheets.rows for row in taken[name])
    instrument = reader.instrument()
    return ReadInstrument(instrument, rows, tuple(refused), reader.meanings.every, tuple(remarks_on(instrument)))


def _refused_later(taken: list[InstrumentRow], faults: Iterable[RowRefusedError]) -> list[Refusal]:
    """Take back rows that only the end of their sheet refuses."""
    refusals = []
    for fault in faults:
        kept = [row for row in taken if row.number != fault.refusal.row]
        if len(kept) < len(taken):  # else it was refused before, and each row counts once
            refusals.append(fault.refusal)
        taken[:] = kept
    return refusals


class _Reader:
    """Reads one sheet after the other; each row is checked against the sheets before it."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings = meanings
        self.survey = SurveyReader(meanings)
        self._rules: dict[str, FindingRule] = {}
        self._actions: dict[tuple[str, str, str], SuggestedAction] = {}
        self._levels: dict[tuple[str, int, int, int], LevelRule] = {}
        self._without: dict[str, str] = {}

    def instrument(self) -> Instrument:
        """Return what was read."""
        return Instrument(
            questions=tuple(self.survey.questions),
            choices={name: dict(choices) for name, choices in self.survey.choices.items()},
            rules=tuple(self._rules.values()),
            actions=tuple(self._actions.values()),
            levels=tuple(sorted(self._levels.values(), key=lambda rule: -LEVELS.index(rule.level))),
            without_rule=self._without,
            english=self.survey.english,
        )

    def take_rule(self, row: InstrumentRow) -> None:
        """Read one row of `findings`."""
        code = cell.code(row, "code")
        if code in self._rules:
            raise RowRefusedError(row, "code", "duplicate_key", _("codul {code} are deja o regulă").format(code=code))
        cell.text(row, "when")
        when = cell.expression(row, "when", self.survey.kinds, self.survey.options) or NEVER
        scope = cell.word(row, "scope", SCOPES, SCOPES[0])
        own = sorted(name for name in names_in(when) if not name.startswith(HOUSEHOLD))
        if scope == "household" and own:
            raise RowRefusedError(
                row, "when", "dangling_name", _(
                    "o regulă a gospodăriei folosește numai întrebările ei, cu nume care încep cu {prefix}; am găsit "
                    "${{{name}}}"
                ).format(prefix=HOUSEHOLD, name=own[0]),
            )  # fmt: skip
        label = row.cells["label"]
        self.meanings.settle(row, "findings", code, label)
        self._rules[code] = FindingRule(
            code=code,
            when=when,
            label=label,
            level=cell.word(row, "level", FINDING_LEVELS),
            member=cell.word(row, "member", MEMBERS, ""),
            sees=cell.word(row, "sees", SIGHTS, SIGHTS[0]),
            scope=scope,
            basis=row.cells["basis"] or ASSUMED,
            needs=self._needs(row, code),
        )
        cell.translate(row, "label", self.survey.english)

    def _needs(self, row: InstrumentRow, code: str) -> tuple[str, ...]:
        """Return the needs that a finding leads to: those that its row names, else those of the nurses' code."""
        items = tuple(each.strip() for each in row.cells["needs"].split(";") if each.strip())
        if unknown := sorted(set(items) - needs().keys()):
            raise RowRefusedError(
                row, "needs", "unknown_code", _("nu există nevoia „{need}”").format(need=unknown[0][:40])
            )
        entry = crosswalk().get(code)
        return items or (entry.needs if entry else ())

    def take_without_rule(self, row: InstrumentRow) -> None:
        """Read one row of `without_rule`."""
        code = cell.code(row, "code")
        if code in self._rules or code in self._without:
            raise RowRefusedError(
                row, "code", "duplicate_key", _("codul {code} are deja o regulă sau un motiv").format(code=code)
            )
        self._without[code] = cell.text(row, "reason")

    def take_action(self, row: InstrumentRow) -> None:
        """Read one row of `actions`."""
        groups = {need.group for need in needs().values()}
        group = cell.text(row, "need_group")
        if group not in groups:
            raise RowRefusedError(row, "need_group", "unknown_code", _("nu este un grup de nevoi al hărții"))
        action = SuggestedAction(
            need_group=group,
            member=cell.word(row, "member", MEMBERS),
            package_class=row.cells["package_class"],
            amc_service=row.cells["amc_service"],
            words=cell.text(row, "words"),
            working_days=cell.whole(row, "working_days"),
            basis=row.cells["basis"] or ASSUMED,
        )
        key = (group, action.member, action.words)
        if key in self._actions:
            raise RowRefusedError(row, "words", "duplicate_key", _("aceeași acțiune stă de două ori"))
        self._actions[key] = action
        cell.translate(row, "words", self.survey.english)

    def take_level(self, row: InstrumentRow) -> None:
        """Read one row of `levels`."""
        level = cell.word(row, "level", LEVELS)
        danger, high, medium = (cell.whole(row, name, 0) for name in COUNTED_LEVELS)
        percent = cell.whole(row, "gaps_percent", 0) if row.cells["gaps_percent"] else None
        rule = LevelRule(level, danger, high, medium, percent, row.cells["basis"] or ASSUMED)
        if (level == LEVELS[0]) == bool(danger + high + medium):
            raise RowRefusedError(
                row, "level", "bad_number", _("numai „low” este fără constatări")
            )  # fmt: skip
        key = (level, danger, high, medium)
        if key in self._levels:
            raise RowRefusedError(row, "level", "duplicate_key", _("aceeași regulă stă de două ori"))
        self._levels[key] = rule


def remarks_on(instrument: Instrument) -> list[str]:
    """Return in words what of the nurses' list an instrument leaves out, and what it finds that leads nowhere."""
    ruled = {rule.code for rule in instrument.rules}
    missing = [code for code in crosswalk() if code not in ruled and code not in instrument.without_rule]
    nowhere = [r.code for r in instrument.rules if r.code not in crosswalk() and not r.needs]
    remarks = []
    if missing:
        text = ngettext(
            "{n} cod al asistenților medicali comunitari nu are nici regulă, nici motiv: {codes}.",
            "{n} coduri ale asistenților medicali comunitari nu au nici regulă, nici motiv: {codes}.",
            len(missing),
        )
        remarks.append(text.format(n=len(missing), codes=_few(missing)))
    if nowhere:
        text = ngettext(
            "{n} constatare cu un cod necunoscut nu duce la nicio nevoie: {codes}.",
            "{n} constatări cu coduri necunoscute nu duc la nicio nevoie: {codes}.",
            len(nowhere),
        )
        remarks.append(text.format(n=len(nowhere), codes=_few(nowhere)))
    return remarks


def _few(codes: list[str]) -> str:
    return ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")  # noqa: PLR2004
