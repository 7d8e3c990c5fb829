"""How a home sends messages: off until it is said, and never in clear to another machine."""

from __future__ import annotations

import json

import pytest

from core.errors import BadValueError, HomeError
from core.storage.home import Home
from core.storage.message_settings import FILE, MessageSettings, change_message_settings, read_message_settings

GOOD = {"channel": "file", "public_address": "https://harta.example.ro", "sender": "harta@example.ro"}
SERVER = GOOD | {"channel": "smtp", "host": "mail.example.ro"}


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path, "live")


def test_messages_are_off_until_somebody_says_so_and_what_was_said_stays(home):
    assert not read_message_settings(home).is_on
    change_message_settings(home, **GOOD)
    change_message_settings(home, quiet_from=22)
    said = read_message_settings(home)
    assert (said.channel, said.sender, said.quiet_from) == ("file", "harta@example.ro", 22)
    assert (home.path / FILE).stat().st_mode & 0o077 == 0
    assert not change_message_settings(home, channel="off").is_on


@pytest.mark.parametrize(
    "wrong",
    [
        GOOD | {"channel": "pigeon"},
        GOOD | {"public_address": "harta.example.ro"},
        GOOD | {"public_address": "https://harta.example.ro/x\nBcc: a@b.ro"},
        GOOD | {"public_address": "javascript:alert(1)"},
        GOOD | {"sender": "harta"},
        GOOD | {"sender": "a@b.ro\nBcc: c@d.ro"},
        GOOD | {"quiet_from": 25},
        GOOD | {"quiet_from": "20"},
        SERVER | {"host": ""},
        SERVER | {"port": 0},
        SERVER | {"security": "maybe"},
        SERVER | {"security": "none"},
        SERVER | {"security": "none", "host": "127.0.0.1.example.ro"},
    ],
)
def test_settings_by_which_nothing_could_go_out_or_in_clear_are_refused(home, wrong):
    with pytest.raises(BadValueError):
        change_message_settings(home, **wrong)
    assert read_message_settings(home) == MessageSettings()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_only_this_machine_is_sent_to_without_encryption(home, host):
    assert change_message_settings(home, **SERVER | {"security": "none", "host": host}).is_on


def test_a_demonstration_writes_into_a_folder_alone(tmp_path):
    demo = Home(tmp_path, "demo")
    with pytest.raises(BadValueError):
        change_message_settings(demo, **SERVER)
    assert change_message_settings(demo, **GOOD).channel == "file"


@pytest.mark.parametrize(
    "content", ["{", "[]", "7", '{"channel": 5}', '{"unknown": 1}', json.dumps(GOOD | {"sender": ""})]
)
def test_a_damaged_file_sends_nothing_and_is_mended_by_saying_it_again(home, content):
    (home.path / FILE).write_text(content)
    with pytest.raises(HomeError, match="outbox configure"):
        read_message_settings(home)
    change_message_settings(home, **GOOD)
    assert read_message_settings(home).is_on
