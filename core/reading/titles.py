"""Finding the titles of a table among its raw rows, and which column each wanted field is read from.

Titles stand in one row or in up to three (a group above, its parts below), among the first 40. A title that is in no
list of ours, that comes twice, or that only looks like one that must not be lost is never guessed at: it is said as
not used, resolved by what tells the two apart, or asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from core.reading.critical_columns import PUBLIC, STATUS_WORD, CriticalTitle, critical_title
from core.reading.fields import MARK, STATUS, Field, aside, exact_form, loose_form
from core.reading.reading_account import NOT_USED
from core.text import fold

HEADER_ROWS = 40
MAX_COLUMNS = 500
_MOST_LEVELS = 3
_CHOSEN, _UNDERSTOOD = -1, 5_000  # how sure a column is: chosen by a person; understood by its words alone
# Words by which a group of columns says that it is of the place of the service, or of the seat of its owner.
_OF_PLACE = ("serviciu", "punct", "locul", "unitat", "centru", "amplasament", "beneficiar", "adresa serv", "functional")
_OF_SEAT = ("furnizor", "sediu", "sediul", "persoana juridica", "solicitant", "titular", "organiz")
_CLOSING = frozenset({"închis", "încetat", "desființat", "inactiv", "activ"})

CellReader = Callable[[object], str]


@dataclass(frozen=True)
class TitleColumn:
    """A column that a field is read from.

    Attributes
    ----------
    column
        Its place, from 0.
    title
        As it stands in the file; told apart by its letter where another has the same.
    turned
        PUBLIC where a yes means that the address is public, STATUS_WORD where a yes means `word`.
    rank
        How sure the title is, the smaller the surer.
    """

    column: int
    title: str
    turned: str = ""
    word: str = ""
    rank: int = 0


@dataclass(frozen=True)
class Header:
    """The titles of one table: its last row (from 0), what each field is read from, and what is left.

    Attributes
    ----------
    at, first
        The last and the first row of the titles.
    sources
        Columns by the name of the field, in the order of the file.
    titles
        Every title and the field that it is read as, "" = not used.
    unclear
        Titles that must not be lost and that nobody understood.
    repeated
        Fields of which several columns have the same title, with these columns.
    met
        Which of the choices were found.
    """

    at: int = 0
    first: int = 0
    sources: Mapping[str, tuple[TitleColumn, ...]] = field(default_factory=dict)
    titles: tuple[tuple[TitleColumn, str], ...] = ()
    unclear: tuple[str, ...] = ()
    repeated: Mapping[str, tuple[TitleColumn, ...]] = field(default_factory=dict)
    met: frozenset[str] = frozenset()


def find_header(
    rows: Sequence[Sequence[object]], fields: Sequence[Field], choices: Mapping[str, str], text: CellReader
) -> Header:
    """Find the titles among the first rows: the row, or rows one under the other, that name most of the fields.

    Parameters
    ----------
    rows
        Raw rows.
    fields
        Columns looked for.
    choices
        Field or NOT_USED by title, as a person chose.
    text
        Makes text of a cell.

    Returns
    -------
    Header
        Its `sources` are empty where no title is known: `at` is then the fullest of the first rows.
    """
    head = [[text(cell) for cell in row[:MAX_COLUMNS]] for row in rows[:HEADER_ROWS]]
    finder = _Finder(fields, choices)
    best, most = Header(), 0
    for at in range(len(head)):
        for levels in range(1, min(_MOST_LEVELS, at + 1) + 1):
            first = at - levels + 1
            if levels > 1 and not (finder.counts_more(head[at]) and any(head[first])):
                break
            found = finder.header(head, first, at)
            named = sum(1 for sources in found.sources.values() if sources)
            if named > most:
                best, most = found, named
    if not most and head:
        fullest = max(range(len(head)), key=lambda at: sum(map(bool, head[at])))
        every = tuple((TitleColumn(column, title), "") for column, title in enumerate(head[fullest]) if title)
        return Header(at=fullest, first=fullest, titles=every)
    return best


def label(title: str, column: int) -> str:
    """Return the name of one of several columns of the same title: with its letter, as spreadsheets count."""
    return f"{title} [{column_letters(column)}]".strip()


def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return letters


@lru_cache(maxsize=200_000)
def _forms(title: str) -> tuple[str, str]:
    return exact_form(title), loose_form(title)


class _Finder:
    """The fields looked for in one file, prepared once for its many rows of possible titles."""

    def __init__(self, fields: Sequence[Field], choices: Mapping[str, str]) -> None:
        self.fields = {each.name: each for each in fields}
        self.choices = {_forms(title)[0]: (title, target) for title, target in choices.items()}
        self.by_form: dict[str, list[tuple[int, str]]] = {}
        for each in fields:
            for form, rank in each.ranks().items():
                self.by_form.setdefault(form, []).append((rank, each.name))
        self.targets = {form: each.name for each in fields for form in (each.name, exact_form(each.title))}

    def counts_more(self, row: Sequence[str]) -> bool:
        """Whether at least half of the filled cells of a row are titles: it may then be the lower part of titles."""
        filled = [cell for cell in row if cell]
        known = sum(1 for cell in filled if self.known(cell) or critical_title(cell))
        return bool(filled) and 2 * known >= len(filled)

    def known(self, title: str) -> list[tuple[int, str]]:
        """List the fields that a title may stand for, with how sure that is."""
        exact, loose = _forms(title)
        found = self.by_form.get(exact, [])
        return found or [each for each in self.by_form.get(loose, []) if loose]

    def header(self, head: Sequence[Sequence[str]], first: int, at: int) -> Header:
        """Read rows `first` to `at` as the titles, and what stands above as the names of groups."""
        width = max((len(row) for row in head[first : at + 1]), default=0)
        titles, groups = _levels(head, first, at, width)
        printed = {title for title in titles if title and titles.count(title) > 1}
        hits: dict[str, list[TitleColumn]] = {}
        chosen: dict[str, list[TitleColumn]] = {}
        loose: list[TitleColumn] = []
        unclear, met, dropped = [], set(), set()
        for column, title in enumerate(titles):
            if not title:
                continue
            own = TitleColumn(column, label(title, column) if title in printed else title)
            choice = self._choice(title, column)
            if choice is not None:
                met.add(choice[0])
                if choice[1] == NOT_USED:
                    dropped.add(column)
                    continue
                target = self._target(choice[1])
                if target is not None:
                    chosen.setdefault(target[0], []).append(replace(own, rank=_CHOSEN, turned=target[1]))
                    continue
            place = self._place(title, groups[column])
            if place is None:
                loose.append(own)
            elif isinstance(place, str):
                unclear.append(own.title)
            else:
                name, source = place
                hits.setdefault(name, []).append(replace(source, column=column, title=own.title))
        sources, repeated = {}, {}
        for name in self.fields:
            columns = self._chosen_columns(name, hits.get(name, []), chosen.get(name, []))
            twice = self._twice(columns, titles, groups) if not self.fields[name].is_joined else columns
            if len(twice) > 1 and not self.fields[name].is_joined:
                repeated[name] = tuple(twice)
            if twice:
                sources[name] = tuple(twice)
        read = {source.column: name for name, columns in sources.items() for source in columns}
        every = tuple(
            (TitleColumn(column, label(title, column) if title in printed else title), read.get(column, ""))
            for column, title in enumerate(titles)
            if title
        )
        return Header(at, first, sources, every, tuple(unclear), repeated, frozenset(met))

    def _choice(self, title: str, column: int) -> tuple[str, str] | None:
        for name in (label(title, column), title):
            found = self.choices.get(_forms(name)[0])
            if found is not None:
                return found
        return None

    def _target(self, text: str) -> tuple[str, str] | None:
        """Return the field that a person named, by its code or its title, and how its cells are turned."""
        if exact_form(text) == PUBLIC:
            mark = next((each.name for each in self.fields.values() if each.role == MARK), None)
            return (mark, PUBLIC) if mark else None
        name = text if text in self.fields else self.targets.get(exact_form(text))
        return (name, "") if name else None

    def _place(self, title: str, group: str) -> tuple[str, TitleColumn] | str | None:
        """Return the field of a title and how it is read; None for a title like any other, its role where unclear."""
        exact, _loose = _forms(title)
        if exact in self.by_form:
            rank, name = min(self.by_form[exact])
            return name, TitleColumn(0, title, rank=rank)
        critical = critical_title(title)
        known = self.known(title)
        for rank, name in sorted(known):
            if critical is None or self.fields[name].role == critical.role:
                return name, TitleColumn(0, title, rank=rank)
        if critical is not None:
            taken = self._by_role(title, critical) if critical.is_understood else None
            return taken or critical.role
        if group:
            for both in (f"{title} {group}", f"{group} {title}"):
                again = self.known(both)
                if again:
                    rank, name = min(again)
                    return name, TitleColumn(0, title, rank=rank)
        return None

    def _by_role(self, title: str, critical: CriticalTitle) -> tuple[str, TitleColumn] | None:
        role = {PUBLIC: MARK, STATUS_WORD: STATUS}.get(critical.role, critical.role)
        takers = [each for each in self.fields.values() if each.role == role]
        if not takers:
            return None
        taker = _nearest_title(title, takers)
        if critical.role == STATUS_WORD and len(takers) > 1:
            closing = critical.word in _CLOSING
            taker = next((each for each in takers if ("operating" in each.name) == closing), taker)
        turned = critical.role if critical.role in (PUBLIC, STATUS_WORD) else ""
        return taker.name, TitleColumn(0, title, turned, critical.word, _UNDERSTOOD)

    def _chosen_columns(self, name: str, hits: list[TitleColumn], chosen: list[TitleColumn]) -> list[TitleColumn]:
        """Return the columns of a field: those a person chose, else all of one that joins, else the surest title's."""
        own = self.fields[name]
        if own.is_joined:
            return sorted([*chosen, *hits], key=lambda source: source.column)
        if chosen or not hits:
            return chosen
        surest = min(source.rank for source in hits)
        return [source for source in hits if source.rank == surest]

    def _twice(self, columns: list[TitleColumn], titles: Sequence[str], groups: Sequence[str]) -> list[TitleColumn]:
        """Leave of several columns of the same title the one of the place of the service, where that is said."""
        if len(columns) < 2:  # noqa: PLR2004
            return columns
        lines = [fold(f"{groups[c.column]} {aside(titles[c.column])}") for c in columns]
        of_place = [any(word in text for word in _OF_PLACE) and not _is_seat(text) for text in lines]
        if sum(of_place) == 1:
            return [columns[of_place.index(True)]]
        others = [column for column, text in zip(columns, lines, strict=True) if not _is_seat(text)]
        return others if len(others) == 1 else columns


