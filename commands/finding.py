"""Who is near and may take the person: one question, a file of them, several needs on one way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.console import open_home, operator, print_json, print_lines, print_report, working
from commands.options import (
    Age,
    Groups,
    Json,
    MaxMinutes,
    ModeOption,
    NeedOption,
    OnlyConfirmed,
    Residence,
    ServiceTypeOption,
    Sex,
)
from core.i18n import _, ngettext

if TYPE_CHECKING:
    from providers.catalogue.catalogue import Catalogue
    from providers.finder.answer import Query


def nearest(
    from_: Annotated[str | None, typer.Option("--from", help="Locul persoanei: „Parincea, Bacău”.")] = None,
    at: Annotated[str | None, typer.Option(help="Locul persoanei: LAT,LON.")] = None,
    siruta: Annotated[str | None, typer.Option(help="Locul persoanei: cod SIRUTA.")] = None,
    service: ServiceTypeOption = None,
    need: NeedOption = None,
    k: Annotated[int, typer.Option(min=1, max=100, help="Câte servicii pe listă.")] = 5,
    age: Age = None,
    sex: Sex = None,
    group: Groups = None,
    home: Residence = None,
    mode: ModeOption = "car",
    max_minutes: MaxMinutes = None,
    only_confirmed: OnlyConfirmed = False,
    batch: Annotated[Path | None, typer.Option(help="CSV cu aceleași nume drept coloane.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV în care se scriu răspunsurile.")] = None,
    as_json: Json = False,
) -> None:
    """Găsește cele mai apropiate servicii care pot primi persoana, și spune de ce nu altele."""
    from providers.finder.finder import find
    from providers.finder.query_parsing import parse_place_option, parse_query
    from providers.output import answer_json
    from providers.output.answer_text import answer_lines
    from referrals.field.local_in_answers import seen_by
    from referrals.workflow.directory import open_directory

    if batch is not None:
        _nearest_batch(batch, out)
        return
    places = [(name, text) for name, text in (("from", from_), ("at", at), ("siruta", siruta)) if text]
    if len(places) != 1:
        raise typer.BadParameter(_("dați un singur loc: --from, --at sau --siruta"))
    if not service and not need:
        raise typer.BadParameter(_("spuneți ce căutați: --service COD sau --need NEVOIE"))
    snapshot = open_directory(open_home()).snapshot()
    query = parse_query(
        snapshot.gazetteer,
        place=parse_place_option(*places[0]),
        services=tuple(service or ()),
        needs=tuple(need or ()),
        home=home,
        age=age,
        sex=sex,
        groups=tuple(group or ()),
        k=k,
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )
    answer = seen_by(find(snapshot, query), operator())
    if as_json:
        print_json(answer_json.as_json(answer))
        return
    print_lines(answer_lines(answer))
    if home is None:
        _say_which_home(snapshot.catalogue, query)


def _nearest_batch(batch: Path, out: Path | None) -> None:
    from referrals.workflow.batch import answer_batch
    from referrals.workflow.directory import open_directory

    if out is None:
        raise typer.BadParameter(_("spuneți unde se scrie răspunsul: --out FIȘIER.csv"))
    with working(_("Caut pentru fiecare rând…")):
        count = answer_batch(open_directory(open_home()), batch, out, actor=operator())
    asked = ngettext("{n} întrebare", "{n} întrebări", count["asked"]).format(n=count["asked"])
    refused = ngettext("{n} respinsă", "{n} respinse", count["refused"]).format(n=count["refused"])
    typer.echo(_("{asked}, {refused}; răspunsurile sunt în {out}.").format(asked=asked, refused=refused, out=out))


def _say_which_home(catalogue: Catalogue, query: Query) -> None:
    from providers.finder.relevant_facts import relevant_facts

    if relevant_facts(query.wanted, catalogue).home:
        place = query.origin.label
        typer.echo(_("Contează domiciliul; l-am socotit la {place}. Dacă este altul: --home LOC.").format(place=place))


def trip(
    from_: Annotated[str, typer.Option("--from", help="De unde se pleacă: „Parincea, Bacău”.")],
    need: NeedOption = None,
    service: ServiceTypeOption = None,
    age: Age = None,
    sex: Sex = None,
    group: Groups = None,
    home: Residence = None,
    mode: ModeOption = "car",
    max_minutes: MaxMinutes = None,
    only_confirmed: OnlyConfirmed = False,
    as_json: Json = False,
) -> None:
    """Alege pentru două până la cinci nevoi un singur drum, cel mai scurt, și îl compară cu drumurile separate."""
    from providers.finder import trips
    from providers.finder.query_parsing import parse_query
    from providers.output.answer_text import plan_lines
    from referrals.field.local_in_answers import trip_seen_by
    from referrals.workflow.directory import open_directory

    snapshot = open_directory(open_home()).snapshot()
    query = parse_query(
        snapshot.gazetteer,
        place=from_,
        services=tuple(service or ()),
        needs=tuple(need or ()),
        home=home,
        age=age,
        sex=sex,
        groups=tuple(group or ()),
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )
    plans = [trip_seen_by(plan, operator()) for plan in trips.best_for(snapshot, query)]
    if as_json:
        print_json([trips.as_json(plan) for plan in plans])
        return
    for number, plan in enumerate(plans):
        if number:
            typer.echo()
        print_lines(plan_lines(plan))


def needs(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="Cuvinte: „buletin”, „nu are”.")] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Numără UAT în care nevoia are cel puțin un răspuns legal.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Fișier .md sau .csv în care se scrie numărătoarea.")] = None,
    unfound: Annotated[
        bool,
        typer.Option("--unfound", help="Arată ce s-a căutat și nu s-a găsit: nevoi, comunități, cuvinte."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Arată nevoile (toate, sau cele pe care le înseamnă cuvintele) și unde au răspuns."""
    from providers.output.need_list import need_lines, needs_json

    if coverage:
        _need_coverage(out, as_json=as_json)
        return
    if unfound:
        _unfound_words(as_json=as_json)
        return
    text = " ".join(words or ())
    if as_json:
        print_json(needs_json(text))
    else:
        print_lines(need_lines(text))


