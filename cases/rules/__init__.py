"""Rules of the case record that need neither database nor telephone: codes, states, terms, who sees what."""

from cases.rules.case_states import counted_month, state_of_case

__all__ = ["counted_month", "state_of_case"]
