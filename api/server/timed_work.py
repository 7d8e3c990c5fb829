"""What one process does for all: the timed work of the ledger and of the machine. Another takes over when it ends."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from api.http.dependencies import directory_for
from api.server.bulk_timer import keeping_bulk_files
from api.server.travel_tables import keeping_travel_table
from core.background_work import in_background
from core.errors import MapError
from referrals.database.work_turns import ledger_turn, machine_turn
from referrals.delivery.message_timer import delivering
from referrals.homes.maintenance import maintaining
from referrals.ledger.expiry import expiring

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from core.storage.home import Home
    from referrals.database.work_turns import WorkTurn

EVERY_SECONDS = 3.0
OWN_TURNS: Counter[str] = Counter()  # which turns this process has now: "ledger", "machine"
_log = logging.getLogger("harta.turns")


@contextmanager
def keeping_time(home: Home, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Do the timed work of a home while the block runs, whenever it is this process's turn."""
    ledger = [lambda: expiring(home), lambda: delivering(home, directory_for)]
    machine = [lambda: maintaining(home), lambda: keeping_travel_table(home), lambda: keeping_bulk_files(home)]
    with (
        in_background(
            "ledger-turn", lambda stop: _take_turns("ledger", ledger_turn(home), ledger, stop, every_seconds)
        ),
        in_background(
            "machine-turn", lambda stop: _take_turns("machine", machine_turn(home), machine, stop, every_seconds)
        ),
    ):
        yield


def _take_turns(
    name: str,
    turn: WorkTurn,
    work: Sequence[Callable[[], AbstractContextManager[None]]],
    stop: threading.Event,
    every_seconds: float,
) -> None:
    at_work: ExitStack | None = None
    try:
        while True:
            is_ours = _holds(turn)
            if is_ours and at_work is None:
                at_work = ExitStack()
                for start in work:
                    at_work.enter_context(start())
            elif not is_ours and at_work is not None:
                at_work.close()
                at_work = None
            OWN_TURNS[name] = int(is_ours)
            if stop.wait(every_seconds):
                return
    finally:
        OWN_TURNS[name] = 0
        if at_work is not None:
            at_work.close()
        turn.release()


def _holds(turn: WorkTurn) -> bool:
    try:
        return turn.hold()
    except (MapError, OSError) as error:  # a database may be away when the server starts, and come later
        _log.warning("%s", error)
        return False
