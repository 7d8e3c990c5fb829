"""Parts of work done by the workers of a Dask scheduler, when one is named.

What goes there is what an analysis needs and no more: places, services and numbers that are public, never a person.
Whoever reaches a scheduler can run programs on its workers, so it stands in a closed network, or asks for certificates
(tls://); docs/operations.md.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import MapError
from core.i18n import _
from core.processes.partitioned_work import ONE_PROCESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.processes.partitioned_work import PartRunner, Rows, Shared, WorkPart

Kept = TypeVar("Kept")
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:\d{1,5}")
_CONNECT_S = 5.0  # of a scheduler that answers, connecting takes milliseconds
_WITHOUT_WORKERS_S = 30.0  # so long may all workers be away: one that fell is started again by its nanny
_LOOK_S = 1.0
# What the digits of an analysis may depend on.
_PROGRAM = ("numpy", "scipy", "pandas", "pyproj", "shapely", "pykdtree", "rapidfuzz")
_ROOMS = ("core", "geo", "providers")  # whose code the parts are made of; the number of a release says too little of it


class SchedulerError(MapError):
    """A scheduler that was named cannot be reached, has no workers or lost the work."""


@contextmanager
def part_runner(scheduler: str) -> Iterator[PartRunner]:
    """Open whoever does parts of work: the workers of a scheduler, or this process where none is named.

    Parameters
    ----------
    scheduler
        `tcp://HOST:PORT` or `tls://HOST:PORT`; empty = this process.

    Yields
    ------
    PartRunner
        Until the end of the block.

    Raises
    ------
    SchedulerError
        Where nobody answers there, where it has no workers, or where they run another program.
    """
    if not scheduler:
        yield ONE_PROCESS
        return
    if not _ADDRESS.fullmatch(scheduler):
        raise SchedulerError(_("Adresa planificatorului se scrie tcp://GAZDĂ:PORT sau tls://GAZDĂ:PORT."))
    import dask
    import distributed

    connect: Callable[..., Any] = distributed.Client
    # Its own tracebacks of a connection that failed are said here in a sentence.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100GB"}):
        try:
            client: Any = connect(scheduler, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, ValueError, RuntimeError):
            raise SchedulerError(
                _(
                    "Planificatorul Dask de la {address} nu răspunde. Verificați adresa și că rulează „dask scheduler” "
                    "sau repetați comanda fără --scheduler: calculul se face atunci aici, cu același rezultat."
                ).format(address=scheduler)
            ) from None
        try:
            _require_same_program(client, scheduler)
            yield DaskWorkers(client, scheduler)
        finally:
            with suppress(Exception):  # a scheduler that is gone needs no farewell
                client.close(timeout=_CONNECT_S)


@dataclass(frozen=True)
class DaskWorkers:
    """Does parts on the workers of a scheduler.

    A part whose worker is lost is done again by another. What parts share goes to each worker once, and comes from the
    scheduler again where every worker that had it is lost.

    Attributes
    ----------
    client
        The connection.
    address
        Where it leads.
    divides
        True: each part may go to another worker.
    """

    client: Any
    address: str
    divides: bool = True

    def run(
        self, work: Callable[[Shared, WorkPart], Rows], shared: Shared, parts: Sequence[WorkPart]
    ) -> Iterator[Rows]:
        """Yield the rows of each part in the order of the parts; SchedulerError where the work is lost for good."""
        try:
            held = self.client.submit(_keep, shared, pure=False)
            waiting = [self.client.submit(work, held, part, pure=False) for part in parts]
            waiting.reverse()
            while waiting:
                yield self._result(waiting[-1])
                waiting.pop()  # its rows need not be kept there any longer
        except (OSError, CancelledError):
            raise self._lost_error() from None

    def _result(self, future: Any) -> Any:
        """Wait for a part for as long as somebody works."""
        from distributed.scheduler import KilledWorker

        seen = time.monotonic()
        while True:
            try:
                return future.result(timeout=_LOOK_S)
            except TimeoutError:  # of the wait, unless the part itself raised it: it may end just now
                if future.status == "error":
                    raise future.exception() from None
            except KilledWorker:
                raise self._lost_error() from None
            if _workers(self.client):
                seen = time.monotonic()
            elif time.monotonic() - seen > _WITHOUT_WORKERS_S:
                raise _no_workers_error(self.address)

    def _lost_error(self) -> SchedulerError:
        return SchedulerError(
            _(
                "Calculul s-a pierdut la planificatorul de la {address}: legătura s-a întrerupt sau procesele lui de "
                "lucru s-au oprit de mai multe ori. Repetați comanda; fără --scheduler, calculul se face aici."
            ).format(address=self.address)
        )


def _keep(shared: Kept) -> Kept:
    """Hold at a worker what parts share."""
    return shared


def _program() -> tuple[str, ...]:
    """Say what runs here."""
    return (
        *map(str, sys.version_info[:2]),
        *map(version, _PROGRAM),
        _digest_of_code(Path(__file__).resolve().parents[2]),
    )


@cache
def _digest_of_code(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for room in _ROOMS for path in (root / room).rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _require_same_program(client: Any, address: str) -> None:
    """Raise SchedulerError where there are no workers, or where they could compute other digits than this process."""
    until = time.monotonic() + _CONNECT_S
    while not _workers(client):
        if time.monotonic() > until:
            raise _no_workers_error(address)
        time.sleep(0.1)
    try:
        theirs = set(client.run(_program).values())
    except Exception:  # noqa: BLE001 - whatever a program that is not this one raises
        theirs = set()
    if theirs != {_program()}:
        raise SchedulerError(
            _(
                "Procesele de lucru ale planificatorului de la {address} rulează alt program sau alte versiuni decât "
                "acesta, așa că rezultatul ar putea fi altul. Instalați peste tot aceeași versiune."
            ).format(address=address)
        )


def _no_workers_error(address: str) -> SchedulerError:
    return SchedulerError(
        _(
            "Planificatorul de la {address} nu are niciun proces de lucru. Porniți unul cu „dask worker {address}”, "
            "sau repetați comanda fără --scheduler."
        ).format(address=address)
    )
