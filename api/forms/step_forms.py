"""What is answered to a referral: a step of its team or county unit, and the answer of a provider by its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import FieldError
from core.i18n import _

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from referrals.ledger.provider_tokens import LinkAnswer

LINK_ANSWERS: tuple[LinkAnswer, ...] = ("accept", "decline", "start", "complete", "break_off")


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
    """The answer of a provider to a referral. nonce: what the page was given for one answer."""

    step: LinkAnswer
    reason: str
    nonce: str

    @classmethod
    def parse(cls, fields: Fields) -> LinkAnswerForm | FieldError:
        """Understand the fields; a step that no provider can take is said in words."""
        step = fields.text("pas", 20)
        if step not in LINK_ANSWERS:
            return FieldError("pas", _("Pasul nu există."))
        return cls(step, fields.text("motiv", 30), fields.text("o_data", 300))
