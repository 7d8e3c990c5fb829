"""Several sources of one registry in a home: beside one another, each renewed, withdrawn and restored by itself."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest

from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue import source_order
from providers.catalogue.catalogue import load_catalogue
from providers.catalogue.source_coverage import coverage, covers
from providers.imports.import_guards import NotConfirmedError
from providers.imports.source_choice import SourceNotNamedError
from providers.rules.schema import services_table
from referrals.homes import home_sources, publishing, withdrawals
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.files.expected_files import expected_folder
from tests.worlds.files.register_files import import_file
from tests.worlds.homes.ledger_world import TEAM, refer

ADMIN = Actor("admin", account="test")
GENERAL = "Cod,Tip serviciu,Denumire,Județ,Localitate,Telefon\n"
SCHOOLS = (
    "Cod SIIIR unitate,Denumire lunga unitate,Tip unitate,Judet PJ,Localitate unitate,Telefon\n"
    "0461100031,LICEUL „EXEMPLU”,Unitate de învățământ,BACĂU,PARINCEA,0234000001\n"
    "0461100032,ȘCOALA GIMNAZIALĂ NR. 1,Unitate de învățământ,BACĂU,BUHOCI,0234000002\n"
)
COUNTY = (
    GENERAL
    + "BC-1,EDU-AFTER,Școala după școală Parincea,Bacău,Parincea,0234000111\n"
    + "BC-2,EDU-AFTER,Școala după școală Parava,Bacău,Parava,0234000112\n"
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    made = make_home("live", tmp_path / "home")
    open_ledger(made, may_begin=True).close()
    return made


@pytest.fixture
def ledger(home):
    with closing(open_ledger(home)) as opened:
        yield opened


@pytest.fixture
def bring(home, tmp_path):
    """Import a text as a file of `education`."""

    def imported(text, **said):
        path = tmp_path / f"{said.get('source', 'lista')}.csv"
        path.write_text(text, encoding="utf-8")
        return import_file(home, "education", path, **said)

    return imported


def ids(home) -> list[str]:
    services = load_catalogue(home, load_gazetteer(home)).services
    return sorted(services.loc[services["registry"] == "education", "service_id"])


def test_a_county_s_list_stands_beside_the_national_one_and_goes_alone(home, ledger, bring):
    bring(SCHOOLS)
    national = ids(home)
    assert national == ["education:siiir:0461100031", "education:siiir:0461100032"]
    bring(COUNTY, source="cj-bacau")
    assert ids(home) == ["education:cj-bacau:BC-1", "education:cj-bacau:BC-2", *national]
    home_sources.remove(home, ledger, "education", "cj-bacau", actor=ADMIN)
    assert ids(home) == national
    assert [(s.source, s.is_withdrawn) for s in home_sources.sources(home).sources] == [
        ("siiir", False),
        ("cj-bacau", True),
    ]
    home_sources.restore(home, ledger, "education", "cj-bacau", actor=ADMIN)
    assert ids(home) == ["education:cj-bacau:BC-1", "education:cj-bacau:BC-2", *national]
    assert home.record().published["education/cj-bacau"].current


def test_without_a_source_named_it_is_asked_and_nothing_is_replaced(home, bring):
    bring(SCHOOLS)
    with pytest.raises(SourceNotNamedError, match="siiir"):
        bring(COUNTY)
    assert ids(home) == ["education:siiir:0461100031", "education:siiir:0461100032"]


def test_the_publisher_s_own_layout_renews_the_source_that_came_in_it(home, bring):
    bring(SCHOOLS)
    bring(COUNTY, source="cj-bacau")
    report = bring(SCHOOLS.replace("0234000001", "0234000009"))
    assert (report.manifest.source_name, report.manifest.changed) == ("siiir", 1)
    bring(SCHOOLS, source="alt-siiir", confirmed=True)
    with pytest.raises(SourceNotNamedError, match="alt-siiir, cj-bacau, siiir"):
        bring(SCHOOLS)


@pytest.mark.parametrize("name", ["../x", "Cj Bacau", "current", "2026", "a" * 21, ""])
def test_a_name_that_cannot_stand_in_an_id_is_refused(home, bring, name):
    with pytest.raises(BadValueError):
        bring(COUNTY, source=name)
    assert not (home.editions / "education").exists()


def test_a_source_that_is_not_there_and_an_actor_who_may_not_are_refused(home, ledger, bring):
    bring(COUNTY, source="cj-bacau")
    with pytest.raises(UnknownCodeError, match="cj-bacau"):
        home_sources.remove(home, ledger, "education", "siiir", actor=ADMIN)
    with pytest.raises(UnknownCodeError):
        home_sources.restore(home, ledger, "education", "cj-bacau", actor=ADMIN)
    with pytest.raises(UnknownCodeError, match="education"):
        home_sources.sources(home, "communities")
    for who in (None, Actor("county", account="a", county="BC")):
        with pytest.raises(NotAllowedError):
            home_sources.remove(home, ledger, "education", "cj-bacau", actor=who)


def test_what_is_open_at_a_service_that_vanishes_is_named_and_kept(home, ledger, bring):
    bring(COUNTY, source="cj-bacau")
    ledger.report_capacity("education:cj-bacau:BC-2", places_free=4, source="telefon", actor=ADMIN)
    made = refer(ledger, "education:cj-bacau:BC-2")
    shorter = "\n".join(COUNTY.splitlines()[:2]) + "\n"
    with pytest.raises(NotConfirmedError, match="1 serviciu din 2 ar dispărea: Școala după școală Parava"):
        bring(shorter, source="cj-bacau")
    report = withdrawals.with_open(bring(shorter, source="cj-bacau", confirmed=True), ledger)
    (gone,) = report.withdrawn
    assert (gone.service_id, gone.referrals, gone.held) == ("education:cj-bacau:BC-2", (made.referral_id,), 1)
    assert any(made.referral_id in line for line in report.lines())
    assert withdrawals.still_open(home, ledger, "education/cj-bacau") == (gone,)
    again = bring(COUNTY, source="cj-bacau")
    assert ids(home) == ["education:cj-bacau:BC-1", "education:cj-bacau:BC-2"]
    assert again.withdrawn == ()
    assert ledger.referral(made.referral_id, actor=TEAM).service_id == "education:cj-bacau:BC-2"


def test_a_staged_edition_that_gives_concern_needs_a_word_before_it_is_published(home, ledger):
    def stage(text):
        return publishing.stage_file(
            home,
            "education",
            "l.csv",
            text.encode(),
            actor=ADMIN,
            source="cj-bacau",
            as_of=date(2026, 11, 1),
        )

    publishing.publish(home, ledger, stage(COUNTY), actor=ADMIN)
    waiting = stage("\n".join(COUNTY.splitlines()[:2]) + "\n")
    with pytest.raises(NotConfirmedError):
        publishing.publish(home, ledger, waiting, actor=ADMIN)
    publishing.publish(home, ledger, waiting, actor=ADMIN, confirmed=True)
    assert ids(home) == ["education:cj-bacau:BC-1"]
    (state,) = (each for each in publishing.overview(home) if each.kind == "education")
    assert (state.slot, len(state.earlier)) == ("education/cj-bacau", 1)


def test_a_source_says_what_it_covers(home, bring):
    bring(COUNTY, source="cj-bacau")
    catalogue = load_catalogue(home, load_gazetteer(home))
    assert covers(catalogue, "education", "EDU-AFTER", "BC")
    assert not covers(catalogue, "education", "EDU-AFTER", "CJ")
    assert not covers(catalogue, "education", "EDU-SCHOOL", "BC")
    (state,) = home_sources.sources(home, "education").sources
    assert (state.is_national, state.counties, state.service_types) == (False, ("BC",), ("EDU-AFTER",))
    everywhere = services_table(
        {"service_type": "MED-GP", "county": county, "county_served": None} for county in map(str, range(40))
    )
    assert coverage(everywhere, "x").covers("MED-GP", "BC")


def test_the_order_of_sources_says_whose_facts_go_first(home, bring):
    bring(SCHOOLS)
    bring(COUNTY, source="cj-bacau")
    assert [each.source for each in home_sources.sources(home, "education").sources] == ["siiir", "cj-bacau"]
    home_sources.put_in_order(home, "education", ["cj-bacau"])
    assert [each.source for each in home_sources.sources(home, "education").sources] == ["cj-bacau", "siiir"]
    with pytest.raises(UnknownCodeError, match="siiir"):
        home_sources.put_in_order(home, "education", ["nu-exista"])
    said = services_table([{"name": "A", "phone": "1"}, {"name": "B", "phone": None, "address": "Strada 2"}])
    first = source_order.first_filled(said, ["cj-bacau", "siiir"], said["name"].map({"A": "siiir", "B": "cj-bacau"}))
    assert (first["name"], first["phone"], first["address"]) == ("B", "1", "Strada 2")


def test_editions_of_one_source_are_pruned_without_another(home, ledger, bring):
    bring(SCHOOLS)
    for phone in range(4):
        bring(COUNTY.replace("0234000111", f"023400020{phone}"), source="cj-bacau")
    gone = publishing.prune(home, ledger, actor=ADMIN, keep=2)
    assert {slot for slot, _name in gone} == {"education/cj-bacau"}
    store = EditionStore(home)
    assert (len(store.names("education/cj-bacau")), len(store.names("education/siiir"))) == (2, 1)


def test_the_files_with_a_county_s_list_and_a_renewed_licence_give_what_is_right(home, ledger, bring):
    folder = expected_folder()
    bring(SCHOOLS)
    with pytest.raises(SourceNotNamedError):
        import_file(home, "education", folder / "e01_county_list.csv")
    import_file(home, "education", folder / "e01_county_list.csv", source="cj-bacau")
    assert len(ids(home)) == 5
    import_file(home, "social", folder / "social_control.xlsx")
    before = EditionStore(home).current_table("social", "services")
    report = import_file(home, "social", folder / "r04_licence_renewed.xlsx")
    after = EditionStore(home).current_table("social", "services")
    assert sorted(after["service_id"]) == sorted(before["service_id"])
    assert sorted(after["registry_key"]) != sorted(before["registry_key"])
    assert [match.changed for match in report.matches] == ["registry_key"]
    assert report.withdrawn == ()
