"""Addresses: one of a register's cell, never a second header; choices stand under a digest."""

from __future__ import annotations

import pytest

from referrals.outbox import address_choices as choices
from referrals.records.ledger_errors import LinkError


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Contact@Azil.ro", "contact@azil.ro"),
        ("a@b.ro; c@d.ro", "a@b.ro"),
        ("a@b.ro, c@d.ro", "a@b.ro"),
        ("nu are", ""),
        ("", ""),
        ("a@b", ""),
        ("a@b.ro\nBcc: x@y.ro", ""),
        ("a@b.ro>", ""),
        ('"a b"@c.ro', ""),
        ("a@@b.ro", ""),
        ("ă@b.ro", ""),
        ("a@b.ro%0d", ""),
    ],
)
def test_only_one_plain_address_is_taken_from_a_cell(cell, expected):
    assert choices.tidy_address(cell) == expected


def test_a_choice_stands_under_a_digest_that_only_this_home_can_make(ledger):
    digest = choices.digest_of("a@b.ro", "key")
    assert digest == choices.digest_of("A@B.ro", "key") != choices.digest_of("a@b.ro", "other")
    with ledger.store.write() as connection:
        assert choices.read_choice(connection, digest) == choices.MailChoice("each", "ro")
        for rhythm in ("daily", "none"):
            choices.write_choice(connection, digest, choices.MailChoice(rhythm, "en"), ledger.clock())
        assert choices.read_choice(connection, digest) == choices.MailChoice("none", "en")


def test_a_token_opens_its_own_choice_and_no_other_text_does():
    token = choices.make_stop_token("d" * 64, "key")
    assert choices.read_stop_token(token, "key") == "d" * 64
    for wrong in (token[:-1], token + "a", token.swapcase(), "", "d" * 64):
        with pytest.raises(LinkError):
            choices.read_stop_token(wrong, "key")
    with pytest.raises(LinkError):
        choices.read_stop_token(token, "other")
