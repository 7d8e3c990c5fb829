"""The diagnosis of a community from its cases: who was assessed, what was found, what is asked for and not answered.

Counts of people, without restricted findings and the needs that come of them alone. The team reads what is counted of
needs, its nurse also of findings; everybody else reads fives, rounded down (docs/decisions/0065).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, distinct, func, select

from cases.figures.amc_facts import AmcPerson, read_facts
from cases.figures.case_figures import category_of, communities_of_area
from cases.figures.open_needs import is_open_need
from cases.figures.told_counts import in_fives, rounding_words
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_vocabulary import OPEN_STATES
from core.i18n import _, number
from core.romanian_calendar import BUCHAREST
from providers.rules.needs import need_name
from referrals.database.models import referrals
from referrals.database.tables import case_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

GROUPS = ("all", "children", "adults", "old", "women", "men")
_GROUP_WORDS = {"children": "child", "adults": "VCV_05", "old": "VCV_06", "women": "F", "men": "M"}
_FULL = "no_places"
_YEAR = 365  # days


@dataclass(frozen=True)
class FoundCategory:
    """People of whom something of a category was found and is open.

    Attributes
    ----------
    category
        AMC code.
    people
        By group of `GROUPS`; whose age or sex is not known are in `all` alone.
    year_ago
        How many there were a year before.
    """

    category: str
    people: dict[str, int]
    year_ago: int


@dataclass(frozen=True)
class AskedNeed:
    """People with a need, and of them those without an accepted referral.

    refused: of them, those whose referral was refused for lack of places within a year.
    """

    need: str
    people: int
    unanswered: int
    refused: int

    @property
    def name(self) -> str:
        """Name it."""
        return need_name(self.need)


@dataclass(frozen=True)
class CommunityDiagnosis:
    """What the cases of a community say of it.

    Attributes
    ----------
    uat_siruta, on_day
        Which community, and of which day (ISO).
    people, assessed, with_gaps
        With an open case; of them assessed; of these with questions left unanswered.
    categories
        The most frequent first.
    needs
        Those with most people without an answer first: the order in which a plan may take them up.
    is_rounded
        Whether all of it is told in fives; findings may be where needs are not.
    are_findings_rounded
        Whether the categories are told in fives.
    """

    uat_siruta: int
    on_day: str
    people: int
    assessed: int
    with_gaps: int
    categories: tuple[FoundCategory, ...]
    needs: tuple[AskedNeed, ...]
    is_rounded: bool
    are_findings_rounded: bool

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        sentences = [
            _("Oameni cu un caz deschis: {n}; evaluați: {assessed}, din ei cu întrebări fără răspuns: {gaps}").format(
                n=number(self.people), assessed=number(self.assessed), gaps=number(self.with_gaps)
            )
        ]
        for each in self.categories:
            parts = ", ".join(f"{group_words()[group]} {number(each.people[group])}" for group in GROUPS[1:])
            line = _("{name}: {n} ({parts}); acum un an {before}")
            sentences.append(
                line.format(
                    name=category_words(each.category),
                    n=number(each.people["all"]),
                    parts=parts,
                    before=number(each.year_ago),
                )
            )
        for need in self.needs:
            line = _("{name}: oameni {n}, fără răspuns {open}, refuzați din lipsă de locuri {refused}")
            sentences.append(
                line.format(
                    name=need.name,
                    n=number(need.people),
                    open=number(need.unanswered),
                    refused=number(need.refused),
                )
            )
        return [*sentences, rounding_words()] if self.is_rounded or self.are_findings_rounded else sentences


def group_words() -> dict[str, str]:
    """Name the groups of people."""
    return {
        "all": _("toți"),
        "children": _("copii"),
        "adults": _("adulți"),
        "old": _("vârstnici"),
        "women": _("femei"),
        "men": _("bărbați"),
    }


def category_names() -> dict[str, str]:
    """Name the categories of vulnerability, as the nurses' form has them, by code."""
    return {
        "AS": _("Asigurare socială de sănătate"),
        "CR": _("Comportamente la risc"),
        "DIZ": _("Dizabilități"),
        "DIZ_GR": _("Gradul dizabilității"),
        "DIZ_TIP": _("Tipul dizabilității"),
        "EDU": _("Situația educațională"),
        "FAM": _("Situația familială"),
        "ID": _("Act de identitate"),
        "INC": _("Sursa de venit"),
        "LIV": _("Condiții de locuire"),
        "MF": _("Medic de familie"),
        "NS": _("Nevoi de sănătate"),
        "POV": _("Grad de sărăcie"),
        "PREG": _("Sarcină"),
        "REP": _("Reproducere"),
        "SOC": _("Caz social"),
        "SS": _("Stare de sănătate"),
        "SSA": _("Riscuri de sănătate ale copilului"),
        "SS_B": _("Boală sau categorie de boală"),
        "VIF": _("Violența în familie"),
    }


def category_words(code: str) -> str:
    """Name a category of vulnerability; a code that is none stands for itself."""
    return category_names().get(code, code)


