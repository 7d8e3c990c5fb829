"""`harta import cases`: the people of a list become cases of a community, each once, however often it is brought.

The code of a case is made of the number in the list with the key of the database: the same number gives the same code,
and nobody without the key comes from one to the other. The number itself is kept nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cases.exchange import CaseBook, CaseChange, ExchangeContext, exchange_changes, parse_change
from cases.exchange.change_fields import code_of_digest
from cases.figures.case_figures import freeze_filed
from cases.list_import.list_guards import KIND_WORDS, is_household_number, personal_cell, rows_of_list
from cases.list_import.list_report import CaseImport, explained, shown
from cases.list_import.list_rules import ListedPerson, ListPlaces, RefusedRow, columns_of, read_list, titles_row
from cases.list_import.listed_codes import codes_column, read_codes
from cases.record.book_rows import WantedRows, read_book, write_book
from cases.record.record_exchange import context_of, edition_in_force, instrument_in_force, instruments_of, write_trail
from core.errors import BadValueError, MissingColumnError
from core.i18n import _, ngettext, number
from geo.gazetteer import load_gazetteer
from geo.gazetteer.community_places import community_places
from referrals.database import audit
from referrals.database.tables import case_tables
from referrals.ledger.provider_tokens import signing_key
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from cases.instrument import Instrument
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

Accepted = tuple[ListedPerson, list[str]]  # a row, and its codes of findings


def import_cases(
    home: Home,
    ledger: Ledger,
    path: Path,
    uat_siruta: int,
    *,
    actor: Actor,
    as_of: date | None = None,
    dry_run: bool = False,
) -> CaseImport:
    """Bring the people of a list as cases of a community, source `import`.

    Parameters
    ----------
    home, ledger
        Whose instrument names findings, and where the record is kept.
    path
        A CSV or a workbook with the columns of the nurses' application, without names, personal numbers, telephones
        and addresses.
    uat_siruta
        The community.
    actor
        A member of its team, who becomes the manager of the cases, or the administrator: then they have none yet.
    as_of
        The day of the list, by which its codes are read; None = today.
    dry_run
        Whether nothing is written.

    Returns
    -------
    CaseImport
        Rows are loaded or refused, none is lost; a list brought again gives nobody a second case.

    Raises
    ------
    NotAllowedError
        For whoever may not bring lists to this community.
    PersonalDataError
        Where the list has columns that say who people are.
    UnreadableFileError, MissingColumnError, BadValueError
        Where the file is no such list, or its day is to come.
    """
    here = community_places(load_gazetteer(home), uat_siruta)
    roles.require(actor, "case.import", Area(here.county, uat_siruta))
    if as_of is not None and as_of > ledger.today():
        raise BadValueError(_("Ziua listei este în viitor."))
    read = _ListFile(path)
    codes = _ListCodes(signing_key(ledger), uat_siruta)
    worker = replace(actor, county=here.county, uat_siruta=uat_siruta)
    places = ListPlaces(here.villages, here.uat_name, (here.county, here.county_name))
    with ledger.store.read() if dry_run else ledger.store.write() as connection:
        if not dry_run:
            audit.lock(connection, [f"cases:{uat_siruta}"])
        context = context_of(connection, worker, codes.of("D", "list"), ledger.clock(), instruments_of(home))
        book = _book(connection, codes, read, uat_siruta)
        day = (as_of or ledger.today()).isoformat()
        accepted, refused = _sorted(read, places, book, codes, instrument_in_force(home), day, ledger.today())
        owner = actor.account if actor.role == "team" else ""
        changes = _changes(accepted, book, codes, context, owner=owner, edition=edition_in_force(home), day=day)
        _apply(book, changes, context)
        report = CaseImport(
            file=path.name[-120:],
            rows=len(read.rows),
            loaded=len(accepted),
            households=sum(change.kind == "household.open" for _row, change in changes),
            findings=sum(change.kind == "finding.add" for _row, change in changes),
            refused=tuple(refused),
            unread=read.unread,
            notes=tuple(_notes(connection, codes, read, context)),
            pairs=tuple(_pairs(accepted, refused, read, codes)),
            is_dry_run=dry_run,
        )
        if not dry_run:
            freeze_filed(connection, uat_siruta, context.filed, context.now)
            write_book(connection, book)
            write_trail(connection, book.trail, worker, context.now)
            step = audit.AuditEvent("case.import", f"cases:{uat_siruta}", after=str(report.loaded))
            audit.append(connection, f"cases:{uat_siruta}", step, actor=worker, at=context.now)
    return report


class _ListFile:
    """A list as it was read: titles, rows, and where its columns stand."""

    def __init__(self, path: Path) -> None:
        self.whole = rows_of_list(path)
        top = titles_row(self.whole)
        try:
            self.columns = columns_of(self.whole[top] if self.whole else ())
        except MissingColumnError as error:
            raise MissingColumnError(f"{path.name[-120:]}: {error}") from None
        self.titles = self.whole[top]
        self.rows = [row for row, cells in enumerate(self.whole, 1) if row > top + 1 and any(cells)]
        self.codes = codes_column(self.titles)
        used = {*self.columns.values(), self.codes}
        self.unread = tuple(title[:40] for place, title in enumerate(self.titles) if title and place not in used)

    def cell(self, row: int, place: int | None) -> str:
        """Return a cell by the number of its row; "" where the list has no such column, or the row is short."""
        cells = self.whole[row - 1]
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def of_column(self, name: str) -> set[str]:
        """Return what stands in a column."""
        return {self.cell(row, self.columns.get(name)) for row in self.rows} - {""}


@dataclass(frozen=True)
class _ListCodes:
    """Codes of ours for what a list names: the same for the same name in the same community, by the database's key."""

    key: str
    uat_siruta: int

    def of(self, letter: str, name: str) -> str:
        text = f"list:{self.uat_siruta}:{letter}:{name}"
        return code_of_digest(letter, hmac.digest(self.key.encode(), text.encode(), hashlib.sha256))


