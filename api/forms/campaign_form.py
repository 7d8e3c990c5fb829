"""A new campaign for places: the county, and the types of services that are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.forms.form_fields import Fields


@dataclass(frozen=True)
class CampaignForm:
    """What a campaign is to ask. county: its code, "" = not said. service_types: as they were ticked, any of them."""

    county: str
    service_types: tuple[str, ...]

    @classmethod
    def parse(cls, fields: Fields) -> CampaignForm:
        """Cut what is too long; the county and the types are checked where a campaign is planned."""
        return cls(fields.text("judet", 4), fields.all("tip"))
