"""What every command does around its one core function: open the home, show that work goes on, print."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

import typer

from core.i18n import _
from core.romanian_calendar import BUCHAREST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from core.storage.home import Home
    from referrals.records.vocabulary import Actor


_OPERATOR = re.compile(r"[\w.@-]{1,40}")
_claimed: ContextVar[str] = ContextVar("operator", default="")
_at_the_end = ExitStack()


class Report(Protocol):
    """A report that can be read by people and by programs."""

    def lines(self) -> list[str]:
        """Return the lines for people."""

    def as_json(self) -> dict[str, object]:
        """Return the same, for programs."""


def open_home(*, require: Literal["all", "ledger", "nothing"] = "all") -> Home:
    """Open the home that HARTA_HOME names; refuse in words where it lost its database or an edition in force.

    require: what must be there. "ledger" for a command that may bring an edition back, "nothing" for one that
    examines the home or brings its database back.
    """
    from core.storage import home
    from referrals.homes.file_permissions import close_to_others
    from referrals.homes.presence import require_present

    found = home.open_home()
    if require != "nothing":
        if notice := require_present(found, editions=require == "all"):
            typer.echo(notice, err=True)
        # Whatever the command writes under the home is for its owner alone, by whichever library it is written.
        _at_the_end.callback(close_to_others, found)
    return found


def end() -> None:
    """Do what is left to do when a command has ended, well or not."""
    _at_the_end.close()


def operator_account() -> str:
    """Return how the audit log names who acts at the command line: the system's user, and the name given by `--as`.

    A name can be claimed; the user of the system stands beside it, so that a claim shows.
    """
    user = f"cli:{_system_user()[:30]}"
    return f"{user}:{_claimed.get()}" if _claimed.get() else user


def operator() -> Actor:
    """Return who acts at the command line: whoever may open the home's files may do all in it."""
    from referrals.records.vocabulary import Actor

    return Actor("admin", account=operator_account())


def act_as(name: str) -> None:
    """Let this run act under a name; typer.BadParameter for one that is none."""
    tidy = name.strip()
    if tidy and not _OPERATOR.fullmatch(tidy):
        raise typer.BadParameter(_("--as: litere, cifre și . _ - @, cel mult 40 de semne, fără spații"))
    _claimed.set(tidy)


def _system_user() -> str:
    try:
        import pwd
    except ImportError:  # Windows
        import getpass

        return getpass.getuser()
    # By number: the environment can say any name.
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def today() -> date:
    """Return the day it is in Romania."""
    return datetime.now(BUCHAREST).date()


def day_named(text: str) -> date:
    """Return the day that an option says; typer.BadParameter for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("„{text}” nu este o zi de forma AAAA-LL-ZZ").format(text=text)) from None


@contextmanager
def working(text: str) -> Iterator[Callable[[str], None]]:
    """Show a line while long work goes on, and what it is told meanwhile: on a terminal only, never in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _words: None
        return
    from rich.console import Console
    from rich.text import Text

    # A file may be called [/b] or :smile: – in plain words rich would read its own markup.
    with Console(stderr=True).status(Text(text)) as status:
        yield lambda words: status.update(Text(words))


def print_json(content: object) -> None:
    """Print for programs."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))


def print_lines(lines: Iterable[str]) -> None:
    """Print for people."""
    for line in lines:
        typer.echo(line)


def print_report(report: Report, *, as_json: bool) -> None:
    """Print a report, for people or for programs."""
    if as_json:
        print_json(report.as_json())
    else:
        print_lines(report.lines())


def print_facts(facts: dict[str, object], *, as_json: bool) -> None:
    """Print named facts, a line each, without those that say nothing."""
    if as_json:
        print_json(facts)
    else:
        print_lines(f"{name}: {value}" for name, value in facts.items() if value not in (None, ""))
