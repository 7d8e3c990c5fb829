from __future__ import annotations

import base64
import hashlib
import html
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from core.errors import UnknownPlaceError
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.catalogue import make_catalogue
from providers.rules.schema import services_table
from referrals.field import local_entries
from referrals.field.local_entries import LocalDraft
from referrals.field.local_in_answers import entries_in_force
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import Directory, open_directory
from reports.documents import county_pack_html, county_pack_pdf
from reports.documents.county_pack import make_pack
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL, TEAM
from tests.worlds.homes.snapshots import snapshot_of

DAY = date(2026, 11, 22)
HOSTILE = '<script>alert(1)</script><img src="https://rau.exemplu/x">'


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def service(number: int, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Asociația Șansă", "service_type": "8891CZ-C-II", "county": "BC", "uat_siruta": 22889,
        "locality": "Parincea", "address": "Strada Țepeș 3", "phone": "0234000222; 0744000333", "lat": 46.5, "lon": 27.0,
        "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


@pytest.fixture
def directory(request, tmp_path, gazetteer, monkeypatch):
    home = make_home(getattr(request, "param", "live"), tmp_path / "var")
    hidden = {"address": "Strada Tăinuită 1", "locality": "Onești", "phone": "0234000111", "is_secret": True}
    services = [
        service(1, licence_until="2026-12-31", places_max=20),
        service(2, licence_until="2020-01-01", phone="0234 512 345 int. 5"),
        service(3, name="Casa Ascunsă", service_type="8790CR-VD-I", **hidden),
        service(4, name=HOSTILE, locality="Bacău"),
        service(5, county="VS"),
        service(6, county="VS", county_served="BC", operating_status="closed"),
    ]
    table = services_table(services)
    catalogue = make_catalogue(table, gazetteer)
    snapshot = snapshot_of(catalogue, gazetteer, {"social:mmps:1": ("phone",)})
    monkeypatch.setattr(Directory, "snapshot", lambda d: replace(snapshot, local=entries_in_force(d.ledger, gazetteer)))
    opened = Directory(home, gazetteer, open_ledger(home))
    yield opened
    opened.ledger.close()


class Reader(HTMLParser):
    """What a page would load or run, and the text it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def read(page: str) -> list[tuple[str, dict]]:
    reader = Reader()
    reader.feed(page)
    return reader.tags


def text_of(pdf: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    (tmp_path / "pachet.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "pachet.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_every_service_of_the_county_and_none_of_others_is_in_the_pack(directory):
    pack = make_pack(directory, "Bacău", made_on=DAY)
    ids = {entry.service_id for section in pack.sections for entry in section.entries}
    assert ids == {"social:mmps:1", "social:mmps:2", "protected:8790CR-VD-I:BC:1", "social:mmps:4", "social:mmps:6"}
    assert (pack.county, pack.services, pack.title) == ("BC", 5, "Serviciile din județul Bacău")
    with pytest.raises(UnknownPlaceError, match="Nu există județul"):
        make_pack(directory, "Atlantida")


def test_licence_closure_places_and_doubts_are_said_in_words(directory):
    entries = {e.service_id: e for section in make_pack(directory, "BC", made_on=DAY).sections for e in section.entries}
    assert entries["social:mmps:1"].places == "20 de locuri licențiate"
    assert "Licență: valabilă până la 31.12.2026." in entries["social:mmps:1"].notes
    assert any("numărul de telefon este greșit" in note for note in entries["social:mmps:1"].notes)
    assert "Licența a expirat la 01.01.2020." in entries["social:mmps:2"].notes
    assert "Închis." in entries["social:mmps:6"].notes
    assert [phone.text for phone in entries["social:mmps:1"].view.phones] == ["0234 000 222", "0744 000 333"]


def test_of_a_protected_service_there_is_only_the_public_label(directory, tmp_path):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    text = text_of(county_pack_pdf.pages_of(make_pack(directory, "BC", made_on=DAY)), tmp_path)
    for said in (page, text):
        assert not any(word in said for word in ("Ascunsă", "Tăinuită", "Onești", "0234000111"))
        assert "adresă protejată" in re.sub(r"\s+", " ", said)


def test_the_file_loads_nothing_and_runs_only_its_own_script(directory):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    tags = read(page)
    assert not [t for t, a in tags if t in ("link", "img", "iframe", "object", "form", "base") or "src" in a]
    assert all(a["href"].startswith("tel:") for t, a in tags if t == "a")
    assert [t for t, _a in tags].count("script") == 1
    policy = next(a["content"] for t, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not re.search(r"""url\(|@import""", page)
    assert not any(name.startswith("on") for _t, a in tags for name in a)


def test_an_extension_is_read_and_not_dialled(directory):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    dialled = {a["href"] for t, a in read(page) if t == "a"}
    assert "0234 512 345 int. 5" in page
    assert "tel:0234512345" in dialled
    assert "tel:02345123455" not in dialled


def test_text_of_a_register_is_text(directory):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page


def test_its_day_its_editions_and_what_is_missing_are_named(directory):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    assert "5 servicii, așa cum erau la 22.11.2026" in page
    assert "Registre încă neimportate aici" in page
    assert "112" in page


CARAVAN = LocalDraft(
    name="Caravana <b>", offers="Mamografie", taken="femei", needs=("screening",), county="BC", uat_siruta=24089,
    locality_siruta=None, serves="county", hours="9-12", phone="0234 000 111", days="2026-12-03", review_on=date(2026, 12, 3),
)  # fmt: skip


def test_what_teams_know_is_printed_marked_for_who_may_read_it_in_that_county(directory, tmp_path):
    ledger = directory.ledger
    caravan = local_entries.add(ledger, CARAVAN, actor=TEAM)
    local_entries.add(ledger, replace(CARAVAN, name="Târgul", days="2026-11-01"), actor=TEAM)
    local_entries.add(ledger, replace(CARAVAN, name="Uitata", days="", review_on=date(2026, 8, 1)), actor=TEAM)
    for actor in (TEAM, COUNTY, NATIONAL):
        page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY, actor=actor))
        assert "Caravana &lt;b&gt;" in page
        assert "vine joi, 3 decembrie" in page
        assert "resursă locală, neverificată" in page
        assert "Târgul" not in page, "it came and comes no more"
        assert "Uitata" not in page, "nobody has confirmed it again for long"
    other_unit, link = Actor("county", "ujss-cj", "CJ"), Actor("provider", "", service_id="medical:own:M1")
    for actor in (other_unit, link, None):
        assert make_pack(directory, "BC", made_on=DAY, actor=actor).local == ()
    assert make_pack(directory, "CJ", made_on=DAY, actor=NATIONAL).local == ()
    local_entries.check(ledger, caravan.entry_id, accept=True, actor=COUNTY)
    text = text_of(county_pack_pdf.pages_of(make_pack(directory, "BC", made_on=DAY, actor=TEAM)), tmp_path)
    for words in ("Știute de echipele din județ", "Caravana <b>", "0234 000 111", "verificată de UJSS"):
        assert words in text.replace("\u00a0", " ")
    local_entries.remove(ledger, caravan.entry_id, actor=TEAM)
    assert make_pack(directory, "BC", made_on=DAY, actor=TEAM).local == ()


@pytest.mark.parametrize("directory", ["demo"], indirect=True)
def test_a_demonstration_says_so_and_its_numbers_are_not_tapped(directory, tmp_path):
    tags = read(county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY)))
    dialled = {a["href"] for t, a in tags if t == "a"}
    assert "tel:112" in dialled
    assert "tel:0234000222" not in dialled
    assert "date demonstrative" in text_of(county_pack_pdf.pages_of(make_pack(directory, "BC", made_on=DAY)), tmp_path)


def test_the_printed_pack_keeps_its_diacritics_and_its_bytes(directory, tmp_path):
    first, second = (county_pack_pdf.pages_of(make_pack(directory, "BC", made_on=DAY)) for _ in range(2))
    assert first == second
    text = text_of(first, tmp_path)
    for words in ("Serviciile din județul Bacău", "Asociația Șansă", "Strada Țepeș 3", "0744 000 333"):
        assert words in text


def test_a_real_county_is_packed_into_two_megabytes(real_home):
    opened = open_directory(real_home)
    page = county_pack_html.render_pack(make_pack(opened, "BC"))
    pdf = county_pack_pdf.pages_of(make_pack(opened, "BC"))
    opened.ledger.close()
    assert len(page.encode()) + len(pdf) < 2_000_000
    assert page.count("<li data-w=") > 700


def test_the_policy_names_the_digests_of_the_style_and_the_script_that_stand_in_the_file(directory):
    page = county_pack_html.render_pack(make_pack(directory, "BC", made_on=DAY))
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in html.unescape(page)
