"""What the asker's own office does about a need: steps of the law, terms, who signs, papers, the next review.

A team asks about a person of its own commune, so the desk that an answer names is often its own. The rows of
`data/providers/own_steps.csv` say what that desk does; each names its law and whether it is `sure` or `assumed`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.i18n import _
from core.reading.curated_tables import FOLDER, read_rows
from providers.rules.help_tables.papers import papers
from providers.rules.help_tables.wanted_needs import needs_wanted
from providers.rules.needs import needs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_KINDS = ("title", "step", "term", "sign", "bring", "form", "review")
_COLUMNS = ("topic", "kind", "words", "office", "needs", "papers", "basis", "certainty")
_TITLE, _ASSUMED = "title", "assumed"
_CERTAINTIES = ("sure", _ASSUMED)
OFFICES = {
    "AUT-SPAS": ("AUT-SPAS", "AUT-PRIM"),
    "MED-COMM": ("MED-COMM",),
    "EDU-SCHOOL": ("EDU-SCHOOL", "EDU-PRIMARY", "EDU-HIGH", "EDU-CJRAE"),
}


@dataclass(frozen=True)
class OwnSteps:
    """What one office does about some needs.

    Attributes
    ----------
    topic, office, title, needs
        Its code, the type of the office, its title and the needs that it is about.
    step, term, sign, bring, form, review
        Sentences: steps in their order, terms, who signs, papers to bring, forms, the next review.
    papers
        Codes of `papers.csv` that may be printed for it.
    basis
        The laws named, each once.
    assumed
        Those of the sentences that a specialist has still to confirm.
    """

    topic: str
    office: str
    title: str
    needs: tuple[str, ...]
    step: tuple[str, ...]
    term: tuple[str, ...]
    sign: tuple[str, ...]
    bring: tuple[str, ...]
    form: tuple[str, ...]
    review: tuple[str, ...]
    papers: tuple[str, ...]
    basis: tuple[str, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class OwnStepsView:
    """What may be read of it: a title, lists under their headings, (code, title) of papers, the laws in one line."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    papers: tuple[tuple[str, str], ...]
    basis: str


@cache
def own_steps(folder: Path = FOLDER) -> dict[str, OwnSteps]:
    """Return what every office does, by topic.

    Parameters
    ----------
    folder
        Where `own_steps.csv` stands.

    Returns
    -------
    dict of str to OwnSteps
        In the order of the file.
    """
    titles: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    values: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_rows(folder / "own_steps.csv", _COLUMNS):
        topic, kind, certainty = row.text("topic"), row.choice("kind", _KINDS), row.choice("certainty", _CERTAINTIES)
        if kind == _TITLE:
            about = row.keys("needs", needs(folder), "needs.csv")
            titles[topic] = (row.choice("office", OFFICES), row.text("words"), about)
        else:
            values[row.key("topic", titles, "own_steps.csv"), kind].append(row.text("words"))
            if certainty == _ASSUMED:
                values[topic, _ASSUMED].append(row.text("words"))
        values[topic, "papers"] += row.keys("papers", papers(folder), "papers.csv")
        values[topic, "basis"] += row.codes("basis")
    return {
        topic: OwnSteps(
            topic=topic,
            office=office,
            title=title,
            needs=about,
            **{kind: tuple(values[topic, kind]) for kind in _KINDS[1:]},
            papers=tuple(dict.fromkeys(values[topic, "papers"])),
            basis=tuple(dict.fromkeys(values[topic, "basis"])),
            assumed=tuple(values[topic, _ASSUMED]),
        )
        for topic, (office, title, about) in titles.items()
    }


def own_steps_of(wanted: Iterable[str], service_type: str = "") -> tuple[OwnSteps, ...]:
    """Return what the own offices do about what is wanted.

    Parameters
    ----------
    wanted
        Needs, or codes of types, about which no office has steps.
    service_type
        Only what the office of this type does; empty = every office of the team.

    Returns
    -------
    tuple of OwnSteps
        Each once, in the order of the table.
    """
    codes = needs_wanted(wanted)
    return tuple(
        each
        for each in own_steps().values()
        if codes & set(each.needs) and (not service_type or service_type in OFFICES[each.office])
    )


def own_steps_view(steps: OwnSteps) -> OwnStepsView:
    """Say what an office does, in the language of this request.

    Parameters
    ----------
    steps
        What it does.

    Returns
    -------
    OwnStepsView
        Sentences without markup; what a specialist has still to confirm is marked so.
    """
    parts = (
        (_("Pașii"), steps.step),
        (_("Termen"), steps.term),
        (_("Semnează"), steps.sign),
        (_("Acte necesare"), steps.bring),
        (_("Formular"), steps.form),
        (_("Următoarea reevaluare"), steps.review),
    )
    return OwnStepsView(
        _("Ce faceți dumneavoastră: {what}").format(what=_(steps.title)),
        tuple((heading, tuple(_said(steps, line) for line in lines)) for heading, lines in parts if lines),
        tuple((code, _(papers()[code].title)) for code in steps.papers),
        _("Temei legal: {laws}").format(laws="; ".join(steps.basis)),
    )


def _said(steps: OwnSteps, line: str) -> str:
    return f"{_(line)} {_('(de confirmat)')}" if line in steps.assumed else _(line)
