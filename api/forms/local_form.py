"""What a team types of local knowledge: a parish, volunteers, a minibus, a caravan and its days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_NAME
from api.forms.needs_form import NeedsForm
from referrals.workflow.local_intake import LocalTyped

if TYPE_CHECKING:
    from api.forms.form_fields import Fields


@dataclass(frozen=True)
class LocalForm:
    """An entry as it stands in the form. typed: its fields; needs: what is understood of what it helps with."""

    typed: LocalTyped
    needs: NeedsForm

    @classmethod
    def parse(cls, fields: Fields) -> LocalForm:
        """Read the fields; whether they can be, the ledger says."""
        needs = NeedsForm.parse(fields)
        typed = LocalTyped(
            name=fields.text("nume", 200),
            offers=fields.text("ofera", 600),
            place=fields.text("loc", LONGEST_NAME),
            needs=tuple(each.code for each in needs.found),
            taken=fields.text("primiti", 300),
            hours=fields.text("program", 200),
            phone=fields.text("telefon", 80),
            serves=fields.text("pentru", 10) or "county",
            days=fields.text("zile", 300),
            review=fields.text("reconfirmare", 40),
        )
        return cls(typed, needs)
