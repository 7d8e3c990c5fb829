"""The commands of the case record."""

from commands.case_work.instruments import instrument

__all__ = ["instrument"]
