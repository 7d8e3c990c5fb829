"""What a question comes down to: kinds of help in their order, the lines to call, and whether it is sensitive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from providers.rules import need_search, taxonomy
from providers.rules import needs as needs_catalogue

if TYPE_CHECKING:
    from providers.finder.answer import Query
    from providers.rules.needs import EmergencyLine


CHOSEN = ("list", "school")  # what a person has one of; others are looked for only where it is still to be chosen


@dataclass(frozen=True)
class AskedKind:
    """One kind of help that answers a need. codes: its type, and the offices behind it where the register lacks it."""

    codes: tuple[str, ...]
    need: str


@dataclass(frozen=True)
class ResolvedQuery:
    """What a query comes down to: service types, each with the need it answers (None = asked by code).

    Attributes
    ----------
    types
        Every type, by the order in which it is looked at.
    ranked
        Types whose services are ranked by the way to them: those asked by code, and a need's first ones, but for what
        is a person's own by a list.
    first_kinds
        Kinds of help that answer first, in the order of the needs' answers.
    other_kinds
        Kinds that help besides, in that order.
    emergency
        Lines to call first.
    is_sensitive
        Whether an answer must not be left on a screen.
    """

    types: dict[str, str | None]
    ranked: tuple[str, ...]
    first_kinds: tuple[AskedKind, ...]
    other_kinds: tuple[AskedKind, ...]
    emergency: tuple[EmergencyLine, ...]
    is_sensitive: bool


def wanted_types(query: Query) -> ResolvedQuery:
    """Turn what is wanted into kinds of help, the emergency lines that go with it, and whether it is sensitive."""
    types: dict[str, str | None] = {}
    ranked: dict[str, None] = {}
    kinds: dict[str, dict[str, AskedKind]] = {"first": {}, "also": {}}
    lines: dict[str, EmergencyLine] = {}
    sensitive = False
    for wanted in query.wanted:
        kind = taxonomy.service_types().get(taxonomy.tidy_code(wanted))
        if kind is not None:
            types[kind.service_type] = None
            ranked[kind.service_type] = None
            sensitive |= kind.is_sensitive
            continue
        for need in need_search.resolve(wanted):
            sensitive |= need.is_sensitive
            lines |= {line.code: line for line in needs_catalogue.emergency_lines(need, query.person.age)}
            for role, asked in _kinds_of(need.need, query):
                types |= {code: need.need for code in asked.codes if code not in types}
                code = asked.codes[0]
                kinds[role].setdefault(code, asked)
                own = taxonomy.service_type(code)
                if role == "first" and (own.whose not in CHOSEN or need.need in own.chosen_for):
                    ranked[code] = None
    others = tuple(asked for code, asked in kinds["also"].items() if code not in kinds["first"])
    return ResolvedQuery(types, tuple(ranked), tuple(kinds["first"].values()), others, tuple(lines.values()), sensitive)


def _kinds_of(need: str, query: Query) -> list[tuple[str, AskedKind]]:
    """List a need's kinds for this person in order, each with the offices that its row names behind it."""
    found: list[tuple[str, AskedKind]] = []
    for row in needs_catalogue.answer_rows(need, query.person):
        if row.role == "fallback" and found:
            role, above = found[-1]
            found[-1] = (role, AskedKind((*above.codes, row.service_type), need))
        else:
            found.append(("also" if row.role == "fallback" else row.role, AskedKind((row.service_type,), need)))
    return found