def services(
    words: Annotated[list[str], typer.Argument(help="Cuvinte din numele serviciului sau al furnizorului.")],
    near: Annotated[str | None, typer.Option(help="De unde se măsoară: „Parincea, Bacău”.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Câte servicii și câți furnizori se arată.")] = 10,
    as_json: Json = False,
) -> None:
    """Caută servicii și furnizori după nume; diacriticele lipsă și greșelile de scriere se iartă."""
    from providers.service_map.map_search import search_names
    from providers.service_map.search_text import found_json, found_lines
    from referrals.workflow.directory import open_directory

    snapshot = open_directory(open_home()).snapshot()
    place = snapshot.gazetteer.resolve(near) if near else None
    at = None if place is None else (place.lat, place.lon)
    found, providers = search_names(snapshot, " ".join(words), at, most=limit)
    if as_json:
        print_json(found_json(snapshot, found, providers))
    else:
        print_lines(found_lines(snapshot, found, providers))


def service(
    service_id: Annotated[str, typer.Argument(help="Codul serviciului, așa cum îl arată „harta services”.")],
    as_json: Json = False,
) -> None:
    """Arată tot ce este public despre un serviciu, cu vechimea fiecărei informații; un cod vechi duce la cel de azi."""
    from referrals.service_page import page_json, page_lines, service_page
    from referrals.workflow.directory import open_directory

    page = service_page(open_directory(open_home()), service_id)
    if as_json:
        print_json(page_json(page))
    else:
        print_lines(page_lines(page))


def _unfound_words(*, as_json: bool) -> None:
    from referrals.search_gaps import gap_lines, gaps_json, search_gaps
    from referrals.workflow.directory import open_directory

    directory = open_directory(open_home())
    found = search_gaps(directory.ledger, actor=operator())
    if as_json:
        print_json(gaps_json(found))
    else:
        print_lines(gap_lines(found, directory.gazetteer))


def _need_coverage(out: Path | None, *, as_json: bool) -> None:
    from providers.planning.need_coverage_report import count_needs

    with working(_("Număr răspunsurile fiecărei nevoi…")):
        report = count_needs(open_home())
    if out is not None:
        report.write(out)
    print_report(report, as_json=as_json)
    if out is not None and not as_json:
        typer.echo(_("Scris în {out}.").format(out=out))