def _is_seat(text: str) -> bool:
    return any(word in text for word in _OF_SEAT) and not text.startswith(_OF_PLACE)


def _nearest_title(title: str, takers: Sequence[Field]) -> Field:
    """Return the field whose titles share most words with a title; of equals the one of the shortest."""
    words = {word[:5] for word in loose_form(title).split()}

    def shared(each: Field) -> tuple[int, int]:
        own = [{word[:5] for word in loose_form(t).split()} for t in each.titles]
        return max((len(words & some), -len(some)) for some in own)

    return max(takers, key=shared)


def _levels(head: Sequence[Sequence[str]], first: int, at: int, width: int) -> tuple[list[str], list[str]]:
    """Return the title of each column (the lowest that says something) and the name of the group above it."""
    titles, groups = [], []
    above = head[first - 1] if first else []
    spread = _spread(above, width) if sum(map(bool, above)) > 1 else [""] * width
    uppers = [_spread(head[row], width) for row in range(first, at)]
    for column in range(width):
        own = [head[row][column] if column < len(head[row]) else "" for row in range(first, at + 1)]
        title = next((cell for cell in reversed(own) if cell), "")
        titles.append(title)
        higher = [row[column] for row in uppers if row[column] and row[column] != title]
        group = higher[-1] if higher and own[-1] else spread[column]
        groups.append(group if group != title else "")
    return titles, groups


def _spread(row: Sequence[str], width: int) -> list[str]:
    """Carry each cell of a row of groups over the blank ones to its right."""
    spread, last = [], ""
    for column in range(width):
        last = (row[column] if column < len(row) else "") or last
        spread.append(last)
    return spread