def _book(connection: Connection, codes: _ListCodes, read: _ListFile, uat_siruta: int) -> CaseBook:
    """Read what is there already of the people and households that a list names."""
    wanted = WantedRows()
    wanted.cases = {codes.of("C", each) for each in read.of_column("id")}
    wanted.households = {codes.of("H", each) for each in read.of_column("household")}
    return read_book(connection, wanted, uat_siruta)


def _sorted(
    read: _ListFile, places: ListPlaces, book: CaseBook, codes: _ListCodes, instrument: Instrument, day: str,
    today: date,
) -> tuple[list[Accepted], list[RefusedRow]]:  # fmt: skip
    """Tell the rows that become cases from those that do not; each is one or the other."""
    known = {each for each in read.of_column("id") if book.get("cases", codes.of("C", each)) is not None}
    taken, found = read_list(read.whole, day=today, places=places, known=known)
    refused = {
        each.row: explained(each, read.whole[each.row - 1], read.titles, read.columns, places.uat_name)
        for each in found
    }
    personal = {row: cell for row in read.rows if (cell := personal_cell(read.whole[row - 1])) is not None}
    for row, (place, kind) in personal.items():
        title = read.titles[place] if place < len(read.titles) else ""
        refused[row] = RefusedRow(
            row, "personal", title, _(KIND_WORDS[kind]), _("nimic din ce spune cine este persoana")
        )
    sees = {rule.code: rule.sees for rule in instrument.rules}
    accepted = []
    for person in taken:
        if person.row in refused:
            continue
        listed, fault = read_codes(read.cell(person.row, read.codes), sees, instrument.without_rule, day)
        why = _fault(person, fault, read, book, codes)
        if why is None:
            accepted.append((person, listed))
        else:
            refused[person.row] = why
    return accepted, [refused[row] for row in sorted(refused)]


def _fault(
    person: ListedPerson, fault: tuple[str, str] | None, read: _ListFile, book: CaseBook, codes: _ListCodes
) -> RefusedRow | None:
    """Say why a row that the telephones' rules take is not taken here; None where it is."""
    if not is_household_number(person.household):
        title = read.titles[read.columns["household"]]
        expected = _("numărul gospodăriei, ca G-12, nu numele ei")
        return RefusedRow(person.row, "household", title, _("cuvinte"), expected)
    if codes.of("C", person.list_id) in book.erased:
        title = read.titles[read.columns["id"]]
        return RefusedRow(person.row, "erased", title, person.list_id, _("pe cineva al cărui dosar nu a fost șters"))
    if fault is not None and read.codes is not None:
        code, expected = fault
        is_code = code.replace("_", "").isalnum() and any(sign.isdigit() or sign == "_" for sign in code)
        found = shown(code) if is_code else _("alte semne")
        return RefusedRow(person.row, "code", read.titles[read.codes], found, expected)
    return None


