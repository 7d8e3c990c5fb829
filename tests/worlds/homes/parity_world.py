"""A demonstration home whose services have everything that a person must read, and what each surface makes of it.

`facts` is the table of what must be read of an offer, `OUTPUTS` says how to ask each surface, and `LEFT_OUT` what a
surface leaves out on purpose, with its reason.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
from typer.testing import CliRunner

import cli
from core.storage.home import Home, make_home
from geo.spatial.travel import TravelBasis
from providers.answering.answering_record import AnsweringRecord, answering_json
from providers.finder.answer import Answer, Elsewhere, Offer, Result
from providers.finder.offer_view import OfferView, view_of
from providers.finder.query_parsing import parse_query
from providers.rules.wording import licensed_words
from referrals.records.vocabulary import Actor
from referrals.workflow import field_intake, referral_offers
from referrals.workflow.directory import Directory, open_directory
from reports.documents.county_pack import make_pack
from reports.documents.county_pack_html import render_pack
from reports.documents.export import KINDS, gathered
from reports.documents.slip import slip_lines
from tests.worlds.clients.html_reading import folded, read
from tests.worlds.homes.small_world import publish, report, service

TEAM = Actor("team", "echipa-1", "BC", 24089)
UNIT = Actor("county", "ujss-bc", "BC")
VILLAGE = 24098  # SIRUTA of Parincea
DOCTOR = "MED-GP"
SECRET = {"name": "Casa Ascunsă", "address": "Strada Tăinuită 1", "locality": "Orașul Ascuns", "is_secret": True}
PHONES = "0234 512 345 int. 5; 0744111222; 0236 111 222"
UNTIL = pd.Timestamp("2031-12-31")


def services() -> list[dict]:
    """One service for each thing that a surface might forget."""
    return [
        service(1, 0.05, 0.0, name="Centrul Întreg", phone=PHONES, hours="luni–vineri, 8–16", licence_until=UNTIL,
                address="Strada Școlii 3", locality="Parincea", licence_status="active"),
        service(2, 0.06, 0.0, name="Centrul X", places_max=25, capacity_unit="per_day", phone="0234512346",
                locality="Parincea", position_precision="locality", flags="county_mismatch;position_unverified"),
        service(3, 0.07, 0.0, name="Centrul Dispărut", phone="0234512347", locality="Nănești", licence_status="active"),
        service(4, 0.08, 0.0, name="Centrul cu Decizie", places_max=1, capacity_unit="per_month", phone="0234512348",
                access_route="decision", position_precision="uat", locality="Parincea"),
        service(5, 0.09, 0.0, name="Centrul cu Trimitere", places_max=20, phone="0234512349", access_route="medical"),
        service(6, 0.01, 0.0, name="Centrul Plin", phone="0234512350"),
        service(7, 0.02, 0.0, name="Vizita Acasă", delivery="at_home", phone="0234512351", hours="luni, 9–12"),
        service(8, 0.02, 0.0, name="Echipa Mobilă", delivery="mobile", places_max=30, capacity_unit="per_month",
                locality="Buhoci", licence_until=UNTIL, flags="place_guessed"),
        service(9, 0.02, 0.0, name="Ajutor la Telefon", delivery="remote", phone="0800123123; 0234512352 int. 12"),
        service(10, 0.02, 0.0, name="Centrul Fără Loc", lat=None, lon=None, position_precision="none", phone="0234512353"),
        service(11, 0.03, 0.0, phone="0234999999", **SECRET),
    ]  # fmt: skip


def make_parity_world(folder: Path) -> Home:
    """Make the home: a register, reports of places, and what the field doubts."""
    home = make_home("demo", folder)
    publish(home, "social", services())
    for number, free, days in ((1, 3, 2), (3, 3, 2), (6, 0, 1), (7, 4, 3)):
        report(home, f"social:mmps:{number}", free, days_ago=days)
    directory = open_directory(home)
    for number, what in ((2, "phone"), (2, "moved"), (3, "gone"), (9, "phone")):
        field_intake.report_wrong(directory, f"social:mmps:{number}", what=what, actor=TEAM)
    directory.ledger.close()
    return home


# --- what must be read -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One thing that must be read. kind: what LEFT_OUT calls it."""

    kind: str
    text: str


