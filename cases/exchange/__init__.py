"""The exchange with the telephones of a team, as pure functions over rows in memory."""

from cases.exchange.case_book import CaseBook
from cases.exchange.change_kinds import CaseChange, parse_change
from cases.exchange.exchange_context import ExchangeContext
from cases.exchange.exchanging import ChangeOutcome, exchange_changes

__all__ = ["CaseBook", "CaseChange", "ChangeOutcome", "ExchangeContext", "exchange_changes", "parse_change"]
