"""Options that several commands share, each written once."""

from __future__ import annotations

from typing import Annotated

import typer

from providers.finder.query_limits import OLDEST_PERSON

Json = Annotated[bool, typer.Option("--json", help="Răspuns JSON, pentru programe.")]
ServiceIdArgument = Annotated[str, typer.Argument(metavar="SERVICE_ID")]

# Who is asked for, and how far: `nearest` and `trip`.
ServiceTypeOption = Annotated[
    list[str] | None, typer.Option("--service", help="Cod de tip de serviciu (se poate repeta).")
]
NeedOption = Annotated[list[str] | None, typer.Option("--need", help="Cod de nevoie sau cuvinte (se poate repeta).")]
Age = Annotated[int | None, typer.Option(min=0, max=OLDEST_PERSON, help="Vârsta, în ani împliniți.")]
Sex = Annotated[str | None, typer.Option(help="F sau M.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="Grup de beneficiari (se poate repeta).")]
Residence = Annotated[str | None, typer.Option("--home", help="Domiciliul, dacă este altul decât locul.")]
ModeOption = Annotated[str, typer.Option(help="car sau walk.")]
MaxMinutes = Annotated[float | None, typer.Option(min=0, help="Cel mult atâtea minute până la serviciu.")]
OnlyConfirmed = Annotated[bool, typer.Option("--only-confirmed", help="Numai locuri confirmate.")]

# How coverage is measured: `coverage` and `site`.
Within = Annotated[float, typer.Option(help="Timpul maxim de deplasare, în minute cu mașina.")]
BasisOption = Annotated[str, typer.Option(help="licensed, reported sau now (libere acum).")]

# Who computes: `coverage`, `site`, `duplicates` and `travel --table`.
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        metavar="tcp://GAZDĂ:PORT",
        help="Planificatorul Dask ale cărui procese de lucru calculează, județ cu județ; implicit, procesul acesta.",
    ),
]
