"""The question on a plain page: what its form shows, and from what was sent to a query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_NAME
from api.forms.needs_form import NeedsForm
from api.forms.question_form import QuestionForm, question_fields
from core.errors import MapError
from core.i18n import _
from providers.finder import search_terms
from providers.finder.query_limits import OLDEST_PERSON, REACH_CHOICES
from providers.finder.relevant_facts import relevant_facts
from providers.rules import taxonomy
from providers.rules.needs import LIKELY
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.forms.form_fields import FieldError
    from api.http.request_view import RequestView
    from providers.finder.answer import Query
    from providers.finder.search_terms import SearchTerm

_FIELDS = ("loc", "nevoie", "cuvinte", "domiciliu", "varsta")  # beside which an error may stand
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class QuestionPage:
    """The form of a question with what was typed so far.

    needs: understood already. listed: what may be chosen, by groups. carried: said of the person after an answer.
    errors: by field, None where it is right.
    """

    place: str
    home: str
    age: str
    oldest: int
    mode: str
    modes: Choices
    reach: str
    reaches: Choices
    only_confirmed: bool
    is_more_open: bool
    needs: tuple[SearchTerm, ...]
    words: str
    may_say_more: bool
    listed: tuple[tuple[str, Choices], ...]
    carried: list[tuple[str, str]]
    errors: dict[str, FieldError | None]

    @property
    def asked_back_error(self) -> FieldError | None:
        """Which need the words mean, where that has to be asked: it stands before everything else of the form."""
        error = self.errors.get("cuvinte")
        return error if error is not None and error.choices else None

    @property
    def is_sensitive(self) -> bool:
        """Whether the page asks back about a need that nobody else should see."""
        known = search_terms.all_search_terms()
        choices = self.asked_back_error.choices[:LIKELY] if self.asked_back_error is not None else ()
        return any(known[code].is_sensitive for code, _words in choices if code in known)


@dataclass(frozen=True)
class GroupChoice:
    """A situation that may fit the person."""

    code: str
    name: str
    is_ticked: bool


@dataclass(frozen=True)
class PersonQuestions:
    """What of the person decides among the services of an answer. groups: none where no situation does."""

    carried: list[tuple[str, str]]
    asks_age: bool
    age: str
    oldest: int
    asks_sex: bool
    sex: str
    groups: tuple[GroupChoice, ...]

    @property
    def is_age_missing(self) -> bool:
        """Whether an age would decide and was not said."""
        return self.asks_age and not self.age

    @property
    def unsaid(self) -> str:
        """How its form is offered: an age that would decide and was not said is named."""
        if self.is_age_missing:
            return _("Vârsta nu este spusă: lista este pentru orice vârstă. Spuneți-o")
        return _("Spuneți mai multe despre persoană")


def read(view: RequestView) -> Query | tuple[FieldError, ...]:
    """Make a query of the form that was sent, or say what is missing in it."""
    form = QuestionForm.parse(view.fields, view.snapshot.gazetteer, near=view.own_county)
    return form.query if isinstance(form, QuestionForm) else form


def question_page(view: RequestView, errors: Iterable[FieldError] = ()) -> QuestionPage:
    """Return the form as it was filled in so far, with what is wrong beside its field.

    Parameters
    ----------
    view
        The request.
    errors
        What has to be set right.

    Returns
    -------
    QuestionPage
        For the template.
    """
    by_field = {**dict.fromkeys(_FIELDS), **{error.field: error for error in errors}}
    fields, needs = view.fields, NeedsForm.parse(view.fields)
    if needs.error is not None:
        by_field["cuvinte"] = needs.error
    return QuestionPage(
        place=_written_place(view, fields.text("loc", LONGEST_NAME)) or own_place(view),
        home=_written_place(view, fields.text("domiciliu", LONGEST_NAME)),
        age=fields.text("varsta", 5),
        oldest=OLDEST_PERSON,
        mode=fields.text("mod") or "car",
        modes=(("car", _("cu mașina")), ("walk", _("pe jos"))),
        reach=fields.text("departe", 5),
        reaches=(("", _("oricât")), *((str(n), minute_words(n)) for n in REACH_CHOICES)),
        only_confirmed=fields.is_ticked("confirmate"),
        is_more_open=any(by_field[name] for name in ("domiciliu", "varsta"))
        or any(fields.text(name) for name in ("domiciliu", "varsta", "sex", "departe")),
        needs=needs.found,
        words=needs.words,
        may_say_more=needs.may_say_more,
        listed=listed_needs(),
        carried=[("sex", fields.text("sex")), *(("grup", group) for group in fields.all("grup"))],
        errors=by_field,
    )


def _written_place(view: RequestView, text: str) -> str:
    """Write a place as somebody would type it: an answer carries its code."""
    if not text.isdigit():
        return text
    try:
        return view.snapshot.gazetteer.by_siruta(int(text)).label
    except MapError:
        return text


def listed_needs() -> tuple[tuple[str, Choices], ...]:
    """List every need that may be chosen, by groups."""
    needs = [each for each in search_terms.all_search_terms().values() if each.is_need]
    return tuple(
        (group, tuple((each.code, each.label) for each in members))
        for group, members in groupby(needs, key=lambda each: each.group)
    )


def own_place(view: RequestView) -> str:
    """Return the label of the team's own community: where its people live."""
    actor = view.session.actor if view.session else None
    if actor is None or actor.uat_siruta is None:
        return ""
    return view.directory.gazetteer.place_of(None, actor.uat_siruta).label


def person_questions(view: RequestView, query: Query) -> PersonQuestions | None:
    """Return what of the person decides among these services; all of it may stay unsaid. None where nothing does."""
    asked = relevant_facts(query.wanted, view.snapshot.catalogue)
    if not (asked.age or asked.sex or asked.groups):
        return None
    known, person = taxonomy.groups(), query.person
    return PersonQuestions(
        carried=[(name, value) for name, value in question_fields(query) if name not in ("varsta", "sex", "grup")],
        asks_age=asked.age,
        age="" if person.age is None else str(person.age),
        oldest=OLDEST_PERSON,
        asks_sex=asked.sex,
        sex=person.sex or "",
        groups=tuple(GroupChoice(code, _(known[code].name), code in person.groups) for code in asked.groups),
    )
