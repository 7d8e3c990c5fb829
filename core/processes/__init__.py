"""Several processes and machines: workers, the socket that they share, work in parts, a scheduler of Dask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from core.processes.dask_scheduler import part_runner as part_runner
    from core.processes.listening import listen as listen
    from core.processes.partitioned_work import OneProcess as OneProcess
    from core.processes.partitioned_work import PartRunner as PartRunner
    from core.processes.worker_processes import given_worker as given_worker

__all__ = [
    "OneProcess",
    "PartRunner",
    "given_worker",
    "listen",
    "part_runner",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "OneProcess": "partitioned_work",
        "PartRunner": "partitioned_work",
        "given_worker": "worker_processes",
        "listen": "listening",
        "part_runner": "dask_scheduler",
    },
)
