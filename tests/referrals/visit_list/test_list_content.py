"""What a list says of its services: their public face, no need, and nothing of a protected door."""

from __future__ import annotations

import pytest

from core.storage.home import open_home
from providers.rules import needs
from referrals.service_page import service_page
from referrals.visit_list import KeptService, describe_list
from referrals.visit_list.list_content import list_text
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world

CENTRE, PROTECTED, OFFICE = "social:mmps:1", "protected:8790CR-VD-I:BC:1", "authority:oficii:AJOFM-AG"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    home = small_world.make_world(tmp_path_factory.mktemp("list") / "home")
    opened = open_directory(open_home(home.path))
    yield opened
    opened.ledger.close()


def described(directory, *kept):
    return describe_list(directory, [KeptService(each) if isinstance(each, str) else each for each in kept])


def everything(service):
    return "\n".join([service.name, *service.cautions, *(f"{name}: {value}" for name, value in service.facts)])


def test_services_stand_in_the_order_chosen_with_what_a_visit_needs(directory):
    office, centre = described(directory, OFFICE, CENTRE)
    assert (office.service_id, centre.service_id) == (OFFICE, CENTRE)
    facts = dict(centre.facts)
    assert facts["Pentru ce"] == "Centru de zi pentru copii în risc"
    assert facts["Telefon"] == "0234 512 345; 0744 111 222"
    assert facts["Program"] == "luni–vineri 8:00–16:00"
    assert facts["Pe cine întrebați"] == "Asociația Exemplu"
    assert facts["Locuri"] == "3 locuri libere, raportat acum 2 zile"
    assert "certificatul de naștere" in facts["Ce luați cu dumneavoastră"]
    assert "Mergeți în Pitești, județul Argeș" in dict(office.facts)["Cum ajungeți"]


def test_a_kept_need_brings_its_papers_and_is_never_named(directory):
    known = needs.needs()
    need = next(
        code
        for code, rows in needs.need_answers().items()
        if known[code].what_to_bring and any(each.service_type == small_world.CHILD_DAY_CENTRE for each in rows)
    )
    (centre,) = described(directory, KeptService(CENTRE, need))
    assert dict(centre.facts)["Ce luați cu dumneavoastră"].casefold() == known[need].what_to_bring.casefold()
    assert known[need].name.casefold() not in everything(centre).casefold()


def test_of_a_protected_service_stands_its_public_face_and_nothing_goes_into_a_message(directory):
    (shelter,) = described(directory, PROTECTED)
    assert shelter.name == service_page(directory, PROTECTED).offer.name
    assert set(dict(shelter.facts)) == {"Ce luați cu dumneavoastră", "Pe cine întrebați"}
    said = everything(shelter)
    assert "DGASPC" in said
    for hidden in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999"):
        assert hidden not in said
    assert list_text(described(directory, CENTRE, PROTECTED), str) == ""


def test_a_list_is_sent_as_text_in_its_order_and_leaves_out_what_no_register_has(directory):
    listed = described(directory, CENTRE, "social:mmps:404", OFFICE)
    assert [each.is_gone for each in listed] == [False, True, False]
    text = list_text(listed, lambda service_id: f"https://harta.example/{service_id}")
    first, second = text.split("\n\n")
    assert first.startswith("1. Centrul de zi „Luminița”")
    assert first.endswith(f"https://harta.example/{CENTRE}")
    assert second.startswith("2. AJOFM Argeș")
