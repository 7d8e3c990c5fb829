"""The commands of the case record."""

from commands.case_work.case_records import cases, devices, supervise
from commands.case_work.instruments import instrument

__all__ = ["cases", "devices", "instrument", "supervise"]
