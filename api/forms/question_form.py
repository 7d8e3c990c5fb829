"""The question that a form brings, and the fields that carry it to the next one.

Everything travels in the body of forms. The place is a SIRUTA code, of the person only what a rule looks
at, and nothing of it is kept on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_NAME, FieldError
from api.forms.needs_form import NeedsForm
from core.errors import MapError, PlaceNotChosenError
from core.i18n import _
from providers.finder.query_parsing import make_query, parse_age, parse_person, parse_reach
from providers.rules.person import Person

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place
    from providers.finder.answer import Query

SHOWN = (5, 2, 2, 1, 1)  # services a block, by how many needs are asked for: a page stays small


@dataclass(frozen=True)
class QuestionForm:
    """A question that is whole: where, what for, and of the person what was said.

    Attributes
    ----------
    origin
        Where the search starts.
    wanted
        Codes of needs and service types.
    person
        What is known of the person.
    home
        Where the person lives; None = at `origin`.
    mode
        `car` or `walk`.
    max_minutes
        Longest way; None = any.
    only_confirmed
        Whether services to call first are left out.
    """

    origin: Place
    wanted: tuple[str, ...]
    person: Person
    home: Place | None
    mode: str
    max_minutes: float | None
    only_confirmed: bool

    @classmethod
    def parse(
        cls, fields: Fields, gazetteer: Gazetteer, *, near: str | None = None
    ) -> QuestionForm | tuple[FieldError, ...]:
        """Understand the fields; where something is missing or unclear, say what for each of them.

        near: letters of the asker's county, whose places are asked back first.
        """
        origin, needs = _place(fields, gazetteer, "loc", near), NeedsForm.parse(fields)
        home = _place(fields, gazetteer, "domiciliu", near) if fields.text("domiciliu") else None
        errors = [found for found in (origin, home, needs.error) if isinstance(found, FieldError)]
        if not needs.found and needs.error is None:
            errors.append(FieldError("nevoie", _("Alegeți de ce are nevoie persoana.")))
        person = _person(fields)
        if isinstance(person, FieldError):
            errors.append(person)
        if errors or isinstance(origin, FieldError) or isinstance(home, FieldError) or isinstance(person, FieldError):
            return tuple(errors)
        return cls(
            origin=origin,
            wanted=tuple(each.code for each in needs.found),
            person=person,
            home=home,
            mode="walk" if fields.text("mod") == "walk" else "car",
            max_minutes=parse_reach(fields.text("departe", 5)),
            only_confirmed=fields.is_ticked("confirmate"),
        )

    @property
    def query(self) -> Query:
        """The query of the question; so many services as a small page has room for."""
        return make_query(
            origin=self.origin,
            wanted=self.wanted,
            person=self.person,
            home=self.home,
            k=SHOWN[len(self.wanted) - 1],
            mode=self.mode,
            max_minutes=self.max_minutes,
            only_confirmed=self.only_confirmed,
        )


def _place(fields: Fields, gazetteer: Gazetteer, name: str, near: str | None) -> Place | FieldError:
    typed = fields.text(f"{name}_ales") or fields.text(name, LONGEST_NAME)
    if not typed:
        return FieldError(name, _("Scrieți localitatea."))
    try:
        return gazetteer.resolve(typed, near=near)
    except PlaceNotChosenError as error:
        return FieldError(name, error.question, tuple((label, label) for label in error.choices))


def _person(fields: Fields) -> Person | FieldError:
    try:
        age = parse_age(fields.text("varsta", 5))
        return parse_person(age=age, sex=fields.text("sex") or None, groups=fields.all("grup"))
    except MapError as error:
        return FieldError("varsta", str(error))


def question_fields(query: Query) -> list[tuple[str, str]]:
    """Return a query as the fields of a form."""
    person = query.person
    return [
        ("loc", _place_text(query.origin)),
        ("domiciliu", _place_text(query.home) if query.home else ""),
        *(("nevoie", code) for code in query.wanted),
        ("varsta", "" if person.age is None else str(person.age)),
        ("sex", person.sex or ""),
        *(("grup", group) for group in sorted(person.groups)),
        ("mod", query.mode if query.mode != "car" else ""),
        ("departe", "" if query.max_minutes is None else f"{query.max_minutes:g}"),
        ("confirmate", "1" if query.only_confirmed else ""),
    ]


def _place_text(place: Place) -> str:
    # A typed point never travels on: what counts is the locality.
    return str(place.locality_siruta or place.uat_siruta)
