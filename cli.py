"""The command `harta`: parse, call one core function, print. Exit 0 done, 1 refused with a reason, 2 wrong usage.

The commands themselves stand in `commands/`, by what they are about.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, Never

import typer
from typer.core import TyperGroup

from commands import (
    administration,
    case_work,
    console,
    data,
    field,
    finding,
    local_resources,
    messages_out,
    planning,
    printing,
    program_access,
    quality_checks,
    referral_steps,
    road_reach,
    travelling,
    upkeep,
)
from core.errors import MapError, PlaceNotChosenError
from core.i18n import _


class _Commands(TyperGroup):
    """The commands; `--as` may stand before a command or behind it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = args[: args.index("--")] if "--" in args else args
        for place, word in enumerate(own):
            if word.startswith("--as=") or (word == "--as" and place + 1 < len(own)):
                size = 1 if "=" in word else 2
                args = [*args[place : place + size], *args[:place], *args[place + size :]]
                break
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="harta",
    cls=_Commands,
    help="Harta serviciilor comunitare: cine este aproape, îl poate primi și are loc.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# In the order in which `harta --help` lists them.
COMMANDS: dict[str, Callable[..., None]] = {
    "demo": data.demo,
    "init": data.init,
    "import": data.import_,
    "sources": data.sources,
    "travel": travelling.travel,
    "status": data.status,
    "quality": quality_checks.quality,
    "duplicates": quality_checks.duplicates,
    "nearest": finding.nearest,
    "services": finding.services,
    "service": finding.service,
    "capacity": referral_steps.capacity,
    "report-wrong": field.report_wrong,
    "corrections": field.corrections,
    "local": local_resources.local,
    "local-add": local_resources.local_add,
    "calendar": local_resources.calendar,
    "needs": finding.needs,
    "refer": referral_steps.refer,
    "unmet": referral_steps.unmet,
    "referral": referral_steps.referral,
    "account": referral_steps.account,
    "token": program_access.token,
    "webhooks": program_access.webhooks,
    "campaign": messages_out.campaign,
    "outbox": messages_out.outbox,
    "coverage": planning.coverage,
    "site": planning.site,
    "isochrone": road_reach.isochrone,
    "route": road_reach.route,
    "report": printing.report,
    "trip": finding.trip,
    "slip": printing.slip,
    "paper": printing.paper,
    "pack": printing.pack,
    "guide": printing.guide,
    "export": data.export,
    "convert": data.convert,
    "instrument": case_work.instrument,
    "cases": case_work.cases,
    "supervise": case_work.supervise,
    "devices": case_work.devices,
    "erase": administration.erase,
    "retention": administration.retention,
    "backup": administration.backup,
    "restore": administration.restore,
    "audit": administration.audit,
    "prune": administration.prune,
    "serve": upkeep.serve,
    "upgrade": upkeep.upgrade,
    "move-ledger": upkeep.move_ledger,
    "embed": administration.embed,
    "doctor": data.doctor,
}


@app.callback()
def _around(
    context: typer.Context,
    as_: Annotated[
        str,
        typer.Option("--as", metavar="NUME", help="Cine lucrează: numele care rămâne în jurnal, lângă al sistemului."),
    ] = "",
) -> None:
    console.act_as(as_)
    context.call_on_close(console.end)


for name, command in COMMANDS.items():
    app.command(name)(command)


def main() -> Never:
    """Run the command; a refusal is words on standard error, with a line a choice, and exit code 1, wrong usage 2."""
    code: object = 0
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except PlaceNotChosenError as error:
        code = _refuse("\n  ".join((error.question, *error.choices)), 1)
    except MapError as error:
        code = _refuse(str(error), 1)
    except BrokenPipeError:
        # Who read our lines has seen enough; what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except SystemExit as ended:
        # typer ends so itself where the pipe closed, with 1; nothing was refused.
        code = 0 if type(sys.stdout).__name__ == "PacifyFlushWrapper" else ended.code
    except Exception as error:
        wrong = _usage_words(error)
        if wrong is None and os.environ.get("HARTA_DEBUG"):
            raise
        code = _refuse(_unforeseen(error), 1) if wrong is None else _refuse(wrong, 2)
    raise SystemExit(code if isinstance(code, int) else 0)


def _refuse(text: str, code: int) -> int:
    typer.echo(f"harta: {text}" if text else "", err=True)
    return code


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return _("sistemul a refuzat: {why}").format(why=error.strerror)
    # No trace and no message: either may quote what should not be read over a shoulder.
    return _("eroare neașteptată ({kind}). Rulați „harta doctor”; amănunte cu HARTA_DEBUG=1.").format(
        kind=type(error).__name__
    )


def _usage_words(error: Exception) -> str | None:
    """Say in Romanian what is wrong with how the command was written; None for any other error."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":  # its message is the help itself
        typer.echo(str(error), err=True)
        return ""
    if context is None and not hasattr(error, "option_name"):
        return None
    parameter = getattr(error, "param", None)
    hint = parameter.get_error_hint() if parameter is not None else getattr(error, "option_name", "")
    name = str(hint).replace("'", "")
    said = str(getattr(error, "message", error))
    known = {
        "MissingParameter": _("lipsește {name}"),
        "NoSuchOption": _("nu există opțiunea {name}"),
        "BadOptionUsage": _("opțiunea {name} cere o valoare"),
        "NoSuchCommand": _("nu există această comandă"),
    }
    words = known.get(kind, _("{name}: valoarea nu se potrivește") if parameter is not None else said)
    if said.startswith("No such command"):
        words = known["NoSuchCommand"]
    elif said.startswith("Got unexpected extra"):
        words = _("prea multe cuvinte; scrieți numele cu spații între ghilimele")
    # What the library says is English; what the option is for is ours.
    help_ = getattr(parameter, "help", None) or ""
    more = f" ({help_.rstrip('.')})" if kind == "BadParameter" and help_ else ""
    path = context.command_path if context is not None else "harta"
    return words.format(name=name) + more + "\n" + _("Scrieți „{command} --help”.").format(command=path)


if __name__ == "__main__":
    main()