def community_diagnosis(ledger: Ledger, uat_siruta: int, county: str, *, actor: Actor) -> CommunityDiagnosis:
    """Count what the cases of a community say of it today.

    Parameters
    ----------
    ledger
        Where the record is kept.
    uat_siruta, county
        Which community: SIRUTA and letters of its county.
    actor
        Who reads.

    Returns
    -------
    CommunityDiagnosis
        Told as this actor may read it.

    Raises
    ------
    NotAllowedError
        Outside the actor's area.
    """
    roles.require(actor, "case.counts", Area(county, uat_siruta))
    with ledger.store.read() as connection:
        communities_of_area(connection, county, uat_siruta)
    is_rounded = actor.role != "team"
    return diagnosis_in(
        ledger, uat_siruta, is_rounded=is_rounded, are_findings_rounded=is_rounded or actor.profession != "medical"
    )


def diagnosis_in(
    ledger: Ledger, uat_siruta: int, *, is_rounded: bool = True, are_findings_rounded: bool = True
) -> CommunityDiagnosis:
    """Count it, told as is said: for a paper whose readers are not known, in fives."""
    today = ledger.today()
    with ledger.store.read() as connection:
        now = _people(connection, uat_siruta, today)
        before = _people(connection, uat_siruta, today - timedelta(days=_YEAR))
        gaps = _with_gaps(connection, uat_siruta)
        asked = _needs(connection, uat_siruta, today)
    count = in_fives if is_rounded else int
    of_findings = in_fives if are_findings_rounded else int
    earlier = Counter(category for person in before for category in _categories(person))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for person in now:
        groups = ["all", *(group for group, word in _GROUP_WORDS.items() if word in person.words)]
        for category in _categories(person):
            found[category].update(groups)
    categories = [
        FoundCategory(category, {group: of_findings(people[group]) for group in GROUPS}, of_findings(earlier[category]))
        for category, people in found.items()
    ]
    categories.sort(key=lambda each: (-each.people["all"], each.category))  # by what is told: an order tells too
    items = [AskedNeed(need, *map(count, counts)) for need, counts in asked.items()]
    return CommunityDiagnosis(
        uat_siruta,
        today.isoformat(),
        count(len(now)),
        count(sum(person.is_assessed for person in now)),
        count(gaps),
        tuple(each for each in categories if each.people["all"]),
        tuple(sorted((each for each in items if each.people), key=lambda e: (-e.unanswered, -e.people, e.need))),
        is_rounded,
        are_findings_rounded,
    )


def _people(connection: Connection, uat: int, day: date) -> list[AmcPerson]:
    month = day.isoformat()[:7]
    return [person for person in read_facts(connection, month, month, (uat,)).people.values() if person.is_open]


def _categories(person: AmcPerson) -> set[str]:
    return {category_of().get(code, code) for code in person.found.problems}


def _with_gaps(connection: Connection, uat: int) -> int:
    """Count the people of open cases whose newest assessment left questions unanswered."""
    made = t.assessments.c
    query = (
        select(made.case_ref, made.on_day, made.finished_at, made.complete)
        .join(t.cases, t.cases.c.case_ref == made.case_ref)
        .where(t.cases.c.uat_siruta == uat, t.cases.c.state.in_(OPEN_STATES))
        .order_by(made.on_day, made.finished_at)
    )
    newest = {ref: complete for ref, _day, _at, complete in map(tuple, connection.execute(query))}
    return sum(not complete for complete in newest.values())


def _needs(connection: Connection, uat: int, today: date) -> dict[str, tuple[int, int, int]]:
    """Return by need how many people have it, how many without an accepted referral, and refused for lack of places."""
    table, made, cases = t.case_needs.c, referrals.c, t.cases.c
    of_community = [cases.uat_siruta == uat, cases.state.in_(OPEN_STATES), table.ended_on == ""]
    of_community += [table.declined.is_(False), table.sees != RESTRICTED]
    listed = (
        select(table.need, func.count()).join(t.cases, cases.case_ref == table.case_ref).where(*of_community)
    ).group_by(table.need)
    refused = (
        select(table.need, func.count(distinct(table.case_ref)))
        .join(t.cases, cases.case_ref == table.case_ref)
        .join(referrals, (made.case_ref == table.case_ref) & (made.need == table.need))
        .where(*of_community, made.state == "declined", made.reason == _FULL)
        .where(made.made_at >= datetime.combine(today - timedelta(days=_YEAR), time(), BUCHAREST))
        .group_by(table.need)
    )
    people: dict[str, int] = _pairs(connection, listed)
    unanswered = _pairs(connection, listed.where(*is_open_need()))
    turned_away = _pairs(connection, refused)
    return {need: (count, unanswered.get(need, 0), turned_away.get(need, 0)) for need, count in people.items()}


def _pairs(connection: Connection, query: Any) -> dict[str, int]:
    return dict(map(tuple, connection.execute(query)))
