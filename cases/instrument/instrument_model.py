"""What an instrument is made of: questions, their choices, the rules that find, the actions, the rule of the level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cases.instrument.expression_trees import Tree

BORN, ON_DAY, WISHES = "born", "on_day", "wishes"
AGES = ("age", "age_months")  # the names that a form may compute: by the day of birth, never a stored age
NOTHING = "none"  # the choice that says of a list that none of it is so
HOUSEHOLD = "h_"  # begins the names of what is asked once of a household
FINDING_LEVELS = ("danger", "high", "medium", "low", "info")
COUNTED_LEVELS = FINDING_LEVELS[:3]
LEVELS = ("low", "medium", "high", "urgent")
SOCIAL = "social"
MEDICAL = "medical"
EDUCATIONAL = "educational"
MEMBERS = (SOCIAL, MEDICAL, EDUCATIONAL)  # the three of a team
RESTRICTED = "restricted"
SIGHTS = ("team", MEDICAL, RESTRICTED)
SCOPES = ("person", "household")


@dataclass(frozen=True)
class InstrumentQuestion:
    """One question.

    Attributes
    ----------
    name
        Its code, which never gets another meaning.
    kind
        `number`, `one`, `many`, `text`, `note` or `computed`.
    list_name
        Its list of choices; "" where it has none.
    label, hint
        As it is asked, and what stands under it.
    group
        Heading under which it is asked.
    group_name
        Its group's code; "" outside of groups.
    relevant
        When it is asked, its groups' conditions included; None = always.
    is_required
        Whether it is a gap where it is not answered.
    constraint, constraint_message
        What its answer must be, and what is said where it is not.
    domain
        The member whose work it is; "" = anybody's.
    sees
        Who may read its answer, one of SIGHTS.
    is_whole
        Of a number, whether it has no fraction.
    """

    name: str
    kind: str
    label: str
    list_name: str = ""
    hint: str = ""
    group: str = ""
    group_name: str = ""
    relevant: Tree | None = None
    is_required: bool = False
    constraint: Tree | None = None
    constraint_message: str = ""
    domain: str = ""
    sees: str = "team"
    is_whole: bool = True


@dataclass(frozen=True)
class FindingRule:
    """What is found where its condition holds.

    Attributes
    ----------
    code
        A code of the community nurses' list where there is one for it.
    when
        The condition.
    label
        What is found, in words; "" where nobody gave any.
    level
        One of FINDING_LEVELS.
    member
        Who works on it; "" = nobody in particular.
    sees
        Who may see it, one of SIGHTS.
    scope
        Whom it is found of, one of SCOPES.
    basis
        Where the rule comes from, or `assumed`.
    needs
        The needs of the map that it leads to.
    """

    code: str
    when: Tree
    label: str
    level: str
    member: str
    sees: str
    scope: str
    basis: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class SuggestedAction:
    """What a member may do about needs of one group, and in how many working days.

    package_class: which part of the minimum package it is. amc_service: the nurses' code of it, "" = none.
    """

    need_group: str
    member: str
    package_class: str
    amc_service: str
    words: str
    working_days: int
    basis: str


@dataclass(frozen=True)
class LevelRule:
    """From which counts of findings a level holds; of the lowest, how many gaps in a hundred it bears at most."""

    level: str
    danger: int
    high: int
    medium: int
    gaps_percent: int | None
    basis: str


@dataclass(frozen=True)
class Instrument:
    """An instrument whole.

    Attributes
    ----------
    questions
        In the order in which they are asked; what is computed stands among them.
    choices
        Label of each choice by its list and its name.
    rules
        In their order.
    actions
        What is suggested for the needs.
    levels
        The rule of the level, the highest level first.
    without_rule
        Why there is no rule for a code, by the code.
    english
        What its sheets say in English, by what they say in Romanian.
    """

    questions: tuple[InstrumentQuestion, ...]
    choices: Mapping[str, Mapping[str, str]]
    rules: tuple[FindingRule, ...]
    actions: tuple[SuggestedAction, ...]
    levels: tuple[LevelRule, ...]
    without_rule: Mapping[str, str]
    english: Mapping[str, str]

    @cached_property
    def by_name(self) -> Mapping[str, InstrumentQuestion]:
        """Return its questions by their names."""
        return {question.name: question for question in self.questions}

    @cached_property
    def gaps_percent(self) -> int:
        """How many gaps in a hundred questions asked an assessment may have and be complete."""
        return next((rule.gaps_percent for rule in self.levels if rule.gaps_percent is not None), 0)

    def level_of(self, counts: Mapping[str, int]) -> str:
        """Return the level of so many findings by their levels; more findings never lower it."""
        reached = (
            rule.level
            for rule in self.levels
            if rule.danger + rule.high + rule.medium
            and all(counts.get(level, 0) >= getattr(rule, level) for level in COUNTED_LEVELS)
        )
        return max(reached, key=LEVELS.index, default=LEVELS[0])
