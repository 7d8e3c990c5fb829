"""What is said before a referral: the ground, the agreement and its day, the case, a remark; and which service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from api.forms.form_fields import FieldError
from core.i18n import _
from core.romanian_calendar import BUCHAREST
from referrals.records.ledger_errors import BadReferralError, PersonalDataError, SecondPlaceError, UnknownCaseError

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from core.errors import MapError


@dataclass(frozen=True)
class ConsentForm:
    """What was said before a referral, as it was typed: whether it is enough is the ledger's to say.

    Attributes
    ----------
    basis
        Legal basis: consent, public_task or vital_interest.
    agreed_on
        Day on which the person agreed, where that is the basis: 2026-11-30 or, where it was typed, 30.11.2026.
    case_ref
        Code of a case that is known already; "" = a new one.
    note
        Free text.
    second_place
        Whether two places of a kind are meant.
    """

    basis: str
    agreed_on: str
    case_ref: str
    note: str
    second_place: bool

    @classmethod
    def parse(cls, fields: Fields) -> ConsentForm:
        """Read the fields; none of them has to be there."""
        return cls(
            basis=fields.text("temei"),
            agreed_on=fields.text("acord_la", 20),
            case_ref=fields.text("caz", 20),
            note=fields.text("nota", 1000),
            second_place=fields.is_ticked("al_doilea"),
        )

    @property
    def consent_at(self) -> datetime | None:
        """When the person agreed: now for today, noon for an earlier day; None where nobody said so."""
        if self.basis != "consent":
            return None
        day = typed_day(self.agreed_on)
        if day is None:
            return None
        now = datetime.now(UTC)
        return now if day == today() else datetime.combine(day, time(12), BUCHAREST)


@dataclass(frozen=True)
class ChosenServiceForm:
    """The service that a button named, and what the form of the button carried along beside the question.

    replaces: number of the referral that a new one is to take the place of. key: makes a form sent twice one referral.
    action: what is to be done with the links of the service.
    """

    service_id: str
    replaces: str
    case_ref: str
    key: str
    action: str

    @classmethod
    def parse(cls, fields: Fields) -> ChosenServiceForm:
        """Read the fields; whether there is such a service, and for whom, the ledger and the catalogue say."""
        return cls(
            service_id=fields.text("serviciu"),
            replaces=fields.text("inlocuieste", 20),
            case_ref=fields.text("caz", 20),
            key=fields.text("cheie", 60),
            action=fields.text("fapta"),
        )


def field_error(error: MapError, form: ConsentForm) -> FieldError:
    """Say beside which field a refusal of the ledger belongs.

    Parameters
    ----------
    error
        Why the referral was not made.
    form
        What the form said.

    Returns
    -------
    FieldError
        Its field is `temei`, `acord_la`, `caz`, `nota` or `al_doilea`; empty where it is about none of them.
    """
    match error:
        case SecondPlaceError():
            name = "al_doilea"
        case PersonalDataError():
            name = "nota"
        case UnknownCaseError():
            name = "caz"
        case BadReferralError() if not form.basis:
            name = "temei"
        case BadReferralError() if form.basis == "consent" and (form.consent_at is None or _is_ahead(form.consent_at)):
            name = "acord_la"
        case _:
            name = ""
    return FieldError(name, str(error))


def _is_ahead(moment: datetime) -> bool:
    return moment.astimezone(BUCHAREST).date() > today()


def bases() -> tuple[tuple[str, str], ...]:
    """List the legal bases of a referral and how each is said; none of them is chosen beforehand."""
    return (
        ("consent", _("persoana (sau reprezentantul) și-a dat acordul")),
        ("public_task", _("obligația legală de asistență")),
        ("vital_interest", _("viața sau sănătatea este în pericol")),
    )


def typed_day(text: str) -> date | None:
    """Read a day as a browser sends it or as it is typed: 2026-11-30, 30.11.2026; None where it is none."""
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in reversed(text.strip().split("."))))
    except ValueError:
        return None


def today() -> date:
    """Return the day in Romania."""
    return datetime.now(BUCHAREST).date()
