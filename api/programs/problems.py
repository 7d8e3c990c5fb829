"""What another program is told when something cannot be done: problems by RFC 9457, which never repeat what was sent.

A refusal of the core is a sentence for whoever typed, and often says what they typed. Here it is known by its class:
a type, a title, a sentence of our own.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from core.errors import (
    AmbiguousPlaceError,
    BadValueError,
    EditionError,
    HomeError,
    MapError,
    NotAllowedError,
    PlaceNotChosenError,
    UnknownCodeError,
)
from core.i18n import _, language
from providers.finder.query_parsing import BadQuestionError
from referrals.interchange.change_feed import FeedBegunAnewError
from referrals.records.ledger_errors import (
    BadReferralError,
    BadReportError,
    BadWebhookError,
    ClosedServiceError,
    KeyReusedError,
    NoPlaceError,
    PersonalDataError,
    SecondPlaceError,
    StoreBusyError,
    StoreDamagedError,
    StoreFullError,
    StoreLostError,
    StoreReadOnlyError,
    UnknownCaseError,
    UnknownReferralError,
    UnknownWebhookError,
    WrongStateError,
)
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
REFERENCE = "/api/v1/docs"
RETRY_SECONDS = 10
_LOG = logging.getLogger("harta.api")
_FRAMES = 12


@dataclass(frozen=True)
class ProblemForm:
    """How a standard wants refusals: their media type, other statuses than ours, and what is made of a problem."""

    media_type: str = MEDIA_TYPE
    statuses: Mapping[int, int] = field(default_factory=dict)
    write: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def status(self, ours: int) -> int:
        """Return the status of a refusal."""
        return self.statuses.get(ours, ours)


RFC_9457 = ProblemForm()
problem_form: ContextVar[ProblemForm] = ContextVar("problem_form", default=RFC_9457)


@dataclass
class ProblemError(Exception):
    """A request that cannot be done.

    Attributes
    ----------
    name
        Of the problem, in `STATUSES` and `sentences`.
    more
        Members beside those of RFC 9457.
    headers
        Of the answer.
    """

    name: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


STATUSES = {
    "unauthorized": 401,
    "out-of-scope": 403,
    "not-allowed": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "idempotency-key-needed": 400,
    "malformed": 400,
    "feed-begun-anew": 410,
    "too-large": 413,
    "range": 416,
    "unsupported-media-type": 415,
    "invalid": 422,
    "unknown-place": 422,
    "ambiguous-place": 422,
    "unknown-code": 422,
    "unknown-case": 422,
    "personal-data": 422,
    "not-offered": 409,
    "no-place": 409,
    "closed": 409,
    "wrong-state": 409,
    "second-place": 409,
    "key-reused": 409,
    "not-imported": 409,
    "conflict": 409,
    "too-many-requests": 429,
    "unavailable": 503,
    "fault": 500,
}
# By class, the narrower before the wider.
_OF_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (AmbiguousPlaceError, "ambiguous-place"),
    (PlaceNotChosenError, "unknown-place"),
    (UnknownCodeError, "unknown-code"),
    (UnknownReferralError, "not-found"),
    (UnknownWebhookError, "not-found"),
    (NotAllowedError, "not-allowed"),
    (UnknownCaseError, "unknown-case"),
    (PersonalDataError, "personal-data"),
    (NotOfferedError, "not-offered"),
    (NoPlaceError, "no-place"),
    (ClosedServiceError, "closed"),
    (WrongStateError, "wrong-state"),
    (SecondPlaceError, "second-place"),
    (KeyReusedError, "key-reused"),
    (FeedBegunAnewError, "feed-begun-anew"),
    (StoreBusyError, "unavailable"),
    (StoreDamagedError, "unavailable"),
    (StoreFullError, "unavailable"),
    (StoreLostError, "unavailable"),
    (StoreReadOnlyError, "unavailable"),
    (HomeError, "unavailable"),
    (BadQuestionError, "invalid"),
    (BadReferralError, "invalid"),
    (BadReportError, "invalid"),
    (BadWebhookError, "invalid"),
    (BadValueError, "invalid"),
    (EditionError, "not-imported"),
    (MapError, "conflict"),
)
_OF_STATUSES = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 415: "unsupported-media-type"}


def sentences(name: str) -> tuple[str, str]:
    """Return title and detail of a problem in the language of the request."""
    return {
        "unauthorized": (_("Lipsește cheia"), _("Trimiteți o cheie valabilă: Authorization: Bearer harta_…")),
        "out-of-scope": (
            _("Cheia nu are acest drept"),
            _("Cereți administratorului o cheie cu dreptul numit în „scope”."),
        ),
        "not-allowed": (_("Nu este permis"), _("Rolul sau zona cheii nu permit această acțiune.")),
        "not-found": (_("Nu există"), _("Nu există nimic la această adresă pentru cheia dumneavoastră.")),
        "method-not-allowed": (_("Metodă nepermisă"), _("Adresa există, dar nu cu această metodă.")),
        "idempotency-key-needed": (
            _("Lipsește cheia de idempotență"),
            _("Trimiteți antetul Idempotency-Key: aceeași valoare la fiecare reluare a aceleiași cereri."),
        ),
        "malformed": (_("Cerere care nu se poate citi"), _("Corpul cererii nu este JSON în UTF-8.")),
        "feed-begun-anew": (
            _("Fluxul a reînceput"),
            _("Baza de date a fost restaurată. Citiți din nou fluxul de la început, fără „after”."),
        ),
        "too-large": (_("Cerere prea mare"), _("Corpul unei cereri are cel mult 64 KB.")),
        "range": (
            _("Interval în afara fișierului"),
            _("Cereți octeți dinaintea sfârșitului: mărimea e în Content-Range."),
        ),
        "unsupported-media-type": (_("Tip de conținut neprimit"), _("Trimiteți Content-Type: application/json.")),
        "invalid": (
            _("Cerere cu valori nepotrivite"),
            _("Câmpurile nepotrivite sunt în „errors”; regulile lor, în documentație."),
        ),
        "unknown-place": (
            _("Loc necunoscut"),
            _("Nu am găsit locul. Scrieți-l „Localitate, Județ” sau trimiteți codul SIRUTA."),
        ),
        "ambiguous-place": (_("Mai multe locuri cu acest nume"), _("Alegeți unul dintre cele din „choices”.")),
        "unknown-code": (
            _("Cod necunoscut"),
            _(
                "Codurile nevoilor sunt la /api/v1/needs, ale serviciilor, registrelor și grupurilor la "
                "/api/v1/taxonomy, ale zonelor la /api/v1/areas."
            ),
        ),
        "unknown-case": (_("Caz necunoscut"), _("Codul de caz nu a fost făcut aici, sau cazul este al altei zone.")),
        "personal-data": (_("Date personale în text"), _("Scoateți din mențiuni numele, telefonul și CNP-ul.")),
        "not-offered": (
            _("Serviciul nu mai este oferit"),
            _("Răspunsul de acum nu mai are acest serviciu pentru persoana dată."),
        ),
        "no-place": (
            _("Nu mai este loc"),
            _("Serviciul nu are niciun loc liber acum. Cereți din nou cele mai apropiate servicii."),
        ),
        "closed": (_("Serviciu închis temporar"), _("Serviciul este închis astăzi și nu primește persoane.")),
        "wrong-state": (
            _("Pas care nu se poate face acum"),
            _("Referirea este în altă stare. Citiți-o și alegeți alt pas."),
        ),
        "second-place": (_("Al doilea loc pentru același caz"), _("Cazul are deja un loc pentru această nevoie.")),
        "key-reused": (
            _("Cheie de idempotență refolosită"),
            _("Cheia a fost trimisă înainte cu altă cerere. Folosiți una nouă."),
        ),
        "not-imported": (_("Date neimportate"), _("Registrul sau stratul din care se calculează nu a fost importat.")),
        "conflict": (_("Nu se poate acum"), _("Starea de acum nu permite cererea.")),
        "too-many-requests": (_("Prea multe cereri"), _("Așteptați secundele din antetul Retry-After.")),
        "unavailable": (
            _("Indisponibil pentru moment"),
            _("Baza de date nu răspunde. Reluați cererea peste câteva secunde."),
        ),
        "fault": (
            _("Eroare neașteptată"),
            _("Reluați cererea; dacă se repetă, spuneți administratorului codul din „reference”."),
        ),
    }[name]


def problem(name: str, more: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that tells a problem."""
    title, detail = sentences(name)
    if name == "invalid" and "errors" not in (more or {}):
        detail = _("O valoare nu se potrivește cu regula ei sau cu alta trimisă; regulile sunt în documentație.")
    form = problem_form.get()
    status = form.status(STATUSES[name])
    values = {"type": f"{REFERENCE}#{name}", "title": title, "status": status, "detail": detail, **(more or {})}
    kept = {"Cache-Control": "no-store", "Content-Language": language(), **(headers or {})}
    if name == "unavailable":
        kept["Retry-After"] = str(RETRY_SECONDS)
    if name == "unauthorized":
        kept["WWW-Authenticate"] = 'Bearer realm="harta"'
    return JSONResponse(form.write(values), status, headers=kept, media_type=form.media_type)


