"""What is answered to a referral: a step of its team or county unit, and the answer of a provider by its link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from api.forms.consent_form import typed_day
from api.forms.form_fields import FieldError
from core.i18n import _
from core.romanian_calendar import BUCHAREST

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from referrals.ledger.link_answers import LinkAnswer

CALL_ME = "call_me"  # what a provider may send instead of an answer
_HOUR = re.compile(r"(\d{1,2})(?:[:.]([0-5]\d))?")
_LAST_HOUR = 23
LINK_ANSWERS: tuple[LinkAnswer, ...] = ("accept", "examine", "decline", "start", "complete", "break_off")


@dataclass(frozen=True)
class StepForm:
    """One step of a referral. key: makes a form sent twice one step."""

    step: str
    reason: str
    key: str

    @classmethod
    def parse(cls, fields: Fields) -> StepForm:
        """Read the fields; whether there is such a step, and now, the ledger says."""
        return cls(fields.text("pas", 20), fields.text("motiv", 30), fields.text("cheie", 60))


@dataclass(frozen=True)
class LinkAnswerForm:
    """The answer of a provider to a referral.

    nonce: what the page was given for one answer. visit_at: for when the person is expected; None = not said.
    """

    step: LinkAnswer
    reason: str
    nonce: str
    visit_at: datetime | None = None

    @classmethod
    def parse(cls, fields: Fields) -> LinkAnswerForm | FieldError:
        """Understand the fields; a step that no provider can take is said in words."""
        step = fields.text("pas", 20)
        if step not in LINK_ANSWERS:
            return FieldError("pas", _("Pasul nu există."))
        visit_at = None
        day, hour = fields.text("ziua", 20), fields.text("ora", 10)
        if step == "accept" and (day or hour):
            visit_at = _typed_moment(day, hour)
            if visit_at is None:
                return FieldError("ziua", _("Scrieți și ziua, și ora, de exemplu 4.12.2026 și 10:00, sau niciuna."))
        return cls(step, fields.text("motiv", 30), fields.text("o_data", 300), visit_at)


def _typed_moment(day: str, hour: str) -> datetime | None:
    on, at = typed_day(day), _HOUR.fullmatch(hour.strip())
    if on is None or at is None or int(at[1]) > _LAST_HOUR:
        return None
    return datetime.combine(on, time(int(at[1]), int(at[2] or 0)), BUCHAREST)
