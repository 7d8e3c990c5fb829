"""The sheets `choices` and `survey`: lists and questions, checked row by row in their order."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from cases.instrument import row_checks as cell
from cases.instrument.expression_trees import OWN, Tree
from cases.instrument.instrument_model import AGES, BORN, MEMBERS, SIGHTS, WISHES, InstrumentQuestion
from cases.instrument.instrument_sheets import InstrumentRow
from cases.instrument.row_checks import Meanings, RowRefusedError
from core.i18n import _

_YES = frozenset({"yes", "true", "true()", "1", "da"})
_NO = frozenset({"", "no", "false", "false()", "0", "nu"})
_KINDS = {"integer": "number", "decimal": "number", "text": "text", "note": "note", "calculate": "computed"}
_SELECT = re.compile("^select (one|multiple) ")  # older spellings of the same type
_GROUP = {"begin group": True, "begin_group": True, "end group": False, "end_group": False}


@dataclass
class _Group:
    row: InstrumentRow
    label: str
    relevant: Tree | None


@dataclass
class SurveyReader:
    """Reads the rows of `choices`, then those of `survey`, and knows what stood above each.

    Attributes
    ----------
    meanings
        What codes mean in the editions before.
    choices
        Label of each choice by its list and its name.
    questions
        Those read so far.
    english
        What stands in Romanian in their sheets, in English.
    """

    meanings: Meanings
    choices: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    questions: list[InstrumentQuestion] = field(default_factory=list)
    english: dict[str, str] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    _open: list[_Group] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, str]:
        """Return the kind of each question that an expression may speak of."""
        found = {q.name: q.kind for q in self.questions if q.kind not in ("note", "computed")}
        return found | {q.name: "number" for q in self.questions if q.kind == "computed"}

    @property
    def options(self) -> dict[str, frozenset[str]]:
        """Return the names of the choices of each question that has some."""
        return {q.name: frozenset(self.choices[q.list_name]) for q in self.questions if q.list_name}

    def take_choice(self, row: InstrumentRow) -> None:
        """Read one row of `choices`."""
        list_name, name = cell.code(row, "list_name"), cell.code(row, "name")
        if name in self.choices.get(list_name, {}):
            raise RowRefusedError(
                row, "name", "duplicate_key", _("varianta {name} stă de două ori în lista {list}").format(
                    name=name, list=list_name
                )
            )  # fmt: skip
        label = cell.text(row, "label")
        self.meanings.settle(row, f"choices.{list_name}", name, label)
        self.choices[list_name][name] = label
        cell.translate(row, "label", self.english)

    def take_row(self, row: InstrumentRow) -> None:
        """Read one row of `survey`."""
        text = _SELECT.sub(r"select_\1 ", " ".join(row.cells["type"].split()))
        if text in _GROUP:
            self._take_group(row, is_begin=_GROUP[text])
            return
        self._refuse_unread(row)
        name = cell.code(row, "name")
        self._take_name(row, name)
        kind, list_name = self._kind(row, text)
        self.meanings.keep_kind(row, name, text)
        label = row.cells["label"] if kind == "computed" else cell.text(row, "label")
        self.meanings.settle(row, "survey", name, label)
        question = InstrumentQuestion(
            name=name,
            kind=kind,
            label=label,
            list_name=list_name,
            hint=row.cells["hint"],
            group=self._open[-1].label if self._open else "",
            group_name=self._open[-1].row.cells["name"] if self._open else "",
            relevant=self._relevant(row),
            is_required=self._is_required(row),
            constraint=self._constraint(row, kind),
            constraint_message=row.cells["constraint_message"],
            domain=cell.word(row, "domain", MEMBERS, ""),
            sees=cell.word(row, "private", (*SIGHTS[1:], "team"), "team"),
            is_whole=text != "decimal",
        )
        self._check_special(row, question)
        self.questions.append(question)
        for column in ("label", "hint", "constraint_message"):
            cell.translate(row, column, self.english)

    def unclosed(self) -> list[RowRefusedError]:
        """Return an error for each group that is not closed."""
        return [RowRefusedError(g.row, "type", "open_group", _("grupul nu are „end group”")) for g in self._open]

    def _take_group(self, row: InstrumentRow, *, is_begin: bool) -> None:
        if not is_begin:
            if not self._open:
                raise RowRefusedError(row, "type", "open_group", _("„end group” fără „begin group” deasupra"))
            self._open.pop()
            return
        # A group that is refused stays open, or its end would be refused as well.
        self._open.append(_Group(row, row.cells["label"], None))
        self._take_name(row, cell.code(row, "name"))
        cell.translate(row, "label", self.english)
        self._open[-1].relevant = cell.expression(row, "relevant", self.kinds, self.options)

    def _take_name(self, row: InstrumentRow, name: str) -> None:
        if name in self._names:
            raise RowRefusedError(
                row, "name", "duplicate_key", _("numele {name} stă și la rândul {other}").format(
                    name=name, other=self._names[name]
                )
            )  # fmt: skip
        self._names[name] = row.number

    def _kind(self, row: InstrumentRow, text: str) -> tuple[str, str]:
        if text in _KINDS:
            return _KINDS[text], ""
        word, _space, list_name = text.partition(" ")
        if word in ("select_one", "select_multiple"):
            if list_name not in self.choices:
                raise RowRefusedError(
                    row, "type", "dangling_name", _("nu există lista „{list}” în „choices”").format(list=list_name[:40])
                )
            return ("one" if word == "select_one" else "many"), list_name
        expected = ", ".join((*_KINDS, "select_one LISTA", "select_multiple LISTA", "begin group", "end group"))
        raise RowRefusedError(
            row, "type", "unknown_word", _("felul întrebării nu este dintre: {words}").format(words=expected)
        )

    def _refuse_unread(self, row: InstrumentRow) -> None:
        """Refuse what would change the form and is not read here."""
        for column in ("choice_filter", "default"):
            if row.cells[column]:
                raise RowRefusedError(row, column, "not_read", _("coloana nu se folosește aici; lăsați-o goală"))

    def _is_required(self, row: InstrumentRow) -> bool:
        text = row.cells["required"].casefold()
        if text in _YES | _NO:
            return text in _YES
        raise RowRefusedError(row, "required", "unknown_word", _("așteptam yes sau no"))

    def _relevant(self, row: InstrumentRow) -> Tree | None:
        own = cell.expression(row, "relevant", self.kinds, self.options)
        parts = [tree for tree in (*(group.relevant for group in self._open), own) if tree is not None]
        return None if not parts else parts[0] if len(parts) == 1 else ("and", *parts)

    def _constraint(self, row: InstrumentRow, kind: str) -> Tree | None:
        if row.cells["constraint"] and kind not in ("number", "text"):
            raise RowRefusedError(row, "constraint", "bad_expression", _("numai numerele și textele au constrângeri"))
        return cell.expression(row, "constraint", {**self.kinds, OWN: kind}, self.options, about_own=True)

    def _check_special(self, row: InstrumentRow, question: InstrumentQuestion) -> None:
        """Hold what a computed row and an answer in words may be."""
        if question.kind == "computed" and question.name not in AGES:
            raise RowRefusedError(
                row, "name", "unknown_word", _("se calculează numai {names}").format(names=", ".join(AGES))
            )
        if question.kind == "computed" and not any(q.name == BORN for q in self.questions):
            raise RowRefusedError(
                row, "name", "dangling_name", _("vârsta cere întrebarea „{born}” mai sus").format(born=BORN)
            )  # fmt: skip
        is_closed = question.name in (BORN, WISHES) or _has_pattern(question.constraint)
        if question.kind == "text" and not is_closed:
            raise RowRefusedError(
                row, "type", "free_text", _("un răspuns în cuvinte ar putea numi persoana; folosiți variante")
            )


def _has_pattern(tree: Tree | None) -> bool:
    if tree is None:
        return False
    return tree[0] == "regex" or (tree[0] == "and" and any(_has_pattern(part) for part in tree[1:]))
