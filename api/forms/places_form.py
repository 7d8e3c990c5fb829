"""What a provider says of its places: to who called it, or by its own link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_KEY, FieldError
from core.i18n import _
from referrals.records.ledger_errors import BadReportError
from referrals.records.vocabulary import STATUSES, status_label
from referrals.workflow.field_intake import CALL_OUTCOMES

if TYPE_CHECKING:
    from api.forms.form_fields import Fields

MOST_PLACES = 9999
ONE_TAP = 5  # so many places are noted with one tap; more are typed


@dataclass(frozen=True)
class PlacesForm:
    """How many places are free, or a word for it.

    Attributes
    ----------
    status
        `free`, or the word: full, waitlist and so on.
    free
        Places free; None where the word says no number.
    """

    status: str
    free: int | None

    @classmethod
    def parse(cls, fields: Fields) -> PlacesForm | FieldError:
        """Understand the fields; where the number is missing or cannot be, say so."""
        status, typed = fields.text("stare", 12) or "free", fields.text("locuri", 6)
        is_number = typed.isascii() and typed.isdigit()
        if status not in STATUSES or (status == "free" and not is_number):
            return FieldError("locuri", _("Scrieți câte locuri libere sunt."))
        if status == "free" and int(typed) > MOST_PLACES:
            return FieldError("locuri", _("Sunt prea multe locuri: verificați numărul."))
        return cls.of(status, int(typed) if status == "free" else None)

    @classmethod
    def of(cls, status: str, number: int | None = None) -> PlacesForm:
        """Make one of a word and the number that belongs to it: full is none at all, other words have no number."""
        return cls(status, number if status == "free" else 0 if status == "full" else None)

    @property
    def reported_status(self) -> str | None:
        """The word for the ledger: a number that is free needs none."""
        return None if self.status == "free" else self.status


@dataclass(frozen=True)
class CallForm:
    """What a call to a provider told, or that it told nothing.

    Attributes
    ----------
    outcome
        Of `field_intake.CALL_OUTCOMES`: why nobody said anything; "" where somebody did.
    places
        What was said; None where nobody said anything.
    key
        Makes a form sent twice one call.
    """

    outcome: str
    places: PlacesForm | None
    key: str

    @classmethod
    def parse(cls, fields: Fields) -> CallForm | FieldError:
        """Understand the fields; where places were said and cannot be, say so."""
        outcome, key = fields.text("stare", 12), fields.text("cheie", LONGEST_KEY)
        if outcome in CALL_OUTCOMES:
            return cls(outcome, None, key)
        form = PlacesForm.parse(fields)
        return form if isinstance(form, FieldError) else cls("", form, key)


def parse_count(typed: str) -> int:
    """Return a number of places as it was typed; BadReportError where it cannot be one."""
    if not (typed.isascii() and typed.isdigit()) or int(typed) > MOST_PLACES:
        raise BadReportError(_("„{found}” nu este un număr de locuri.").format(found=typed))
    return int(typed)


@dataclass(frozen=True)
class CallButtons:
    """The buttons on which places are said.

    words: those for no number. known: what stands there so far. key: makes a form sent twice one note; "" = none.
    """

    words: tuple[tuple[str, str], ...]
    one_tap: int
    most: int
    known: str
    key: str = ""


def call_choices() -> list[tuple[str, str]]:
    """List the words that stand for a number of places, as a call may tell them: code and words. None free is a 0."""
    return [(status, status_label(status).capitalize()) for status in ("waitlist", "assess", "open")]