def facts(offer: Offer) -> list[Fact]:
    """List all that must be read of an offer, without what is empty."""
    o = view_of(offer)
    way = o.travel
    pieces = (way.first, way.second) if way else ("", "")
    # Without roads kilometres come first, and minutes are called an estimate.
    kilometres, minutes = pieces if pieces[1].startswith("timp estimat ") else pieces[::-1]
    minutes = minutes.removeprefix("timp estimat ")
    where = "address" if offer.delivery == "at_site" else "seat"
    told = [
        ("name", o.name),
        ("minutes", minutes),
        ("kilometres", kilometres),
        ("precision", o.precision if way and way.is_approximate else ""),
        ("not_visited", o.not_visited),
        ("what", offer.organization),
        ("places", o.places.text if o.places else ""),
        ("age", o.places.age if o.places else ""),
        ("licensed", _licensed(offer, o)),
        *(("caution", line) for line in o.cautions),
        *(("phone", phone.text) for phone in o.phones),
        *((where, part) for part in (offer.address or "", offer.locality or "") if not offer.is_secret),
        ("hours", o.hours),
        ("opening", o.opening),
        ("dated", o.dated),
        ("licence", o.licence),
        ("checks", o.checks),
    ]
    return [Fact(kind, text) for kind, text in told if text]


def _licensed(offer: Offer, view: OfferView) -> str:
    """Licensed places in their unit, where they are what is known of the places."""
    said = "" if offer.places_max is None else licensed_words(offer.places_max, offer.capacity_unit)
    return said if view.places and said and said in view.places.text else ""


def data_facts(offer: Offer, columns: dict[str, str]) -> list[Fact]:
    """List the same as a table for programs has it: codes and numbers in cells, sentences where there is no code.

    columns: how that table writes a cell that others write `name=value`.
    """
    data = {
        "minutes": {"minutes": round(getattr(offer, "minutes", 0.0), 3)},
        "kilometres": {"distance_m": round(getattr(offer, "distance_m", 0.0), 1)},
        "precision": {"position_precision": offer.position_precision},
        "not_visited": {"why": getattr(offer, "why", "")},
        "places": {"status": offer.status, "places_free": offer.places_free},
        "age": {"places_reported_at": f"{offer.places_reported_at:%Y-%m-%d}" if offer.places_reported_at else ""},
        "licensed": {"places_max": offer.places_max, "capacity_unit": offer.capacity_unit},
        "licence": {"licence_valid_until": offer.licence_valid_until or "", "licence_status": offer.licence_status},
        "checks": {},
        "hours": {"hours": offer.hours or ""},
        "opening": {"opening": offer.opening},
        "dated": {"as_of": offer.as_of or ""},
    }
    if getattr(offer, "why", "") in ("secret", "not_placed") and "why" in columns:
        data["not_visited"] = {"is_secret": True} if offer.is_secret else {"position_precision": "none"}
    told = []
    for fact in facts(offer):
        cells = data.get(fact.kind)
        if cells is None:
            told.append(fact)
            continue
        told += [
            Fact(fact.kind, columns.get(n, f"{n}={{}}").format(v)) for n, v in cells.items() if v not in (None, "")
        ]
        if fact.kind == "checks":
            told += [Fact("checks", flag) for flag in offer.flags]
    return told


