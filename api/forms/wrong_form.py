"""What is wrong with a fact of a service: which fact, and what is right where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import FieldError
from core.i18n import _
from referrals.field.field_reports import WHATS, what_label

if TYPE_CHECKING:
    from api.forms.form_fields import Fields

_LONGEST_VALUE, _LONGEST_DAY = 60, 20
IN_WORDS = ("conditions", "other")  # what no column says: the right thing is a note


@dataclass(frozen=True)
class WrongForm:
    """A report from the field as it was typed.

    Attributes
    ----------
    what
        One of `field_reports.WHATS`.
    value
        What is right, as the ledger reads it; may be empty.
    note
        What no other field has room for.
    """

    what: str
    value: str
    note: str = ""

    @classmethod
    def parse(cls, fields: Fields) -> WrongForm | FieldError:
        """Understand the fields: what is wrong has to be chosen; the right value belongs to it."""
        what, right = fields.text("ce", 12), fields.text("corect", _LONGEST_VALUE)
        if what not in WHATS:
            return FieldError("ce", _("Alegeți ce este greșit."))
        if what == "closed":
            days = [fields.text(name, _LONGEST_DAY) for name in ("din", "pana")]
            return cls(what, "/".join(days))
        if what in IN_WORDS:
            return cls(what, "", right) if right else FieldError("corect", _("Scrieți ce este greșit."))
        return cls(what, right if right_hint(what) else "")


def wrong_choices() -> tuple[tuple[str, str], ...]:
    """List what may be wrong: code and words."""
    return tuple((what, what_label(what).capitalize()) for what in WHATS)


def right_hint(what: str) -> str:
    """Return in words what the field beside a fault asks for; empty where no right value belongs to it."""
    return {
        "phone": _("Numărul corect, dacă îl știți"),
        "address": _("Strada și numărul, dacă le știți"),
        "hours": _("Programul corect, dacă îl știți"),
        "moved": _("Localitatea în care este acum, dacă o știți"),
        "name": _("Numele corect, dacă îl știți"),
        "conditions": _("Ce cer de fapt la primire, fără nume de persoane"),
        "other": _("Ce este greșit, fără nume de persoane"),
    }.get(what, "")
