"""What stands both in the scripts of the field page and in Python is the same."""

from __future__ import annotations

import json
import re

from api.field_work.shell_files import FOLDER
from api.field_work.shell_words import shell_words
from cases.exchange import change_fields
from cases.record.record_exchange import MOST_CHANGES
from cases.rules.case_terms import case_terms, term
from cases.rules.case_vocabulary import BY_REFERRAL, FAILED_REFERRAL, UNFINISHED
from core.i18n import use_language


def said(name: str, constant: str):
    """The value of a constant of a script."""
    text = (FOLDER / name).read_text("utf-8")
    (found,) = re.findall(rf"\b{constant} = (\[[^\]]*\]|\"[^\"]*\"|\d+)[;,]", text)
    return json.loads(found)


def test_what_a_referral_has_come_to_is_read_alike():
    assert said("record.js", "BY_REFERRAL") == BY_REFERRAL
    assert said("record.js", "FAILED_REFERRAL") == list(FAILED_REFERRAL)
    assert said("record.js", "UNFINISHED") == list(UNFINISHED)


def test_terms_and_bounds_are_those_of_the_server():
    assert said("exchange.js", "MOST_CHANGES") == MOST_CHANGES
    assert said("screens_work.js", "OLD_ASSESSMENT_DAYS") == term("last_assessment")
    assert said("tasks.js", "OLD_UNSENT_DAYS") == term("unsent_work")
    assert said("screens_campaign.js", "MOST_HOUSES") == change_fields.MOST_HOUSES
    assert case_terms()["urgent_unseen", ""].amount == 1, "tasks.js counts whole days from the last visit"


def test_a_bound_that_is_said_is_the_bound_that_holds():
    with use_language("ro"):
        words = shell_words()
    assert str(said("screens_campaign.js", "MOST_HOUSES")) in words["campaign_large"]
    assert f"{said('list_reading.js', 'MOST_ROWS'):,}".replace(",", ".") in words["list_large"]
