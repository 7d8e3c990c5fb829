"""Protected services in the house: keys that find no row, and one unit that acts on each."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from core.errors import NotAllowedError, UnknownCodeError
from core.storage.home import make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.finder.answer import Query
from providers.rules import protected_keys
from referrals.field import field_reports
from referrals.field.field_reports import Doubted
from referrals.ledger import link_answers, provider_tokens
from referrals.records.vocabulary import Actor
from referrals.workflow import directory as directory_module
from referrals.workflow import protected_records, referral_offers, sealed_keys
from referrals.workflow.directory import Directory, open_directory
from referrals.workflow.field_intake import queue, report_wrong, settle
from referrals.workflow.referral_offers import NotOfferedError
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM, refer, report, terms

OWN, PUBLIC = "social:mmps:6", "protected:8790CR-VD-I:BC:1"
SEALED = "protected:8790CR-VD-I:BC:abcdefghij234567"
OTHER_UNIT = Actor("county", "ujss-cj", "CJ")
SYSTEM = Actor("system", "harta")
LINK = Actor("provider", "link:L", service_id=SEALED)
OTHERS = [TEAM, OTHER_UNIT, NATIONAL, ADMIN, SYSTEM, LINK]


pytestmark = pytest.mark.usefixtures("kept_catalogues")


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def world(tmp_path_factory, gazetteer):
    return small_world.make_world(tmp_path_factory.mktemp("world") / "live", mode="live")


@pytest.fixture
def directory(world, tmp_path, monkeypatch, gazetteer):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.setattr(directory_module, "load_gazetteer", lambda _home: gazetteer)
    opened = open_directory(open_home(shutil.copytree(world.path, tmp_path / "live")))
    yield opened
    opened.ledger.close()


def sealed(directory: Directory) -> str:
    return directory.snapshot().catalogue.sealed[PUBLIC]


def question(directory: Directory, need: str = "8790CR-VD-I") -> Query:
    return Query(directory.gazetteer.by_siruta(24089), (need,))


# --- keys -----------------------------------------------------------------------------------------


def test_a_sealed_key_is_the_same_in_every_edition_and_process_and_tells_no_row(directory, gazetteer):
    key = sealed(directory)
    assert protected_keys.county_of(key) == "BC"
    rows = [each for each in small_world.services() if each["service_id"] != "social:mmps:7"]
    rows.append(small_world.service(8, 0.3, 0.1, service_type=small_world.SHELTER, is_secret=True, name="Alt adăpost"))
    small_world.publish(directory.home, "social", rows[::-1])
    other = open_directory(directory.home)
    assert key in other.snapshot().catalogue.sealed.values()
    assert len(set(other.snapshot().catalogue.sealed.values())) == 2
    other.ledger.close()


def test_two_homes_seal_the_same_row_in_two_ways(directory, world, tmp_path):
    fresh = make_home("live", tmp_path / "other")
    shutil.copytree(world.editions, fresh.editions, dirs_exist_ok=True)
    other = open_directory(fresh)
    assert sealed(other) != sealed(directory)
    assert list(other.snapshot().catalogue.sealed) == list(directory.snapshot().catalogue.sealed)
    other.ledger.close()


def test_public_ids_depend_on_nothing_but_type_and_county(gazetteer):
    from providers.catalogue.catalogue import make_catalogue
    from providers.rules.schema import services_table

    def made(*keys: int):
        rows = [
            small_world.service(key, key / 10, 0.0, service_type=small_world.SHELTER, is_secret=True, name=f"Casa {key}",
                                licence_number=str(key), licence_until=f"20{key + 10}-01-01", places_max=key)
            for key in keys
        ]  # fmt: skip
        services = make_catalogue(services_table(rows), gazetteer, sealing_key=b"k").services
        return services.to_csv(), sorted(services["service_id"])

    assert made(1, 2, 3) == made(9, 7, 8)
    assert made(1, 2)[1] == ["protected:8790CR-VD-I:BC:1", "protected:8790CR-VD-I:BC:2"]


@pytest.mark.parametrize(
    "said", [{"licence_status": "withdrawn"}, {"licence_status": "suspended"}, {"accreditation_status": "withdrawn"}, {"operating_status": "closed"}]
)  # fmt: skip
def test_a_protected_service_that_its_register_ends_is_not_there(gazetteer, said):
    from providers.catalogue.catalogue import make_catalogue
    from providers.rules.schema import services_table

    row = small_world.service(1, 0.0, 0.0, service_type=small_world.SHELTER, is_secret=True, **said)
    assert make_catalogue(services_table([row]), gazetteer, sealing_key=b"k").services.empty


# --- who acts on them -----------------------------------------------------------------------------


@pytest.mark.parametrize("actor", OTHERS, ids=lambda actor: actor.role + actor.county)
def test_the_ledger_itself_lets_nobody_else_act_on_a_protected_service(ledger, actor):
    shelter = terms(SEALED, service_type="8790CR-VD-I")
    made = refer(ledger, shelter, actor=COUNTY)
    found = field_reports.report(ledger, Doubted(SEALED, "BC", ""), what="gone", actor=COUNTY)
    attempts = [
        lambda: refer(ledger, shelter, actor=actor),
        lambda: report(ledger, 3, SEALED, actor=actor),
        lambda: ledger.report_many([{"service_id": SEALED, "places_free": 1}], source="fișier", actor=actor),
        lambda: ledger.transition(made.referral_id, "accept", actor=actor),
        lambda: provider_tokens.make_referral_link(ledger, made.referral_id, actor=actor),
        lambda: provider_tokens.make_service_link(ledger, SEALED, county="BC", actor=actor),
        lambda: field_reports.report(ledger, Doubted(SEALED, "BC", ""), what="phone", actor=actor),
        lambda: field_reports.settle(ledger, found.report_id, accept=True, actor=actor),
        lambda: ledger.log_secret_reading(SEALED, county="BC", actor=actor),
    ]
    before = everything(ledger)
    for attempt in attempts:
        with pytest.raises(NotAllowedError):
            attempt()
    assert everything(ledger) == before
    if actor.role in ("national", "admin"):
        assert field_reports.listed(ledger, actor=actor) == []


def everything(ledger) -> list:
    with ledger.store.read() as connection:
        tables = ("places", "referrals", "capacity_reports", "field_reports", "links")
        return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]  # noqa: S608


def test_the_unit_that_answers_refers_reports_answers_and_makes_the_link(ledger):
    report(ledger, 2, SEALED, actor=COUNTY)
    made = refer(ledger, terms(SEALED, service_type="8790CR-VD-I"), actor=COUNTY)
    assert made.state == "held"
    token = provider_tokens.make_referral_link(ledger, made.referral_id, actor=COUNTY)
    assert link_answers.answer(ledger, token, provider_tokens.new_nonce(ledger, token), "accept").state == "accepted"
    field_reports.report(ledger, Doubted(SEALED, "BC", ""), what="gone", actor=COUNTY)
    assert [each.service_id for each in field_reports.listed(ledger, actor=COUNTY)] == [SEALED]
    with pytest.raises(NotAllowedError):
        provider_tokens.make_service_link(ledger, SEALED, county="BC", actor=COUNTY)


@pytest.mark.parametrize(
    "key", [PUBLIC, "protected:8790CR-VD-I:BC:99", "protected:X:ZZ:abcdefghij234567", "protected:8790CR-VD-I::1"]
)
def test_no_key_but_the_sealed_one_of_the_own_county_opens_anything(ledger, key):
    for actor in (COUNTY, TEAM, ADMIN):
        with pytest.raises(NotAllowedError):
            report(ledger, 1, key, actor=actor)


def acts(directory: Directory, key: str, actor: Actor) -> list[str]:
    """The names of the errors, and their words, of all that may be done with a service."""
    told = []
    for act in (
        lambda: referral_offers.refer(
            directory, key, question(directory), actor=actor, basis="public_task", consent_at=None
        ),
        lambda: directory.note_capacity(key, actor=actor, source="telefon", free=1),
        lambda: report_wrong(directory, key, what="gone", actor=actor),
        lambda: protected_records.open_record(directory, key, actor=actor),
    ):
        with pytest.raises((NotAllowedError, UnknownCodeError, NotOfferedError)) as caught:
            act()
        told.append(f"{type(caught.value).__name__} {caught.value}".replace(key, "KEY"))
    return told


@pytest.mark.parametrize("actor", [TEAM, OTHER_UNIT, NATIONAL, ADMIN], ids=lambda actor: actor.role + actor.county)
def test_to_everybody_else_the_key_of_a_protected_row_is_a_key_that_no_register_has(directory, actor):
    assert acts(directory, OWN, actor) == acts(directory, "social:mmps:404", actor)
    assert acts(directory, sealed(directory), actor) == acts(
        directory, "protected:8790CR-VD-I:BC:abcdefghij234567", actor
    )
    assert acts(directory, PUBLIC, actor) == acts(directory, "protected:8790CR-VD-I:BC:99", actor)
    assert directory.ledger.referral_counts(actor=NATIONAL).empty


def test_the_unit_acts_by_the_sealed_key_or_the_registers_own_and_the_ledger_keeps_the_sealed_one(directory):
    key = sealed(directory)
    directory.note_capacity(OWN, actor=COUNTY, source="telefon", free=2)
    made = [
        referral_offers.refer(directory, each, question(directory), actor=COUNTY, basis="public_task", consent_at=None)
        for each in (OWN, key)
    ]
    assert [(each.service_id, each.state) for each in made] == [(key, "held")] * 2
    assert referral_offers.service_name(directory, key).endswith("județul Bacău (adresă protejată)")
    assert report_wrong(directory, key, what="gone", actor=COUNTY).service_id == key
    assert OWN not in str(everything(directory.ledger))
    assert small_world.SECRET_TOWN not in str(queue(directory, actor=COUNTY))
    assert queue(directory, actor=NATIONAL) == []


def test_a_service_reported_gone_is_closed_by_its_unit_and_by_nobody_else(directory):
    number = report_wrong(directory, sealed(directory), what="gone", actor=COUNTY).report_id
    with pytest.raises(NotAllowedError):
        settle(directory, number, accept=True, actor=ADMIN)
    settle(directory, number, accept=True, actor=COUNTY)
    answer = directory.ask(question(directory))
    assert [(each.service_id, each.reason) for each in answer.excluded] == [(PUBLIC, "closed")]
    assert directory.snapshot().catalogue.sealed[PUBLIC].startswith("protected:")


def test_a_report_of_places_of_a_protected_service_changes_no_answer(directory):
    before = directory.ask(question(directory))
    directory.note_capacity(sealed(directory), actor=COUNTY, source="telefon", free=0)
    assert directory.ask(question(directory)) == before


# --- the record, and what is tried at it -----------------------------------------------------------


def test_the_record_opens_to_its_unit_and_every_attempt_is_in_the_trail(directory):
    assert protected_records.open_record(directory, sealed(directory), actor=COUNTY)["address"] == "Strada Ascunsă 1"
    for actor, key in ((TEAM, sealed(directory)), (OTHER_UNIT, OWN), (ADMIN, "social:mmps:404"), (NATIONAL, PUBLIC)):
        with pytest.raises((NotAllowedError, UnknownCodeError)):
            protected_records.open_record(directory, key, actor=actor)
    log = directory.ledger.audit_log(actor=ADMIN)
    told = log[log["action"] == "secret.read"]
    assert dict(zip(told["account"], zip(told["after"], told["subject"], strict=True), strict=True)) == {
        COUNTY.account: ("", sealed(directory)),
        TEAM.account: ("refused", sealed(directory)),
        OTHER_UNIT.account: ("refused", sealed_keys.NO_RECORD),
        ADMIN.account: ("refused", sealed_keys.NO_RECORD),
        NATIONAL.account: ("refused", PUBLIC),
    }


def test_a_public_service_has_no_protected_record(directory):
    with pytest.raises(UnknownCodeError, match="publice"):
        protected_records.open_record(directory, "social:mmps:1", actor=COUNTY)


# --- a service that becomes protected --------------------------------------------------------------


def test_what_was_done_with_a_service_goes_with_it_when_an_edition_protects_it(directory):
    directory.note_capacity("social:mmps:2", actor=TEAM, source="telefon", free=3)
    made = referral_offers.refer(
        directory, "social:mmps:2", question(directory, small_world.CHILD_DAY_CENTRE), actor=COUNTY, basis="public_task", consent_at=None
    )  # fmt: skip
    report_wrong(directory, "social:mmps:2", what="phone", actor=TEAM, value="0234 111 222", note="lângă școală")
    rows = [
        each | {"is_secret": True} if each["service_id"] == "social:mmps:2" else each for each in small_world.services()
    ]
    small_world.publish(directory.home, "social", rows)
    (public,) = [key for key in directory.snapshot().catalogue.sealed if small_world.CHILD_DAY_CENTRE in key]
    key = directory.snapshot().catalogue.sealed[public]
    assert directory.ledger.referral(made.referral_id, actor=COUNTY).service_id == key
    assert "social:mmps:2'" not in str(everything(directory.ledger))
    assert "0234111222" not in str(everything(directory.ledger))
    assert "lângă școală" not in str(everything(directory.ledger))
    assert directory.ledger.capacity_now().set_index("service_id").loc[key, ["places_free", "held"]].tolist() == [2, 1]
    assert (directory.ledger.verify_counts(), directory.ledger.verify_audit()) == ([], [])


def test_reports_under_both_keys_become_those_of_one_service(directory):
    key = sealed(directory)
    small_world.report(directory.home, OWN, 4, days_ago=3)  # as a version before this one did
    report(directory.ledger, 1, key, actor=COUNTY)
    small_world.publish(directory.home, "social", small_world.services()[:-1])
    directory.snapshot()
    kept = directory.ledger.capacity_now([key])
    assert kept[["places_free"]].to_numpy().tolist() == [[1]]
    assert directory.ledger.capacity_now([OWN]).empty
    assert directory.ledger.verify_counts() == []


def test_a_protected_service_that_left_the_register_keeps_its_label_in_the_ledger(directory):
    made = referral_offers.refer(
        directory, OWN, question(directory), actor=COUNTY, basis="public_task", consent_at=None
    )
    small_world.publish(
        directory.home, "social", [each for each in small_world.services() if each["service_id"] != OWN]
    )
    name = referral_offers.service_name(directory, made.service_id)
    assert name.endswith("județul Bacău (adresă protejată)")
    assert isinstance(directory.ledger.referrals(actor=COUNTY), pd.DataFrame)
