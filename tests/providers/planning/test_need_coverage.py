"""The count of lawful answers against the slow obvious one, and what it promises of papers and benefits."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.travel import CAR
from providers.authorities.authorities import derive
from providers.catalogue.catalogue import make_catalogue
from providers.finder.answer import Query
from providers.planning.need_coverage import COLUMNS, NEED_REACH_MINUTES, need_coverage
from providers.planning.need_coverage_report import count_needs
from providers.planning.need_coverage_text import coverage_page, share
from providers.planning.need_persons import band_of, persons_of
from providers.rules import taxonomy
from providers.rules.needs import answer_rows, need_answers, needs
from providers.rules.schema import services_table
from tests.worlds.twins.obvious_finder import TODAY, first_reason, geography, minutes_to, records

NEEDS = ("hot-meal", "domestic-violence", "disability-day-centre", "elderly-home-care", "trade-school", "homeless")
INCOME_AND_PAPERS = [code for code, need in needs().items() if need.group in ("Venituri și ajutoare", "Acte")]


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def small(gazetteer):
    """A country of 24 UATs, and Bucharest with its sectors."""
    uats = gazetteer.uats
    chosen = uats[uats["county"].isin(["BC", "IF"])].iloc[::6]
    bucharest = uats[uats["county"] == "B"]
    uats = pd.concat([chosen, bucharest], ignore_index=True)
    localities = gazetteer.localities[gazetteer.localities["uat_siruta"].isin(uats["uat_siruta"])]
    return replace(gazetteer, uats=uats, localities=localities.reset_index(drop=True))


@pytest.fixture(scope="module")
def services(small):
    """Synthetic services of every area and delivery, scattered at random (seeded) over the small country."""
    pick = random.Random(7)
    types = sorted({answer.service_type for code in NEEDS for answer in need_answers()[code]})
    rows = []
    for number in range(400):
        uat = small.uats.iloc[pick.randrange(len(small.uats))]
        is_lost = pick.random() < 0.1
        kind = pick.choice(types)
        rows.append(
            {
                "service_id": f"social:mmps:{number}",
                "registry": taxonomy.service_type(kind).registry,
                "registry_key": str(number),
                "name": f"Serviciu {number}",
                "organization": "Furnizor",
                "service_type": kind,
                "county": uat["county"],
                "uat_siruta": int(uat["uat_siruta"]),
                "lat": None if is_lost else uat["lat"] + pick.uniform(-0.3, 0.3),
                "lon": None if is_lost else uat["lon"] + pick.uniform(-0.3, 0.3),
                "position_precision": "none" if is_lost else "address",
                "delivery": pick.choice([None, None, "at_home", "mobile"]),
                "service_area": pick.choice([None, "own_uat", "county", "listed", "region", "nation"]),
                "areas_served": pick.choice([f"{uat['uat_siruta']}", "BC", f"IF;{uat['uat_siruta']}"]),
                "is_secret": taxonomy.service_type(kind).is_secret or pick.random() < 0.1,
                "licence_until": pick.choice([None, None, date(2020, 1, 1)]),
                "operating_status": pick.choice(["open", "open", "open", "closed"]),
                "source_row": number,
            }
        )
    return services_table(rows)


def lawful(service, person, place, where) -> tuple[bool, bool]:
    """Tell whether a service is an answer here: within reach, and however far."""
    query = Query(place, (), person, on=TODAY)
    kind = taxonomy.service_type(service["service_type"])
    if service["is_secret"] and (service["service_area"] or kind.service_area) == "nation":
        service = {**service, "service_area": "county"}
    if first_reason(service, query, where):
        return False, False
    comes = (service["delivery"] or kind.delivery) != "at_site"
    if comes or service["is_secret"]:
        return True, True
    return service["lat"] is not None and minutes_to(query, service) <= NEED_REACH_MINUTES, True


def obvious_line(code, services, gazetteer) -> dict[str, int]:
    uats = gazetteer.uats[gazetteer.uats["parent_uat_siruta"].isna()]
    counts = dict.fromkeys(("reached", "anywhere", "reached_first", "reached_services", "anywhere_authorities"), 0)
    rows, where = records(services), geography(gazetteer)
    for siruta in uats["uat_siruta"]:
        place = gazetteer.by_siruta(int(siruta))
        everybody = dict.fromkeys(counts, True)
        for person in persons_of(code):
            mine = dict.fromkeys(counts, False)
            for answer in answer_rows(code, person):
                for service in rows:
                    if service["service_type"] != answer.service_type:
                        continue
                    near, anywhere = lawful(service, person, place, where)
                    office = service["registry"] == "authority"
                    mine["reached"] |= near
                    mine["anywhere"] |= anywhere
                    mine["reached_first"] |= near and answer.role == "first"
                    mine["reached_services"] |= near and not office
                    mine["anywhere_authorities"] |= anywhere and office
            everybody = {name: everybody[name] and mine[name] for name in counts}
        counts = {name: counts[name] + everybody[name] for name in counts}
    return counts


@pytest.fixture(scope="module")
def counted(small, services):
    return need_coverage(make_catalogue(services, small), small, communities=[], on=TODAY, travel=CAR)


@pytest.mark.parametrize("code", NEEDS)
def test_the_count_equals_the_obvious_one(small, services, counted, code):
    found = counted.set_index("need").loc[code]
    expected = obvious_line(code, services, small)
    assert {name: int(found[name]) for name in expected} == expected


def test_the_count_does_not_depend_on_the_order_of_rows(small, services, counted):
    other = need_coverage(make_catalogue(services[::-1], small), small, communities=[], on=TODAY, travel=CAR)
    pd.testing.assert_frame_equal(counted, other)


def test_an_empty_country_of_services_leaves_every_need_without_an_answer(small):
    table = need_coverage(make_catalogue(services_table([]), small), small, communities=[179132], on=TODAY, travel=CAR)
    assert list(table.columns) == list(COLUMNS)
    assert table[["services", "authorities", "anywhere", "reached"]].to_numpy().sum() == 0
    assert set(table["communities"]) == {1}


@pytest.fixture(scope="module")
def by_law(gazetteer):
    catalogue = make_catalogue(derive(gazetteer), gazetteer)
    return need_coverage(catalogue, gazetteer, communities=[], on=TODAY, travel=CAR).set_index("need")


@pytest.mark.parametrize("code", INCOME_AND_PAPERS)
def test_papers_and_benefits_reach_every_uat_through_authorities_alone(by_law, code):
    line = by_law.loc[code]
    assert line["uats"] == 3181
    assert line["anywhere_authorities"] == line["anywhere"] == 3181
    assert line["reached"] == 3181  # the town hall of one's own stands beside the county's office
    assert line["services"] == 0


def test_everybody_who_may_have_a_need_is_tried_once():
    for code, need in needs().items():
        persons = persons_of(code)
        assert len(set(persons)) == len(persons) > 0
        assert all((need.age_min or 0) <= person.age <= (need.age_max or 200) for person in persons), code


def test_one_age_stands_for_a_band_in_which_no_answer_changes():
    for code in NEEDS:
        tried = [person.age for person in persons_of(code)]
        answers = {
            age: [row.service_type for row in answer_rows(code, person)] for age, person in _by_age(code).items()
        }
        assert {tuple(answers[age]) for age in answers} == {tuple(answers[age]) for age in tried}


def _by_age(code):
    first = persons_of(code)[0]
    need = needs()[code]
    return {age: replace(first, age=age) for age in range(need.age_min or 0, min(need.age_max or 90, 90) + 1)}


@pytest.mark.parametrize(
    ("code", "bands"),
    [
        ("food", ["oricine"]),
        ("nursery", ["0–3 ani"]),
        ("elderly-alone", ["62 de ani și peste"]),
        ("special-needs-education", ["2 ani", "3–5 ani", "6–17 ani", "18–26 de ani"]),
    ],
)
def test_a_band_is_said_in_words(code, bands):
    assert [band_of(code, person) for person in persons_of(code)] == bands


def test_a_share_never_says_all_of_what_is_not_all():
    assert [share(n, 3181) for n in (3181, 3180, 1591, 1, 0)] == ["100 %", "99,9 %", "50 %", "sub 0,1 %", "0 %"]


def test_the_page_names_every_need_the_holes_and_the_sources(gazetteer, tmp_path):
    report = count_needs(make_home("live", tmp_path / "var"), on=TODAY)
    page = coverage_page(
        report.table, sources=report.sources, on=report.on, communities=report.communities, travel=report.travel
    )
    assert all(f"(`{code}`)" in page for code in needs())
    assert "139 de comunități din lista demonstrativă" in page or "139 comunități din lista demonstrativă" in page
    assert "**Are nevoie de planificare familială**: 3.181 din 3.181 UAT nu au niciun răspuns" in page
    report.write(tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page


@pytest.mark.slow
def test_on_the_real_registers_papers_and_benefits_have_an_answer_everywhere(real_home):
    table = count_needs(real_home).table.set_index("need")
    assert (table.loc[INCOME_AND_PAPERS, "reached"] == 3181).all()
    assert (table.loc[INCOME_AND_PAPERS, "anywhere_authorities"] == 3181).all()
    assert table.loc["trade-school", "reached"] > 3100
    assert table.loc["drug-use", "reached"] < 1000  # a hole of the register of 2017
