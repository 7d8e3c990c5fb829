"""The form in which a provider corrects its entry: what stands now in every field, and what was changed in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import MapError
from core.i18n import _, written_day
from providers.rules.opening_hours import hours_words, read_hours
from referrals.field import corrected_catalogue, field_reports, provider_statements
from referrals.field.provider_statements import AFTER_ACCEPTANCE, FACTS, Statement
from referrals.records import told_facts
from referrals.records.ledger_errors import BadReportError
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from referrals.field.field_reports import FieldReport
    from referrals.workflow.directory import Directory

LONGEST = {"conditions": 300}
LONGEST_VALUE, _LONGEST_DAY = 60, 20
CLOSED_FROM, CLOSED_UNTIL = "closed_from", "closed_until"


class WrongEntryError(BadReportError):
    """A field that has to be set right.

    Parameters
    ----------
    what
        The field, one of `provider_statements.FACTS`.
    words
        What is wrong, in the language of the request.
    """

    def __init__(self, what: str, words: str) -> None:
        super().__init__(words)
        self.what = what


@dataclass(frozen=True)
class EntryField:
    """One field of the form.

    Attributes
    ----------
    what
        One of `provider_statements.FACTS`.
    label, hint
        What is asked, and how it is written.
    value
        What stands now, as it is typed.
    choices
        Code, words and whether it is chosen; none where it is typed.
    has_many
        Whether several may be chosen.
    waits
        Whether the county unit accepts it first.
    most
        Signs that it takes.
    """

    what: str
    label: str
    hint: str
    value: str
    choices: tuple[tuple[str, str, bool], ...]
    has_many: bool
    waits: bool
    most: int


@dataclass(frozen=True)
class SaidBefore:
    """A line of the history.

    Attributes
    ----------
    report_id
        Number of the statement.
    words, when, state
        What was said, the moment and what became of it, in words.
    may_take_back
        Whether it stands still, or waits.
    """

    report_id: int
    words: str
    when: str
    state: str
    may_take_back: bool


def entry_fields(directory: Directory, key: str) -> tuple[EntryField, ...]:
    """Return the fields of a service's form with what stands now.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    key
        The service of a link: never one with a protected address.

    Returns
    -------
    tuple of EntryField
        In the order of `provider_statements.FACTS`; the days of a closure are two fields of the page.
    """
    now = _now(directory, key)
    return tuple(_field(what, now[what]) for what in FACTS)


def _now(directory: Directory, key: str) -> dict[str, str]:
    """Write down what stands of each fact, as the form has it."""
    service: dict[str, Any] = directory.snapshot().catalogue.service(key)
    values = {each.what: each for each in reversed(_accepted(directory, key))}
    found = {what: corrected_catalogue.published(service, what) for what in FACTS}
    for what in corrected_catalogue.NO_COLUMN & set(FACTS):
        found[what] = (values[what].note or values[what].value) if what in values else ""
    return found


def _accepted(directory: Directory, key: str) -> list[FieldReport]:
    return [each for each in field_reports.of_service(directory.ledger, key) if each.state == "accepted"]


def _field(what: str, value: str) -> EntryField:
    chosen = set(value.split(";"))
    return EntryField(
        what=what,
        label=_label(what),
        hint=_hint(what),
        value=value,
        choices=tuple((code, words, code in chosen) for code, words in told_facts.choices_of(what)),
        has_many=what == "languages",
        waits=what in AFTER_ACCEPTANCE,
        most=LONGEST.get(what, LONGEST_VALUE),
    )


def _label(what: str) -> str:
    return {
        "hours": _("Program"),
        "phone": _("Telefon"),
        "email": _("E-mail"),
        "closed": _("Închis temporar"),
        "waiting": _("Listă de așteptare"),
        "languages": _("Limbi vorbite"),
        "wheelchair": _("Intrarea cu scaunul rulant"),
        "address": _("Adresă"),
        "ages": _("Vârstele primite"),
        "conditions": _("Condiții de primire"),
    }[what]


def _hint(what: str) -> str:
    return {
        "hours": _("De exemplu „luni-vineri 8-16, sâmbătă închis”."),
        "phone": _("Al serviciului, unul sau două; nu al unei persoane."),
        "address": _("Strada și numărul."),
        "ages": _("De exemplu 18-65, sau 60- pentru „de la 60 de ani”."),
        "conditions": _("Ce acte și ce decizii cereți. Fără nume de persoane."),
    }.get(what, "")


def read_statements(directory: Directory, key: str, typed: Mapping[str, str]) -> list[Statement]:
    """Understand the form: only what differs from what stands is said.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    key
        The service.
    typed
        By fact, as typed; CLOSED_FROM and CLOSED_UNTIL stand for the closure. A fact that is missing is not said.

    Returns
    -------
    list of Statement
        In the order of `provider_statements.FACTS`.

    Raises
    ------
    WrongEntryError
        For a field that cannot be understood.
    """
    service = directory.published().service(key)
    now, items = _now(directory, key), []
    days = [typed.get(name, "").strip()[:_LONGEST_DAY] for name in (CLOSED_FROM, CLOSED_UNTIL)]
    fields = {**typed, "closed": "/".join(days) if any(days) else now["closed"]}
    for what in FACTS:
        if what not in fields or fields[what].strip() == now[what]:
            continue
        text = fields[what].strip()[: LONGEST.get(what, LONGEST_VALUE) + 1]
        try:
            each = _statement(directory, service, key, what, text)
        except MapError as error:
            raise WrongEntryError(what, str(error)) from error
        if (each.note or each.value) != now[what]:
            items.append(each)
    return items


def _statement(directory: Directory, service: dict[str, Any], key: str, what: str, text: str) -> Statement:
    doubted = corrected_catalogue.doubted(service, what, key=key)
    if len(text) > LONGEST.get(what, LONGEST_VALUE):
        raise BadReportError(
            _("Textul este prea lung: cel mult {n} de semne.").format(n=LONGEST.get(what, LONGEST_VALUE))
        )
    if what == "conditions":
        return Statement(doubted, what, "", text)
    value = corrected_catalogue.validate_value(what, text, service, directory.gazetteer)
    if what == "hours" and value and read_hours(value) is None:
        raise BadReportError(
            _("Program: „{found}” nu se poate citi. Scrieți-l ca „luni-vineri 8-16”.").format(found=text[:40])
        )
    return Statement(doubted, what, value)


def said_before(directory: Directory, key: str) -> list[SaidBefore]:
    """List what the provider said before of a service, the latest first, each with what became of it.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    key
        The service.

    Returns
    -------
    list of SaidBefore
        Of every state.
    """
    return [
        SaidBefore(
            each.report_id,
            f"{_label(each.what)}: {statement_words(each)}",
            moment_words(each.reported_at),
            _state_words(each.state),
            each.state in ("open", "accepted"),
        )
        for each in provider_statements.statements_of(directory.ledger, key)
    ]


def _state_words(state: str) -> str:
    return {
        "open": _("așteaptă unitatea județeană"),
        "accepted": _("se arată"),
        "rejected": _("refuzat de unitatea județeană"),
        "withdrawn": _("retras sau înlocuit"),
    }[state]


def statement_words(report: FieldReport) -> str:
    """Return what a statement says, in the language of this request; a dash where it says that there is none."""
    if report.what == "closed":
        first, last = field_reports.parse_period(report.value)
        return " – ".join("…" if day is None else written_day(day) for day in (first, last))
    if told_facts.choices_of(report.what):
        return told_facts.choice_words(report.what, report.value) or "–"
    if report.what == "hours":
        return hours_words(report.value or None) or "–"
    return report.note or report.value or "–"
