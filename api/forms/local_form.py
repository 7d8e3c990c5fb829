"""What a team types of local knowledge: a parish, volunteers, a minibus, a caravan and its days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.forms.form_fields import LONGEST_NAME, FieldError
from api.forms.needs_form import NeedsForm
from referrals.local import local_intake
from referrals.local.local_intake import LocalTyped

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from referrals.workflow.directory import Directory

# Names of the fields of an entry in the form.
_FIELDS = {
    "name": "nume", "offers": "ofera", "place": "loc", "needs": "cuvinte", "taken": "primiti", "hours": "program",
    "phone": "telefon", "days": "zile", "review": "reconfirmare",
}  # fmt: skip


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

    def errors(self, directory: Directory, *, near: str | None = None) -> dict[str, FieldError]:
        """Say what is wrong with each field, by its name in the form; of needs that are asked back nothing more.

        near: letters of the county of who types.
        """
        found = local_intake.faults(directory, self.typed, near=near)
        if self.needs.error is not None:
            found.pop("needs", None)
        return {_FIELDS[field]: FieldError(_FIELDS[field], words) for field, words in found.items()}
