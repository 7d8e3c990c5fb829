"""What became of a list, row by row, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cases.list_import.list_rules import RefusedRow
from core.i18n import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_FOUND, _MOST_LINES = 20, 40
# Which field a reason is about; what other reasons are about is said where they are found.
_FIELDS = {
    "no_id": "id", "before": "id", "twice": "id", "gone": "status", "no_born": "born", "elsewhere": "place",
}  # fmt: skip


@dataclass(frozen=True)
class CaseImport:
    """What became of a list.

    Attributes
    ----------
    file
        Its name.
    rows, loaded
        How many rows it has, and how many became cases; with `refused` they are all.
    households, findings
        How many were written with them.
    refused
        Each with its row, field, what was found and what is expected.
    unread
        Titles of the columns that nobody looked at.
    notes
        What whoever brings the list should know.
    pairs
        Number of the list and code of the case, also of those that were brought before: for the team alone.
    is_dry_run
        Whether nothing was written.
    """

    file: str
    rows: int
    loaded: int
    households: int
    findings: int
    refused: tuple[RefusedRow, ...]
    unread: tuple[str, ...]
    notes: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = field(repr=False)
    is_dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it for programs, without the pairs."""
        return {
            "file": self.file,
            "rows": self.rows,
            "loaded": self.loaded,
            "rejected": [vars(each) for each in self.refused],
            "households": self.households,
            "findings": self.findings,
            "unread": list(self.unread),
            "notes": list(self.notes),
            "dry_run": self.is_dry_run,
        }

    def lines(self) -> list[str]:
        """Format it in lines, the first rejected rows one by one."""
        words = _("Rânduri: {n}. De adus: {loaded}. Respinse: {rejected}.") if self.is_dry_run else _(
            "Rânduri: {n}. Aduse: {loaded}. Respinse: {rejected}."
        )  # fmt: skip
        text = f"{self.file}: " + words.format(
            n=number(self.rows), loaded=number(self.loaded), rejected=number(len(self.refused))
        )
        one = _("Rândul {row}, coloana „{column}”: am găsit „{found}”, se așteaptă {expected}.")
        listed = [
            one.format(row=each.row, column=each.field, found=each.found, expected=each.expected)
            for each in self.refused[:_MOST_LINES]
        ]
        if (more := len(self.refused) - _MOST_LINES) > 0:
            listed.append(
                ngettext("Și încă {n} rând respins.", "Și încă {n} rânduri respinse.", more).format(n=number(more))
            )
        if self.unread:
            listed.append(_("Coloane care nu se citesc: {titles}").format(titles=", ".join(self.unread)))
        return [text, *listed, *self.notes]


def explained(
    refused: RefusedRow, row: Sequence[str], titles: Sequence[str], columns: Mapping[str, int], uat_name: str
) -> RefusedRow:
    """Say of a refused row which field it is about, what was found there and what is expected.

    Parameters
    ----------
    refused
        With one of the reasons of `list_rules.read_list`.
    row, titles
        Its cells, and the titles of the list.
    columns
        Where each wanted column stands.
    uat_name
        Of the community.

    Returns
    -------
    RefusedRow
        What stands in a column of numbers or days and is neither is not repeated: it may be a name.
    """
    name = _FIELDS[refused.reason]
    at = columns.get(name, columns["id"])
    if refused.reason == "elsewhere" and not _cell(row, at):
        at = columns.get("county", at)
    found = _cell(row, at)
    if name in ("id", "born") and refused.reason not in ("before", "twice"):
        found = found if all(sign.isdigit() or sign in "./-: " for sign in found) else _("alte semne")
    return RefusedRow(refused.row, refused.reason, titles[at], shown(found), _expected(refused.reason, uat_name))


def shown(found: str) -> str:
    """Return what was found, short; words where nothing was."""
    return found[:_MOST_FOUND] or _("nimic")


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _expected(reason: str, uat_name: str) -> str:
    return {
        "no_id": _("un ID de cel mult 20 de cifre, litere, - sau _"),
        "before": _("un ID care nu a mai fost adus"),
        "twice": _("un ID o singură dată"),
        "gone": _("cineva care este în evidență"),
        "no_born": _("o dată a nașterii de până azi, ca 04.05.1950 sau 1950-05-04"),
        "elsewhere": _("{community} sau un sat al ei, în județul ei").format(community=uat_name),
    }[reason]
