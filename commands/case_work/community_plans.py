"""The plans of communities at the command line: one read, written to a file or brought from one; plans counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from commands.console import operator, print_facts, print_json, print_lines, print_report, today
from core.i18n import _
from core.storage.home import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from cases.community.plan_import import PlanImport
    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


def say_plans(
    home: Home, ledger: Ledger, letters: str, uat: int | None, unit: Actor | None, out: Path | None, *, as_json: bool
) -> None:
    """Say the plans of a community as its county unit, or write the newest; count those of a county, of the nation.

    Parameters
    ----------
    home, ledger
        The home and its ledger.
    letters, uat
        Which area; "" and None = the nation.
    unit
        The county unit in whose name plans are read; None for the nation.
    out
        Where to write the plan of a community, `.xlsx`.
    as_json
        Whether for programs.
    """
    if out is not None and uat is None:
        raise typer.BadParameter(_("spuneți comunitatea: --place"))
    from cases.community.community_plan import list_plans
    from cases.community.plan_counts import plans_of_county, plans_of_nation
    from reports.views.plan_workbook import plan_workbook

    if unit is None:
        print_report(plans_of_nation(ledger, actor=operator()), as_json=as_json)
        return
    if uat is None:
        print_report(plans_of_county(ledger, letters, actor=unit), as_json=as_json)
        return
    plans = list_plans(ledger, uat, letters, actor=unit)
    if out is not None:
        if not plans:
            raise typer.BadParameter(_("comunitatea nu are încă un plan"))
        content = plan_workbook(plans[0], area=str(uat), made_on=today(), is_demo=home.is_demo)
        write_atomically(out, content, is_private=True)
        print_facts({"file": str(out), "plan_id": plans[0].plan_id}, as_json=as_json)
    elif as_json:
        print_json({"plans": [each.as_json() for each in plans]})
    else:
        print_lines(line for each in plans for line in each.lines())
        if not plans:
            print_lines([_("Comunitatea nu are încă un plan.")])


def bring_plan(ledger: Ledger, source: Path, year: int, letters: str, uat: int | None) -> PlanImport:
    """Bring a plan from a sheet as the draft of a community. year: 0 = this one."""
    if uat is None:
        raise typer.BadParameter(_("spuneți comunitatea: --place"))
    from cases.community.plan_import import import_plan

    return import_plan(ledger, source, year or ledger.today().year, uat, letters, actor=operator())
