"""Situations in which a right table gave a wrong answer, each told as a team would tell it (decision 0034)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.eligibility import REASONS, refusals
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query, Result
from providers.finder.answer_view import answer_view
from providers.finder.finder import find
from providers.finder.instructions import instructions_for, takes_referrals
from providers.finder.offer_view import view_of
from providers.output.answer_json import as_json
from providers.rules.need_search import resolve
from providers.rules.needs import emergency_lines, need_answers, needs
from providers.rules.person import Person
from providers.rules.schema import services_table
from providers.rules.taxonomy import service_types
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table


@pytest.fixture(scope="module")
def parincea(gazetteer):
    return gazetteer.resolve("Parincea, Bacău")


def service(number: int, kind: str, place, *, north: float = 0.0, registry: str = "social", **said):
    return {
        "service_id": f"{registry}:{number}", "registry": registry, "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Asociația Exemplu", "service_type": kind, "county": place.county, "uat_siruta": place.uat_siruta,
        "locality_siruta": place.locality_siruta, "lat": place.lat + north, "lon": place.lon,
        "position_precision": "locality", "source_row": number, **said,
    }  # fmt: skip


def ask(gazetteer, place, need, services=(), *, reports=None, **options):
    catalogue = make_catalogue(services_table(list(services)), gazetteer)
    laid = availability(catalogue, capacity_table(reports or {}), now=NOW)
    return find(Snapshot(catalogue, laid, gazetteer), Query(place, (need,), on=TODAY, **options))


def types(offers):
    return [offer.service_type for offer in offers]


def test_a_child_to_vaccinate_is_the_family_doctor_s_also_where_no_list_of_doctors_is_there(gazetteer, parincea):
    answer = ask(gazetteer, parincea, "vaccination", person=Person(age=1))
    doctor = answer.first[0]
    assert (doctor.service_type, doctor.service_id, doctor.whose) == ("MED-GP", "", "own")
    view = view_of(doctor)
    assert (view.name, view.not_visited, view.may_refer) == (
        "Medicul de familie al persoanei",
        "de care ține persoana",
        False,
    )
    assert as_json(answer)["first"][0]["service_type"] == "MED-GP"


def test_a_licence_is_asked_about_only_where_one_is_needed(gazetteer, parincea):
    near = [service(1, "EDU-SCHOOL", parincea, registry="education"), service(2, "8730CR-V-II", parincea)]
    school = view_of(ask(gazetteer, parincea, "school-enrolment", near, person=Person(age=7)).first[0])
    respite = view_of(ask(gazetteer, parincea, "respite", near, person=Person(age=70)).first[0])
    assert (school.licence, bool(respite.licence)) == ("", True)


def test_places_on_another_doctor_s_list_do_not_matter_but_for_who_has_no_doctor(gazetteer, parincea):
    doctors = [service(1, "MED-GP", parincea, north=0.1, registry="medical")]
    free = {"medical:1": ("free", 15, NOW)}
    vaccination = ask(gazetteer, parincea, "vaccination", doctors, reports=free, person=Person(age=1))
    assert vaccination.first[0].service_id == ""
    assert vaccination.results == ()
    without = ask(gazetteer, parincea, "no-family-doctor", doctors, reports=free)
    assert without.first[0].service_id == "medical:1"


def test_ten_near_doctors_do_not_hide_the_mental_health_centre(gazetteer, parincea):
    crowd = [service(n, "8730CR-V-II", parincea, north=n / 1000) for n in range(1, 11)]
    rare = service(50, "8790CR-D-VI", parincea, north=0.3)
    answer = ask(gazetteer, parincea, "respite", [*crowd, rare], person=Person(age=70), k=5)
    assert {offer.service_id for offer in answer.first} == {"social:50", "social:1"}


@pytest.mark.parametrize(
    ("kind", "groups", "person"),
    [
        ("8790CR-MC-I", "B1;B1.1", Person(age=20, sex="F")),
        ("8899CZ-F-I", "B1.3", Person(age=33)),
        ("8899CZ-VD-I", "B1", Person(age=34, sex="F")),
        ("8899CPDH-II", "B4", Person(age=30)),
        ("8891CZ-C-II", "B1.3", Person(age=6)),
    ],
)
def test_who_benefits_in_a_register_is_not_the_age_of_who_comes(gazetteer, parincea, kind, groups, person):
    delivery = {"delivery": "at_site"}
    answer = ask(gazetteer, parincea, kind, [service(1, kind, parincea, groups=groups, **delivery)], person=person)
    assert [offer.service_id for offer in answer.offers] == ["social:1"]


def test_a_directorate_serves_its_county_a_town_its_town_and_of_others_it_is_asked(gazetteer, parincea):
    vaslui, bacau = gazetteer.resolve("Vaslui"), gazetteer.resolve("Bacău")
    county = "Direcția Generală de Asistență Socială și Protecția Copilului"
    offered = ask(
        gazetteer,
        parincea,
        "8899CZ-F-II",
        [
            service(1, "8899CZ-F-II", vaslui, organization=f"{county} Vaslui"),
            service(2, "8899CZ-F-II", bacau, organization=f"{county} Bacău"),
            service(3, "8899CZ-F-II", bacau, organization="Primăria municipiului Bacău"),
            service(4, "8899CZ-F-II", bacau),
        ],
    )
    assert {offer.service_id for offer in offered.results} == {"social:2", "social:4"}
    (unknown,) = [offer for offer in offered.results if offer.service_id == "social:4"]
    assert "întrebați dacă primește din comuna dumneavoastră" in " ".join(view_of(unknown).cautions)


def test_a_day_centre_two_hours_away_stands_far_below_the_office_that_can_help(gazetteer, parincea):
    centres = [service(1, "8891CZ-C-II", parincea, north=0.5), service(2, "8891CZ-C-II", parincea, north=2.0)]
    answer = ask(gazetteer, parincea, "after-school", centres, person=Person(age=9))
    assert [(r.service_id, r.reach) for r in answer.results] == [("social:1", "farther")]
    assert answer.first[-1].service_id == ""
    assert "Mai departe" in answer.first[-1].words
    groups = {group.key: group for group in answer_view(answer).groups}
    assert [offer.service_id for offer in groups["far"].offers] == ["social:1"]
    assert groups["far"].is_folded


def test_the_hospital_across_the_danube_has_no_direct_road(gazetteer):
    ostrov, calarasi = gazetteer.resolve("Ostrov, Constanța"), gazetteer.resolve("Călărași, Călărași")
    medgidia = gazetteer.resolve("Medgidia, Constanța")
    hospitals = [
        service(n, "MED-HOSP", place, registry="medical", name="Spitalul Județean de Urgență")
        for n, place in ((1, calarasi), (2, medgidia))
    ]
    answer = ask(gazetteer, ostrov, "MED-HOSP", hospitals)
    assert [(r.service_id, r.reach) for r in answer.results] == [("medical:2", "farther"), ("medical:1", "farther")]
    assert view_of(answer.results[1]).travel.first == "fără drum direct"
    assert any("bac" in line for line in view_of(answer.results[1]).cautions)


def test_a_girl_who_thinks_of_suicide_is_not_sent_to_the_hospital_for_lungs(gazetteer, parincea):
    lungs = service(1, "MED-HOSP", parincea, registry="medical", name="Spitalul de Pneumoftiziologie Bacău")
    county = service(2, "MED-HOSP", parincea, north=0.1, registry="medical", name="Spitalul Județean de Urgență Bacău")
    answer = ask(gazetteer, parincea, "suicide-risk", [lungs, county], person=Person(age=16, sex="F"))
    assert (answer.first[0].service_type, answer.first[0].service_id) == ("MED-UPU", "medical:2")
    assert "medical:1" not in {offer.service_id for offer in answer.offers}
    left = {line.service_id: line.words for line in answer.excluded}
    assert left["medical:1"] == "este un spital cu alt profil"


def test_a_hospital_whose_name_tells_nothing_says_that_its_profile_is_unknown(gazetteer, parincea):
    unknown = service(1, "MED-HOSP", parincea, registry="medical", name="Spitalul Exemplu")
    answer = ask(gazetteer, parincea, "serious-illness", [unknown])
    (offer,) = answer.results
    assert any("Profil necunoscut" in line for line in view_of(offer).cautions)


def test_the_school_of_the_own_village_stands_first_also_where_it_is_a_liceu(gazetteer, parincea):
    other = gazetteer.resolve("Vladnic, Bacău")
    schools = [
        service(1, "EDU-SCHOOL", other, registry="education"),
        service(2, "EDU-HIGH", parincea, registry="education", name="Liceul Tehnologic Parincea"),
    ]
    answer = ask(gazetteer, parincea, "school-enrolment", schools, person=Person(age=7))
    assert (answer.first[0].service_id, answer.first[0].whose) == ("education:2", "own")
    assert isinstance(answer.first[0], Result)
    view = view_of(answer.first[0])
    assert view.places.words == "primește copiii din circumscripția școlară"
    assert not any("locuri" in step for step in view.steps)


def test_a_service_inside_a_prison_and_one_whose_name_tells_another_kind_are_left_out(gazetteer, parincea):
    prison = service(1, "8899CZ-PN-IV", parincea, organization="Penitenciarul Bacău", service_area="nation")
    homes = service(2, "8730CR-V-III", parincea, name="Locuință protejată pentru adulți cu handicap nr. 1")
    assert ask(gazetteer, parincea, "8899CZ-PN-IV", [prison]).results == ()
    left = ask(gazetteer, parincea, "8730CR-V-III", [homes], person=Person(age=80)).excluded
    assert [line.words for line in left] == ["după nume este pentru adulți cu dizabilități"]


def test_119_is_called_for_a_child_whoever_s_age_was_typed(gazetteer, parincea):
    for need in ("child-neglect", "child-abandoned", "domestic-violence", "child-abuse"):
        assert "119" in [line.code for line in emergency_lines(needs()[need], 34)]
    assert [line.code for line in emergency_lines(needs()["trafficking"], 40)] == ["112", "0800500333", "0800800678"]
    assert "116111" in [line.code for line in emergency_lines(needs()["suicide-risk"], 16)]
    assert "116111" not in [line.code for line in emergency_lines(needs()["suicide-risk"], 40)]


@pytest.mark.parametrize("need", [code for code, need in needs().items() if need.is_danger and code != "flood"])
def test_in_a_danger_a_door_that_is_open_at_night_stands_first(need):
    first = [row for row in need_answers()[need] if row.role == "first"]
    assert service_types()[first[0].service_type].is_on_call


def test_in_a_danger_the_first_hour_is_said_with_the_duty_to_report(gazetteer, parincea):
    cards = answer_view(ask(gazetteer, parincea, "child-abuse", person=Person(age=3))).first_hour
    assert [card.title for card in cards] == ["Prima oră: Copil bătut, abuzat, neglijat sau exploatat"]
    headings = dict(cards[0].parts)
    assert any("fără acordul părintelui" in line for line in headings["Obligația de a sesiza"])
    assert answer_view(ask(gazetteer, parincea, "job", person=Person(age=30))).first_hour == ()


def test_a_centre_that_said_long_ago_that_it_was_full_offers_no_referral(gazetteer, parincea):
    reports = {"social:1": ("full", 0, NOW - timedelta(days=166))}
    (offer,) = ask(gazetteer, parincea, "8891CZ-C-III", [service(1, "8891CZ-C-III", parincea)], reports=reports).results
    assert not takes_referrals(offer)
    assert not view_of(offer).may_refer
    assert instructions_for(offer)[-1].startswith("Ultimul raport spune că nu are locuri")


@pytest.mark.parametrize(
    ("person", "on", "refused"),
    [
        (Person(age=62, sex="F"), TODAY, False),
        (Person(age=61, sex="F"), TODAY, True),
        (Person(age=64, sex="M"), TODAY, True),
        (Person(age=65, sex="M"), TODAY, False),
        (Person(age=62), TODAY, False),
        (Person(age=64, sex="F"), date(2035, 1, 1), True),
        (Person(age=64, sex="F"), date(2034, 12, 31), False),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("kind", "groups"),
    [("8730CR-V-I", None), ("8810CZ-V-II", "B4"), ("8899CZ-PN-IV", "B4"), ("8899CZ-PN-IV", "elderly")],
)
def test_a_home_for_the_elderly_takes_those_of_retirement_age_by_sex_and_day(
    gazetteer, parincea, kind, groups, person, on, refused
):
    catalogue = make_catalogue(services_table([service(1, kind, parincea, groups=groups)]), gazetteer)
    found = refusals(catalogue, 0, 1, person=person, home=parincea, on=on)
    assert REASONS[int(found[0])] == ("age" if refused else "")


def test_a_home_that_states_its_own_age_is_not_moved_to_that_of_retirement(gazetteer, parincea):
    rows = [service(1, "8730CR-V-I", parincea, groups="B4", age_min=60)]
    catalogue = make_catalogue(services_table(rows), gazetteer)
    for sex in ("F", "M", None):
        found = refusals(catalogue, 0, 1, person=Person(age=60, sex=sex), home=parincea, on=TODAY)
        assert REASONS[int(found[0])] == ""


def test_a_catalogue_made_again_of_itself_answers_alike(gazetteer, parincea):
    """A correction of one telephone makes the catalogue again: nothing else may change by it."""
    rows = [service(1, "8730CR-V-I", parincea), service(2, "8899CZ-F-II", gazetteer.resolve("Bacău, Bacău"))]
    once = make_catalogue(services_table(rows), gazetteer)
    again = make_catalogue(once.services, gazetteer)
    assert again.rules.pension_age.tolist() == once.rules.pension_age.tolist() == [True, False]
    assert again.rules.area_unknown.tolist() == once.rules.area_unknown.tolist()
    assert once.rules.area_unknown.any()


def test_an_illness_that_is_over_is_the_family_doctor_s_and_shouts_no_112():
    (need,) = resolve("VSG_02")
    assert (need.need, need.is_danger, need.emergency_lines) == ("chronic-illness", False, ())


def test_a_medical_social_unit_is_entered_by_evaluation_and_holds_no_place(gazetteer, parincea):
    answer = ask(gazetteer, parincea, "8710CRMS-I", [service(1, "8710CRMS-I", parincea)], person=Person(age=80))
    (offer,) = answer.results
    assert "grila" in instructions_for(offer)[0]
    assert "Nu se rezervă un loc" in instructions_for(offer)[-1]