def _changes(
    accepted: Iterable[Accepted], book: CaseBook, codes: _ListCodes, context: ExchangeContext, *, owner: str,
    edition: str, day: str,
) -> list[tuple[int, CaseChange]]:  # fmt: skip
    """Make the changes that a telephone would make of these people, each with its row."""
    made: list[tuple[int, CaseChange]] = []
    homes: set[str] = set()
    word = _("din lista asistenților medicali")

    def add(row: int, kind: str, body: dict[str, Any], **about: str) -> None:
        change = {"change_id": _new("K"), "device_no": len(made) + 1, "kind": kind, "body": body, **about}
        made.append((row, parse_change({**change, "at": context.now.isoformat()})))

    for person, listed in accepted:
        where = {} if person.locality is None else {"locality_siruta": person.locality}
        home = codes.of("H", person.household) if person.household else ""
        if home and home not in homes and book.get("households", home) is None:
            add(person.row, "household.open", where, household_id=home)
        homes.add(home)
        values = {"opened_on": context.today, "source": "import", "born": person.born, "sex": person.sex, **where}
        case = codes.of("C", person.list_id)
        add(person.row, "case.open", {**values, "household_id": home, "owner": owner}, case_ref=case)
        for code in listed:
            found = {"finding_id": _new("F"), "code": code, "on_day": day, "word": word, "edition": edition}
            add(person.row, "finding.add", found, case_ref=case)
    return made


def _new(letter: str) -> str:
    letters = random_code(10)
    return f"{letter}-{letters[:5]}-{letters[5:]}"


def _apply(book: CaseBook, changes: Sequence[tuple[int, CaseChange]], context: ExchangeContext) -> None:
    """Apply the changes to the book; BadValueError where the rules of cases refuse one: then nothing is written."""
    outcomes = exchange_changes(book, [change for _row, change in changes], context)
    for (row, _change), outcome in zip(changes, outcomes, strict=True):
        if outcome.result != "applied":
            raise BadValueError(_("Rândul {row}: {reason}").format(row=row, reason=outcome.reason))


def _pairs(
    accepted: Iterable[Accepted], refused: Iterable[RefusedRow], read: _ListFile, codes: _ListCodes
) -> list[tuple[str, str]]:
    """Return number and code of who was brought now or before, in the order of the list."""
    rows = {person.row: person.list_id for person, _codes in accepted}
    rows |= {each.row: read.cell(each.row, read.columns["id"]) for each in refused if each.reason == "before"}
    return [(list_id, codes.of("C", list_id)) for list_id in dict.fromkeys(rows[row] for row in sorted(rows))]


def _notes(connection: Connection, codes: _ListCodes, read: _ListFile, context: ExchangeContext) -> list[str]:
    """Say what the import cannot know: cases of a list read on a telephone, and that nobody is there to see them."""
    items = []
    if not context.members:
        items.append(_("Comunitatea nu are încă niciun cont de echipă activ."))
    own = {codes.of("C", each) for each in read.of_column("id")}
    table = case_tables.cases.c
    query = select(table.case_ref).where(
        table.uat_siruta == context.uat_siruta, table.source == "import", table.erased_at.is_(None)
    )
    others = set(connection.execute(query).scalars()) - own
    if others:
        words = ngettext(
            "În comunitate este deja {n} caz adus dintr-o listă, care nu este dintre acestea. Dacă lista a fost citită "
            "și pe un telefon, aceiași oameni au acolo alte coduri: uniți-le la „Cazuri”.",
            "În comunitate sunt deja {n} cazuri aduse dintr-o listă, care nu sunt dintre acestea. Dacă lista a fost "
            "citită și pe un telefon, aceiași oameni au acolo alte coduri: uniți-le la „Cazuri”.",
            len(others),
        )
        items.append(words.format(n=number(len(others))))
    return items
