"""How messages come: what somebody chooses for oneself, and what a provider is reached by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.forms.form_fields import Fields

_LONGEST_MAIL, _LONGEST_PHONE = 120, 40  # characters


@dataclass(frozen=True)
class AddressForm:
    """Where messages go, as typed: `referrals.outbox.address_choices` tidies and refuses."""

    email: str
    phone: str

    @classmethod
    def parse(cls, fields: Fields) -> AddressForm:
        """Cut what is too long."""
        return cls(fields.text("email", _LONGEST_MAIL), fields.text("telefon", _LONGEST_PHONE))


@dataclass(frozen=True)
class RhythmForm:
    """How often messages come and in which language, by their codes; what is no code is refused where it is kept."""

    rhythm: str
    language: str

    @classmethod
    def parse(cls, fields: Fields) -> RhythmForm:
        """Cut what is too long."""
        return cls(fields.text("ritm", 10), fields.text("limba", 2))


@dataclass(frozen=True)
class OwnSettingsForm:
    """What somebody chose. quiet: first and last hour of rest; None = no rest."""

    address: AddressForm
    choice: RhythmForm
    quiet: tuple[int, int] | None

    @classmethod
    def parse(cls, fields: Fields) -> OwnSettingsForm:
        """Understand the fields; hours that are none, or one alone, are no rest."""
        first, end = fields.text("de_la", 2), fields.text("pana_la", 2)
        hours = (int(first), int(end)) if first.isdecimal() and end.isdecimal() else None
        return cls(AddressForm.parse(fields), RhythmForm.parse(fields), hours)
