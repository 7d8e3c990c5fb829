"""An instrument as JSON for a browser: parsed conditions as trees, and words in one language.

A browser evaluates trees and parses nothing (`api/static/teren/rules.js`), so that both sides draw the same
conclusions from the same answers; `vectors.jsonl` of the tests holds them to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.instrument.assessing import MOST_WISHES
from core.i18n import _, language
from providers.rules.needs import needs

if TYPE_CHECKING:
    from cases.instrument.instrument_model import FindingRule, Instrument, InstrumentQuestion

FORMAT = 1  # of this JSON; a browser with an older program asks for nothing that it cannot read


def instrument_json(instrument: Instrument, edition: str) -> dict[str, Any]:
    """Return an instrument for a browser, in the language of the request.

    Parameters
    ----------
    instrument
        Nothing of it refused.
    edition
        Its name, which an assessment keeps.

    Returns
    -------
    dict
        JSON holds it as it is: `edition`, `questions` with their conditions as trees, `choices` in their order,
        `rules`, `actions`, `levels` (the highest first), `needs` of the map by code.

    Examples
    --------
    >>> from cases.instrument import read_instrument
    >>> from cases.instrument.instrument_editions import BUILT_IN
    >>> found = instrument_json(read_instrument(BUILT_IN).instrument, "x")
    >>> found["choices"]["yn2"]
    [['yes', 'Da'], ['no', 'Nu']]
    """
    words = _Words(instrument)
    return {
        "format": FORMAT,
        "edition": edition,
        "language": language(),
        "most_wishes": MOST_WISHES,
        "gaps_percent": instrument.gaps_percent,
        "questions": [_question(question, words) for question in instrument.questions],
        "choices": {
            name: [[code, words(label)] for code, label in choices.items()]
            for name, choices in instrument.choices.items()
        },
        "rules": [_rule(rule, words) for rule in instrument.rules],
        "actions": [
            {
                "group": action.need_group, "member": action.member, "package": action.package_class,
                "service": action.amc_service, "words": words(action.words), "days": action.working_days,
            }
            for action in instrument.actions
        ],
        "levels": [[rule.level, rule.danger, rule.high, rule.medium] for rule in instrument.levels],
        "needs": {
            code: {"name": _(need.name), "group": need.group, "group_name": _(need.group)}
            | ({"sensitive": True} if need.is_sensitive else {})
            for code, need in needs().items()
        },
    }  # fmt: skip


class _Words:
    """Say what the sheets say, in the language of the request: by the sheets' own English, else by the catalogue."""

    def __init__(self, instrument: Instrument) -> None:
        self._english = instrument.english if language() == "en" else {}

    def __call__(self, words: str) -> str:
        return (self._english.get(words) or _(words)) if words else ""


def _question(question: InstrumentQuestion, words: _Words) -> dict[str, Any]:
    found = {
        "name": question.name,
        "kind": question.kind,
        "label": words(question.label),
        "list": question.list_name,
        "hint": words(question.hint),
        "group": question.group_name,
        "group_label": words(question.group),
        "relevant": question.relevant,
        "required": question.is_required,
        "constraint": question.constraint,
        "message": words(question.constraint_message),
        "domain": question.domain,
        "sees": question.sees,
        "whole": question.is_whole,
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _rule(rule: FindingRule, words: _Words) -> dict[str, Any]:
    return {
        "code": rule.code, "when": rule.when, "label": words(rule.label), "level": rule.level, "member": rule.member,
        "sees": rule.sees, "scope": rule.scope, "needs": rule.needs,
    }  # fmt: skip
