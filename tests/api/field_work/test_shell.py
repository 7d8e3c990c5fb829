"""The shell of the page of the field: small, strict, the same for everybody, and nothing of an API in what is kept."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from starlette.applications import Starlette

from api.field_work import routes
from api.field_work.shell_files import FOLDER, LATER, file_address, file_content, shell_files
from api.field_work.shell_words import shell_words
from api.http import session
from cases.instrument import read_instrument
from cases.instrument.instrument_editions import BUILT_IN
from core.i18n import use_language
from tests.worlds.clients.web_client import Client
from tests.worlds.homes import small_world

MOST_BYTES = 60 * 1024
SCRIPTS = "".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.js")))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_world.make_world(tmp_path_factory.mktemp("teren") / "home", mode="live")


@pytest.fixture
def client(home, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    return Client(Starlette(routes=routes()))


def kept(client):
    said = client.get("/teren/sw.js").text
    return json.loads(re.match(r"const SHELL = (\{.*\});", said)[1])


def test_the_shell_is_open_and_says_nothing_of_anybody(client):
    for path, language in (("/teren/", "ro"), ("/teren/en/", "en")):
        answer = client.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))|style=|onclick=", answer.text)
    assert client.get("/teren").headers["location"] == "/teren/"


def test_all_that_a_telephone_loads_first_is_small(client):
    config = json.loads(re.search(r'id="config">(.*?)</script>', client.get("/teren/").text, re.DOTALL)[1])
    parts = [client.get("/teren/").text, client.get(config["words"]).text, client.get("/teren/sw.js").text]
    parts += [file_content(name).decode() for name in shell_files() if name not in LATER]
    size = sum(len(gzip.compress(part.encode())) for part in parts)
    assert size <= MOST_BYTES, size


def test_a_script_is_sent_without_comments_and_no_text_of_it_goes_over_several_lines():
    for name, path in shell_files().items():
        if not name.endswith(".js"):
            continue
        whole = path.read_text("utf-8").splitlines()
        code = [line for line in whole if line.strip() and not line.strip().startswith("//")]
        assert file_content(name).decode().splitlines() == [line.strip() for line in code], name
        assert not [
            line
            for line in code
            if line.count("`") % 2 or line.rstrip().endswith("\\") or ("/*" in line and "*/" not in line)
        ], name


def test_the_service_worker_keeps_the_shell_whole_and_no_answer_of_the_api(client):
    said = kept(client)
    assert said["later"] == [file_address(name) for name in LATER]
    for address in [*said["files"], *said["later"]]:
        assert client.get(address).status_code == 200, address
    assert not [
        address for address in said["files"] if "schimb" in address or "sesiune" in address or "comunitate" in address
    ]
    assert {file_address(name) for name in shell_files() if name not in LATER} <= set(said["files"])
    assert client.get("/teren/f/000000000000/main.js").status_code == 404


def test_who_is_not_signed_in_gets_neither_instrument_nor_community(client):
    for path in ("/teren/instrument/", "/teren/instrument/inclus/ro.json", "/teren/comunitate"):
        assert client.get(path).status_code == 303, path


def test_a_team_gets_the_instrument_in_both_languages_and_its_villages(tmp_path, monkeypatch):
    home = small_world.make_world(tmp_path / "demo")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    client = Client(Starlette(routes=routes()))
    mine = {"cookie": f"{session.COOKIE}={session.demo_cookie(home, 'team', county='BC', uat_siruta=24089)}"}
    index = client.get("/teren/instrument/", mine).json()
    assert index["edition"] == ""
    assert index["deadlines"]["urgent"]["assess"] == 0
    assert {level: terms["review"] for level, terms in index["deadlines"].items()}["high"] == 30
    assert len(index["days_off"]) > 10
    for language, words in (("ro", "Nu știu"), ("en", "Don't know")):
        found = client.get(f"/teren/instrument/inclus/{language}.json", mine).json()
        assert ["unknown", words] in found["choices"]["yn"]
        assert len(found["rules"]) == len(read_instrument(BUILT_IN).instrument.rules)
    # The built-in instrument has a name of what it says, under which it never changes.
    assert re.fullmatch("inclus-[0-9a-f]{12}", index["built_in"])
    named = client.get(f"/teren/instrument/{index['built_in']}/en.json", mine)
    assert named.json() == found
    assert "immutable" in named.headers["cache-control"]
    for gone in ("gone", "inclus-000000000000"):
        assert client.get(f"/teren/instrument/{gone}/ro.json", mine).status_code == 404
    assert "Parincea" in [name for _code, name in client.get("/teren/comunitate", mine).json()["localities"]]


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_key_of_the_scripts_has_its_words(language):
    with use_language(language):
        said = shell_words()
    keys = set(re.findall(r"\bt\(\s*\"([a-z_.]+)\"", SCRIPTS))
    assert len(keys) > 60
    assert not keys - said.keys()
    lists = set(re.findall(r"\bcodes?\(\"([a-z_]+)\"", SCRIPTS))
    assert not {name for name in lists if not any(key.startswith(f"{name}.") for key in said)}


def test_the_scripts_hold_no_sentence_of_their_own():
    strings = re.findall(r"\"([^\"\n]*)\"", re.sub(r"//.*", "", SCRIPTS))
    assert not [text for text in strings if re.search(r"[ăâîșțĂÂÎȘȚ]", text)]
