"""The sources of registries: which there are and what they cover, withdrawn, restored, put in order."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from commands.console import open_home, operator, print_report
from commands.options import Json
from core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.storage.editions import Edition

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[remove|restore|order KIND SURSĂ…]",
        help="Fără cuvinte: lista. remove retrage o sursă, restore o pune la loc, order: ale cui date merg înainte.",
    ),
]


def sources(words: Words = None, as_json: Json = False) -> None:
    """Arată sursele fiecărui registru: ale cui sunt, de când, ce acoperă; le retrage și le pune la loc."""
    from referrals.homes import home_sources

    if not words:
        print_report(home_sources.sources(open_home()), as_json=as_json)
        return
    action, *named = words
    if action not in ("remove", "restore", "order") or len(named) < 2 or (action != "order" and len(named) > 2):  # noqa: PLR2004
        raise typer.BadParameter(_("scrieți: remove KIND SURSĂ, restore KIND SURSĂ sau order KIND SURSĂ SURSĂ…"))
    home = open_home(require="ledger")
    kind = named[0]
    if action == "order":
        home_sources.put_in_order(home, kind, named[1:])
    else:
        _change(home_sources.remove if action == "remove" else home_sources.restore, kind, named[1])
    print_report(home_sources.sources(home, kind), as_json=as_json)


def _change(change: Callable[..., Edition], kind: str, source: str) -> None:
    from referrals.ledger.ledger import open_ledger

    home = open_home(require="ledger")
    with closing(open_ledger(home)) as ledger:
        change(home, ledger, kind, source, actor=operator())
