"""An offer that the ledger would refuse is not made: the ledger is asked for every button that is shown."""

from __future__ import annotations

from contextlib import closing

from providers.finder.offer_view import view_of
from providers.finder.query_parsing import parse_query
from referrals.records.ledger_errors import NoPlaceError
from referrals.records.vocabulary import Actor
from referrals.workflow import referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.homes.small_world import make_world, publish, report, service

TEAM = Actor("team", "echipa-1", "BC", 24089)


def test_every_button_shown_leads_to_a_referral_and_only_a_full_service_has_none(tmp_path):
    home = make_world(tmp_path / "home")
    publish(home, "medical", [service(1, 0.01, 0.0, registry="medical", service_id="medical:1", service_type="MED-GP")])
    report(home, "social:mmps:2", 0, days_ago=100)
    directory = open_directory(home)
    with closing(directory.ledger):
        refused, made = set(), 0
        for wanted in ({"services": ("8891CZ-C-II",)}, {"needs": ("after-school",)}, {"needs": ("vaccination",)}):
            query = parse_query(directory.gazetteer, place="Parincea, Bacău", **wanted)
            for offer in directory.ask(query).offers:
                if offer.is_secret:
                    continue
                if not view_of(offer).may_refer:
                    refused.add(offer.service_id)
                    continue
                referral_offers.refer(
                    directory,
                    offer.service_id,
                    query,
                    actor=TEAM,
                    basis="public_task",
                    consent_at=None,
                    is_new_case=True,
                )
                made += 1
        assert refused == {"social:mmps:2"}, refused
        assert made > 3
        query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=("8891CZ-C-II",))
        try:
            referral_offers.refer(
                directory, "social:mmps:2", query, actor=TEAM, basis="public_task", consent_at=None, is_new_case=True
            )
        except NoPlaceError:
            return
        raise AssertionError("the ledger takes what the screens do not offer")