def problem_of(error: Exception) -> Response | None:
    """Return the problem that an exception is; None for a fault of ours."""
    if isinstance(error, ProblemError):
        return problem(error.name, error.more, error.headers)
    if isinstance(error, HTTPException):
        return problem(_OF_STATUSES.get(error.status_code, "malformed"))
    for kind, name in _OF_ERRORS:
        if isinstance(error, kind):
            more = {"choices": list(error.choices)} if isinstance(error, PlaceNotChosenError) and error.choices else {}
            return problem(name, more)
    return None


def wrong_fields_problem(errors: Sequence[Mapping[str, Any]]) -> Response:
    """Return the problem that fields of a request do not fit their rules."""
    found = _wrong_fields(errors)
    is_unread = any(each["code"] == "json_invalid" for each in found)
    return problem("malformed") if is_unread else problem("invalid", {"errors": found})


def told(error: Exception) -> Response:
    """Return what is said of any exception; a fault is logged by where it came from, without what it says."""
    known = problem_of(error)
    if known is not None:
        return known
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = " < ".join(f"{frame.name} {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    _LOG.error("api fault %s, %s: %s", reference, type(error).__name__, where)
    return problem("fault", {"reference": reference})


def _wrong_fields(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Name the fields that do not fit, and how; a name that the sender made up is what was sent, and is left out."""
    found = []
    for each in errors:
        place = [str(part) for part in each["loc"]]
        if each["type"] == "extra_forbidden":
            place.pop()
        found.append({"at": place[:2], "code": str(each["type"])})
    return found
