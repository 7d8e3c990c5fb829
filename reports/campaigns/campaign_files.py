"""A campaign as a file: the printed list with codes, or the table of all whom it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.exporting import csv_bytes
from core.i18n import _
from core.storage.message_settings import read_message_settings
from referrals.campaigns.campaign_status import campaign_table
from referrals.campaigns.campaign_steps import campaign_of
from reports.campaigns.campaign_list_pdf import campaign_list_pdf
from reports.output.xlsx import Sheet, workbook

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

FILE_KINDS = ("pdf", "xlsx", "csv")
_MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def campaign_file(directory: Directory, campaign_id: str, kind: str, *, actor: Actor, origin: str) -> tuple[bytes, str]:
    """Write a campaign as a file.

    Parameters
    ----------
    directory
        Names, and the ledger.
    campaign_id
        Its number.
    kind
        One of FILE_KINDS.
    actor
        Who asks for it; role and county are checked.
    origin
        With which links begin where the settings of messages name no address.

    Returns
    -------
    tuple of bytes and str
        The file, and what kind it is.

    Raises
    ------
    UnknownCodeError
        Where there is no such campaign.
    NotAllowedError
        Where the actor may not ask the county's providers.
    """
    table = campaign_table(directory, campaign_id, actor=actor)
    address = read_message_settings(directory.home).public_address or origin.rstrip("/")
    made_on, is_demo = directory.ledger.today(), directory.home.is_demo
    if kind == "pdf":
        made = campaign_of(directory.ledger, campaign_id, actor=actor, action="campaign.status")
        county = directory.snapshot().catalogue.county_names[made.county]
        content = campaign_list_pdf(table, public_address=address, county=county, made_on=made_on, is_demo=is_demo)
        return content, _MEDIA[kind]
    table = table.assign(link=address + table["link"])
    if kind == "csv":
        return csv_bytes(table), _MEDIA[kind]
    title = _("Campanie de locuri")
    heads = {
        "provider": _("Furnizorul"), "services": _("Serviciile"), "asked": _("Servicii întrebate"),
        "answered": _("Servicii cu răspuns"), "channel": _("Cum"), "phone": _("Telefon"),
        "link": _("Linkul de răspuns"),
    }  # fmt: skip
    return workbook([Sheet(title, table, heads)], title=title, made_on=made_on, is_demo=is_demo), _MEDIA[kind]