_OF_A_DAY = "it lies for months: what is free, and how old that report is, would mislead by the next day"
_FROM_NOWHERE = "it is asked from nowhere: there is no way to measure"
_SLIP_WAY = "it does not say where the person lives, so neither how far it is"
_READ_LATER = "it is read on another day: whether it is open now would mislead"
_REGISTER_DAY = "the days of the registers stand at its foot"
_CHECKED = "the team looked at it before it made the referral"
LEFT_OUT: dict[str, dict[str, str]] = {
    "terminal": {},
    "json": {},
    "screen": {},
    "plain": {},
    "slip": {
        "minutes": _SLIP_WAY,
        "kilometres": _SLIP_WAY,
        "precision": "without an address it sends the person to the telephone or to the team",
        "not_visited": "said as what the person does: nobody has to travel",
        "seat": "nobody goes there: it would send the person on a way for nothing",
        "places": "the place is held or asked for already; it says until when",
        "age": "the place is held or asked for already; it says until when",
        "licensed": "the place is held or asked for already; it says until when",
        "licence": _CHECKED,
        "checks": _CHECKED,
        "opening": _READ_LATER,
        "dated": _CHECKED,
    },
    "pack": {
        "minutes": _FROM_NOWHERE,
        "kilometres": _FROM_NOWHERE,
        "precision": _FROM_NOWHERE,
        "not_visited": "said as what the service does: it comes, it is mobile, it works from afar",
        "places": _OF_A_DAY,
        "age": _OF_A_DAY,
        "opening": _READ_LATER,
        "dated": _REGISTER_DAY,
        "checks": "how the register was read; what would mislead a caller is a caution",
    },
    "batch": {},
    "xlsx": {"minutes": _FROM_NOWHERE, "kilometres": _FROM_NOWHERE, "opening": _READ_LATER, "dated": _REGISTER_DAY},
    "hsds": {"minutes": _FROM_NOWHERE, "kilometres": _FROM_NOWHERE, "opening": _READ_LATER, "dated": _REGISTER_DAY},
}


# --- what each surface says --------------------------------------------------------------------------


@dataclass(frozen=True)
class Output:
    """What a surface says: of each service by its name, and all of it. Spaces do not count."""

    of_service: dict[str, str]
    whole: str

    def says(self, name: str, text: str) -> bool:
        return folded(text) in self.of_service.get(name, "")

    def holds(self, text: str) -> bool:
        return folded(text) in self.whole


def output(pieces: dict[str, str], whole: str) -> Output:
    return Output({name: folded(text) for name, text in pieces.items()}, folded(whole))


def by_name(names: list[str], pieces: list[str]) -> dict[str, str]:
    """Give each name the pieces that hold it: two offers under one public label are read together."""
    return {name: "\n".join(piece for piece in pieces if folded(name) in folded(piece)) for name in names}


def asked(directory: Directory, code: str) -> Answer:
    wanted = {"needs": (code,)} if re.match(r"[a-z]", code) else {"services": (code,)}
    return directory.ask(parse_query(directory.gazetteer, place=str(VILLAGE), **wanted))


def offers(answer: Answer) -> list[Offer]:
    return list(answer.offers)


def terminal(code: str, names: list[str]) -> Output:
    told = _command(code)
    return output(by_name(names, re.split(r"\n(?=  (?:\d+\.|-) )", told)), told)


def as_data(code: str, names: list[str]) -> Output:
    """Read the offers again from the JSON: it holds a fact if the same words can be made of it."""
    said = json.loads(_command(code, "--json"))
    listed = [*said["first"], *said["results"], *said["also"], *said["elsewhere"]]
    once = {each["service_id"]: each for each in reversed(listed) if each["service_id"]}.values()
    again = [_again(Elsewhere, each) if "why" in each else _again(Result, _with_basis(each, said)) for each in once]
    pieces: dict[str, str] = dict.fromkeys(names, "")
    for offer in again:
        pieces[offer.name] += " ".join(fact.text for fact in facts(offer))
    rest = [line["words"] for line in said["excluded"]] + [line["name"] for line in said["excluded"]]
    lines = [text for line in said["emergency"] for text in (line["phone"], line["name"], line["words"])]
    sources = [f"{each['title']} {each['as_of']}" for each in said["sources"]]
    return output(pieces, " ".join([*pieces.values(), *rest, *lines, *sources, *said["missing"]]))


def _with_basis(result: dict, said: dict) -> dict:
    told = {name: value or "" for name, value in said["travel"].items() if name not in ("model", "words")}
    basis = TravelBasis(**told)
    assert basis.code == result["travel_model"]
    return {**{name: value for name, value in result.items() if name != "travel_model"}, "travel": basis}


