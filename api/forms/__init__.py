"""What forms bring, as frozen dataclasses: `parse` returns one, or says in words what has to be set right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from api.forms.consent_form import ConsentForm as ConsentForm
    from api.forms.form_fields import FieldError as FieldError
    from api.forms.form_fields import Fields as Fields
    from api.forms.needs_form import NeedsForm as NeedsForm
    from api.forms.places_form import PlacesForm as PlacesForm
    from api.forms.question_form import QuestionForm as QuestionForm

__all__ = ["ConsentForm", "FieldError", "Fields", "NeedsForm", "PlacesForm", "QuestionForm"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ConsentForm": "consent_form",
        "FieldError": "form_fields",
        "Fields": "form_fields",
        "NeedsForm": "needs_form",
        "PlacesForm": "places_form",
        "QuestionForm": "question_form",
    },
)