def _again(kind: type[Offer], said: dict) -> Offer:
    day, moment = said["licence_valid_until"], said["places_reported_at"]
    at, changes, as_of = said["asked_at"], said["opening_changes_at"], said["as_of"]
    record = AnsweringRecord(said["answering"]["usual_days"], said["answering"]["unanswered_in_a_row"])
    dated = {
        "asked_at": at and datetime.fromisoformat(at),
        "opening_changes_at": changes and datetime.fromisoformat(changes),
        "as_of": as_of and date.fromisoformat(as_of),
        "licence_valid_until": day and date.fromisoformat(day),
        "places_reported_at": moment and datetime.fromisoformat(moment),
        "flags": tuple(said["flags"]),
        "answering": record if answering_json(record) != answering_json(None) else None,
    }
    return kind(**{**said, **dated})


def _command(code: str, *more: str) -> str:
    kind = "--need" if re.match(r"[a-z]", code) else "--service"
    done = CliRunner().invoke(cli.app, ["nearest", "--siruta", str(VILLAGE), kind, code, *more])
    assert done.exit_code == 0, done.output
    return done.stdout


def page(text: str, names: list[str], tag: str = "article") -> Output:
    """Read a page as a person does: each card alone, and the whole."""
    cards = re.findall(rf"<{tag}\b.*?</{tag}>", text, re.DOTALL)
    return output(by_name(names, [read(card).text for card in cards]), read(text).text)


def slips(directory: Directory, answer: Answer) -> Output:
    """Refer somebody to every offer, and read the slips."""
    pieces: dict[str, str] = {}
    for offer in offers(answer):
        who = UNIT if offer.is_secret else TEAM
        key = directory.snapshot().catalogue.sealed.get(offer.service_id, offer.service_id)
        made = referral_offers.refer(
            directory, key, answer.query, actor=who, basis="public_task", consent_at=datetime.now(UTC), is_new_case=True
        )
        pieces[offer.name] = "\n".join(slip_lines(directory, made))
    return output(pieces, "\n".join(pieces.values()))


def pack(directory: Directory, names: list[str]) -> Output:
    text = render_pack(make_pack(directory, "BC"))
    return page(text, names, "li")


def batch(folder: Path, code: str, names: list[str]) -> Output:
    """Read a table of answers: what it holds as a code or a number is in the cell of its name."""
    asked_, told = folder / "asked.csv", folder / "told.csv"
    kind = "need" if re.match(r"[a-z]", code) else "service"
    asked_.write_text(f"siruta,{kind}\n{VILLAGE},{code}\n", encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["nearest", "--batch", str(asked_), "--out", str(told)])
    assert done.exit_code == 0, done.output
    with told.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return output(by_name(names, [_cells(row) for row in rows]), "\n".join(_cells(row) for row in rows))


def exported(folder: Path, directory: Directory, kind: str) -> None:
    """Write an export of the register alone: thousands of offices of the law would say nothing more."""
    content = gathered(directory, made_on=date(2026, 11, 22))
    services = content.tables.services
    tables = replace(content.tables, services=services[services["registry"] == "social"].reset_index(drop=True))
    KINDS[kind].write(replace(content, tables=tables), folder)


def xlsx(folder: Path, directory: Directory, names: list[str]) -> Output:
    exported(folder, directory, "xlsx")
    sheet = openpyxl.load_workbook(folder / "services.xlsx")["Servicii"]
    table = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(i for i, row in enumerate(table) if "service_id" in row)
    rows = [dict(zip(table[head], row, strict=True)) for row in table[head + 1 :]]
    return output(by_name(names, [_cells(row) for row in rows]), "\n".join(_cells(row) for row in rows))


def hsds(folder: Path, directory: Directory, names: list[str]) -> Output:
    exported(folder, directory, "hsds")
    found = json.loads((folder / "hsds-services.json").read_text(encoding="utf-8"))
    pieces = []
    for each in found:
        named = [f"{a['link_type']}={a['value']}" for a in each["attributes"] if "value" in a]
        pieces.append("\n".join([*named, json.dumps(each, ensure_ascii=False)]))
    return output(by_name(names, pieces), "\n".join(pieces))


def _cells(row: dict) -> str:
    return "\n".join(f"{name}={value}" for name, value in row.items() if value not in (None, ""))
