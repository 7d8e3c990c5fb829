"""A file in, an edition out: nothing lost, nothing half done, and a bad file costs one clear message."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from core.errors import BadValueError, EditionError, HomeError, MapError, MissingColumnError, UnknownCodeError
from core.resources import ROOT
from core.storage.editions import EditionStore, Manifest
from core.storage.home import Home, make_home
from core.storage.import_kinds import KINDS, READABLE
from providers.imports import importing
from providers.imports.import_guards import NotConfirmedError
from providers.imports.importing import UnforeseenContentError
from providers.registries import medical
from referrals.homes.doctor import run_checks
from tests.covering import daily
from tests.worlds.files.register_files import import_file

TITLES = {
    "social": "Cod serviciu,Denumire serviciu,Furnizor,CUI,Județ,Localitate,Adresa,Capacitate,lat,lon,Număr licență",
    "education": "Cod SIIIR unitate,Denumire lunga unitate,Tip unitate,Judet PJ,Localitate unitate,Cod SIRUTA unitate",
    "medical": "id,hospital_name,lat,lon,city,cap_beds",
    "employment": "name,county,locality",
    "authorities": "Tip serviciu,Denumire,Județ,Localitate,Latitudine,Longitudine,Locuri",
    "organizations": "CUI,Denumire furnizor,Stare",
    "localities": "SIRUTA,DENLOC,lat,lon",
    "population": "siruta,name,pop",
    "communities": "siruta,name,county",
    "atlas-rural": "siruta,name,county,rate,lhdi",
    "atlas-urban": "siruta,name,county,marginalizate",
    "boundaries": "natcode,name",
    "addresses": "Stradă,Număr,Localitate,Județ,lat,lon",
}
# One good row of each, so that there is an edition in force to lose.
GOOD = {
    "addresses": "Principală,1,Parincea,Bacău,46.48,27.1",
    "social": "8891CZ-C-II,Centrul de zi,Asociația Exemplu,123,Bacău,Parincea,Principală 1,25 /zi,46.48,27.1,AF 1",
    "education": "0461100001,Școala Parincea,Unitate de învățământ,BC,Parincea,24089",
    "medical": "1,Spitalul Exemplu,46.57,26.91,Bacău,100",
    "employment": "AJOFM Bacău,Bacău,Bacău",
    "authorities": "AUT-SPAS,SPAS Parincea,Bacău,Parincea,46.48,27.1,",
    "organizations": "123,Asociația Exemplu,acreditat",
    "localities": "24098,PARINCEA,46.48,27.1",
    "population": "24089,Parincea,3500",
    "communities": "24089,Parincea,Bacău",
    "atlas-rural": "24089,Parincea,Bacău,12.5,40",
    "atlas-urban": "20297,Bacău,Bacău,3.5",
}
SQUARE = {"type": "Polygon", "coordinates": [[[27.0, 46.4], [27.2, 46.4], [27.2, 46.6], [27.0, 46.6], [27.0, 46.4]]]}
HOSTILE = (
    "", "=1+1", "<script>alert(1)</script>", "NaN", "46,5", "26.9", "-1", "1e9", "9" * 25, "Bacău", "BC", "\u202eabc",
    "\x9b31m", "1017", "179132", "inf", "2024-13-45", "½", "٣", "a" * 5_000, '"', "'; DROP TABLE--", "null", "[]", "1_000",
    "１２", "1e400", "-0", "#REF!", "31.02.2024",
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_gazetteer(gazetteer, monkeypatch):
    """Places are read once: what is tested here is what comes in."""
    monkeypatch.setattr(importing, "load_gazetteer", lambda _home: gazetteer)


@pytest.fixture
def home(tmp_path) -> Home:
    return make_home("live", tmp_path / "var")


def features(*rows) -> str:
    shapes = [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]
    return json.dumps({"type": "FeatureCollection", "features": shapes})


def good_file(tmp_path, kind: str) -> Path:
    if kind == "boundaries":
        return written(tmp_path, "good.geojson", features(({"natcode": "24089", "name": "Parincea"}, SQUARE)))
    return written(tmp_path, f"good_{kind}.csv", f"{TITLES[kind]}\n{GOOD[kind]}\n")


def written(tmp_path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(tmp_path, name: str, rows) -> Path:
    book = xlsxwriter.Workbook(tmp_path / name)
    page = book.add_worksheet()
    for i, row in enumerate(rows):
        page.write_row(i, 0, row)
    book.close()
    return tmp_path / name


def cornered(tmp_path, name: str, titles: list[str]) -> Path:
    """A sheet with titles and one cell in its last corner, moved there in the file: writing a million rows takes long."""
    small = workbook(tmp_path, f"small-{name}", [titles, [7]])
    with zipfile.ZipFile(small) as whole, zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as moved:
        for part in whole.namelist():
            content = whole.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert content.count(b'<row r="2"') == content.count(b'<c r="A2"') == 1
                content = content.replace(b'<row r="2"', b'<row r="1048576"').replace(
                    b'<c r="A2"', b'<c r="XFD1048576"'
                )
            moved.writestr(part, content)
    small.unlink()
    return tmp_path / name


def bomb(tmp_path) -> Path:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 12_000_000)
    return written(tmp_path, "bomb.xlsx", packed.getvalue())


def bad_files(tmp_path, kind: str) -> list[Path]:
    titles = TITLES[kind].split(",")
    sheet = workbook(tmp_path, "whole.xlsx", [["alt", "antet"], [1, 2]])
    (tmp_path / "folder.csv").mkdir()
    deep = '{"providers":[{"id":1,"cod":"x","jud":"BC","name":' + "[" * 900 + "]" * 900 + "}]}"
    plain = {
        "empty.csv": b"",
        "blank.csv": b"\n \n",
        "only_titles.csv": TITLES[kind] + "\n",
        "other_columns.csv": "a,b,c\n1,2,3\n",
        "text.csv": f"{TITLES[kind]}\n" + ",".join(["x"] * len(titles)) + "\n",
        "codepage.csv": f"{TITLES[kind]}\n".encode("cp1250", "replace") + ",".join(["Ţară"] * len(titles)).encode("cp1250"),
        "utf16.csv": f"{TITLES[kind]}\n{','.join(['x'] * len(titles))}\n".encode("utf-16"),
        "utf16_without_mark.csv": f"{TITLES[kind]}\n".encode("utf-16-le"),
        "binary.csv": random.Random(1).randbytes(4_000),
        "binary_without_nul.csv": bytes(random.Random(2).choices(range(1, 256), k=4_000)),
        "one_row_of_10_mb.csv": f"{TITLES[kind]}\n" + ",".join(["y" * 2_000_000] * 5),
        "open_quote.csv": f'{TITLES[kind]}\n"abc,1\n',
        "sheet.csv": sheet.read_bytes(),
        "zero.xlsx": b"",
        "text.xlsx": TITLES[kind],
        "truncated.xlsx": sheet.read_bytes()[:-300],
        "page.xls": "<html><table><tr><td>1</td></tr></table></html>",
        "laughs.xml": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><s><n>&b;</n></s></r>',
        "external.xml": '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><s><n>&x;</n></s></r>',
        "broken.xml": "<r><s>",
        "list.json": "[[1, 2], [3]]",
        "lists.json": '{"providers": [[1, 2], [3]]}',
        "numbers.json": '{"providers": [{"id": NaN, "name": 5, "cod": Infinity, "jud": [], "lat": {}, "lng": 1e400}]}',
        "deep.json": "[" * 50_000,
        "deep_name.json": deep,
        "long_number.json": '{"providers": [{"id": ' + "9" * 5_000 + "}]}",
        "null.json": "null",
        "elsewhere.geojson": f'<OGRVRTDataSource><OGRVRTLayer name="good"><SrcDataSource>{tmp_path}/good.geojson'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "no_shapes.geojson": features(({"natcode": "24089"}, None)),
        "swapped.geojson": features(({"natcode": "24089"}, {"type": "Polygon", "coordinates": [[[46.4, 27], [46.6, 27], [46.6, 27.2], [46.4, 27]]]})),
        "open_ring.geojson": features(({"natcode": "24089"}, {"type": "Polygon", "coordinates": [[[27, 46], [27.2, 46]]]})),
        "nothing.geojson": '{"type": "FeatureCollection", "features": []}',
        "no_ending": TITLES[kind] + "\n",
    }  # fmt: skip
    paths = [written(tmp_path, name, content) for name, content in plain.items()]
    corners = cornered(tmp_path, "corners.xlsx", titles)
    return [*paths, sheet, corners, bomb(tmp_path), tmp_path / "folder.csv", tmp_path / "absent.csv",
            tmp_path / ("n" * 300 + ".csv"), Path("nul\x00.csv")]  # fmt: skip


def in_force(home: Home, kind: str) -> tuple[str, bytes]:
    edition = EditionStore(home).current(kind)
    assert edition is not None
    main = next(p for p in sorted(edition.folder.glob("*.parquet")) if p.stem not in ("changes", "rejects", "map"))
    return edition.manifest.edition, main.read_bytes()


def test_every_kind_has_a_reader_and_but_for_roads_and_instruments_which_are_no_table_an_example_here():
    assert set(READABLE) == set(KINDS) == {*TITLES, "roads", "instrument"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kinds", "step"), daily([(list(TITLES), 5), *(([kind], 1) for kind in TITLES)], lambda case: case[1] == 5)
)
def test_a_bad_file_gives_one_clear_message_and_leaves_the_edition_in_force(home, tmp_path, kinds, step):
    for kind in kinds:
        folder = tmp_path / kind
        folder.mkdir()
        assert import_file(home, kind, good_file(folder, kind)).manifest.rows_loaded == 1
        before = in_force(home, kind)
        first = list(TITLES).index(kind) % step  # every fifth file, each kind another fifth
        refuse_each(home, kind, bad_files(folder, kind)[first::step])
        assert in_force(home, kind) == before
        assert [e.manifest.edition for e in EditionStore(home).editions(kind)] == [before[0]]
        assert EditionStore(home).staged(kind) == []
    assert run_checks(home).is_sound


def refuse_each(home, kind, paths):
    for path in paths:
        with pytest.raises(MapError) as refused:
            import_file(home, kind, path)
        said = str(refused.value)
        assert not isinstance(refused.value, UnforeseenContentError), (path, refused.value.__cause__)
        assert path.name[-80:].replace("\x00", " ") in said.replace("\x00", " "), (path, said)
        assert "\n" not in said
        assert len(said) < 3_000


@pytest.mark.parametrize("kind", [k for k in TITLES if k != "boundaries"])
def test_hostile_cells_are_loaded_as_text_or_rejected_with_a_reason(home, tmp_path, kind):
    titles = TITLES[kind].split(",")
    chance = random.Random(kind)
    rows = [[chance.choice(HOSTILE) for _title in titles] for _row in range(150)]
    table = pd.DataFrame(rows, columns=titles)
    good = pd.DataFrame([GOOD[kind].split(",")], columns=titles)
    path = tmp_path / "hostile.csv"
    pd.concat([good, table, good]).to_csv(path, index=False)
    report = import_file(home, kind, path, confirmed=True)
    m = report.manifest
    assert m.rows_read == 152
    assert m.rows_read == m.rows_loaded + m.rows_rejected
    assert m.rows_loaded >= 1
    assert sum(report.reasons.values()) == m.rows_rejected
    edition = EditionStore(home).current(kind)
    assert edition is not None
    assert all(len(edition.table(name)) >= 0 for name in edition.tables())  # what was written can be read
    written_rejects = report.rejects_file.read_text(encoding="utf-8-sig")
    assert not any(cell.startswith(("=", "@")) for line in written_rejects.splitlines() for cell in line.split(","))
    for line in report.lines():
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e" for c in line), line


def hospitals(folder: Path, *, good: int, bad: int) -> Path:
    path = folder / f"spitale-{good}-{bad}.csv"
    rows = [f"{n},Spitalul {n},46.57,26.91,Bacău,100" for n in range(good)]
    rows += [f"{n},,46.57,26.91,Bacău,100" for n in range(good, good + bad)]
    path.write_text("\n".join([TITLES["medical"], *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("good", "bad"), daily([(1, 2), (2, 2), (10, 10), (1, 99)], lambda case: sum(case) in (4, 100))
)
def test_a_file_of_which_half_or_more_is_rejected_needs_a_yes(home, tmp_path, good, bad):
    before = import_file(home, "medical", hospitals(tmp_path, good=3, bad=0)).manifest.edition
    path = hospitals(tmp_path, good=good, bad=bad)
    files = sorted(home.path.rglob("*"))
    with pytest.raises(
        NotConfirmedError, match=rf"{path.name}: .*{bad} din .*{good + bad}.*missing: {bad}.*rândul {good + 1}"
    ):
        import_file(home, "medical", path)
    assert sorted(home.path.rglob("*")) == files  # nothing staged, nothing half done
    assert EditionStore(home).current("medical").manifest.edition == before
    assert import_file(home, "medical", path, dry_run=True).manifest.rows_rejected == bad
    assert import_file(home, "medical", path, confirmed=True).manifest.rows_rejected == bad
    assert len(EditionStore(home).current_table("medical", "services")) == good


@pytest.mark.parametrize(("good", "bad"), [(1, 1), (3, 2), (11, 10)])
def test_less_than_half_rejected_and_a_single_row_come_in_with_their_report(home, tmp_path, good, bad):
    assert import_file(home, "medical", hospitals(tmp_path, good=good, bad=bad)).manifest.rows_rejected == bad


@pytest.mark.parametrize("kind", ["social", "medical", "authorities"])
def test_swapped_and_comma_decimal_coordinates_are_mended_and_flagged(home, tmp_path, kind):
    for n, (lat, lon) in enumerate([("27.1", "46.48"), ('"46,48"', '"27,1"')]):
        row = GOOD[kind].replace("46.48,27.1", f"{lat},{lon}").replace("46.57,26.91", f"{lat},{lon}")
        file = written(tmp_path, f"{n}.csv", f"{TITLES[kind]}\n{row}\n")
        import_file(home, kind, file, source=KINDS[kind].default_source)
        service = EditionStore(home).current_table(kind, "services").iloc[0]
        assert (round(service["lat"], 2), round(service["lon"], 2)) == (46.48, 27.1)
        assert "coordinates_" in service["flags"]


def test_places_stated_in_an_odd_way_are_said_and_counted(home, tmp_path):
    good = GOOD["social"]
    swapped = good.replace("46.48,27.1", "27.1,46.48").replace("AF 1", "AF 2")
    nowhere = good.replace("Bacău", "Transilvania").replace("AF 1", "AF 3")
    path = tmp_path / "locuri.csv"
    path.write_text("\n".join([TITLES["social"], good, swapped, nowhere]) + "\n", encoding="utf-8")
    said = import_file(home, "social", path).lines()
    assert "  Rânduri: 1, coordonatele erau scrise invers." in said
    assert "  Rânduri: 1, județul publicat nu există." in said


def test_a_key_that_comes_twice_is_loaded_once(home, tmp_path):
    path = written(tmp_path, "twice.csv", f"{TITLES['medical']}\n{GOOD['medical']}\n{GOOD['medical']}\n")
    report = import_file(home, "medical", path)
    assert (report.manifest.rows_loaded, report.reasons) == (1, {"duplicate_key": 1})
    assert report.as_json()["rows_rejected"] == 1
    assert any("rândul 2" in line for line in report.lines())


def test_a_dry_run_says_the_same_and_writes_nothing(home, tmp_path):
    path = good_file(tmp_path, "social")
    before = sorted(home.path.rglob("*"))
    tried = import_file(home, "social", path, dry_run=True)
    assert sorted(home.path.rglob("*")) == before
    done = import_file(home, "social", path)
    volatile = ("edition", "dry_run")
    assert {k: v for k, v in tried.as_json().items() if k not in volatile} == {
        k: v for k, v in done.as_json().items() if k not in volatile
    }
    assert any("nu s-a scris nimic" in line for line in tried.lines())


def test_the_next_edition_counts_what_is_new_gone_and_changed(home, tmp_path):
    rows = [f"{i},Spitalul {i},46.57,26.91,Bacău,100" for i in range(4)]
    import_file(home, "medical", written(tmp_path, "a.csv", "\n".join([TITLES["medical"], *rows[:3]])))
    changed = [rows[0], rows[1].replace("100", "200"), rows[3]]
    after = written(tmp_path, "b.csv", "\n".join([TITLES["medical"], *changed]))
    with pytest.raises(NotConfirmedError, match="1 serviciu din 3 ar dispărea: Spitalul 2"):
        import_file(home, "medical", after)
    report = import_file(home, "medical", after, confirmed=True)
    assert {k: report.as_json()[k] for k in ("added", "removed", "changed")} == {"added": 1, "removed": 1, "changed": 1}


def test_the_day_of_a_register_comes_from_the_option_else_the_card_else_it_is_asked_for(home, tmp_path):
    path = good_file(tmp_path, "medical")
    with pytest.raises(importing.DayNotSaidError, match="--as-of"):
        importing.import_file(home, "medical", path)
    assert EditionStore(home).in_force("medical") == []
    (tmp_path / "good_medical.source.toml").write_text(
        '[source]\ntitle = "Listă"\nas_of = 2021-05-06', encoding="utf-8"
    )
    carded = import_file(home, "medical", path).manifest
    assert (carded.as_of, carded.source.title) == ("2021-05-06", "Listă")
    assert import_file(home, "medical", path, as_of=date(2022, 1, 2)).manifest.as_of == "2022-01-02"
    with pytest.raises(NotConfirmedError, match=r"mai vechi \(2021-05-06\) decât cele din vigoare \(2022-01-02\)"):
        import_file(home, "medical", path)
    with pytest.raises(BadValueError, match="nu a venit"):
        import_file(home, "medical", path, as_of=date.today() + timedelta(days=3))


def test_kinds_unknown_or_without_a_reader_are_refused(home, tmp_path):
    for kind in ("drumuri", "../social", ""):
        with pytest.raises(UnknownCodeError, match="social"):
            import_file(home, kind, good_file(tmp_path, "medical"))


def test_real_registers_do_not_enter_a_demonstration(tmp_path):
    demo = make_home("demo", tmp_path / "demo")
    with pytest.raises(HomeError, match="demonstrativ"):
        import_file(demo, "medical", good_file(tmp_path, "medical"))
    assert import_file(demo, "localities", good_file(tmp_path, "localities")).manifest.rows_loaded == 1


def test_an_error_that_nobody_foresaw_names_the_file_and_quotes_no_row(home, tmp_path, monkeypatch):
    def broken(path):
        raise KeyError("Strada Ascunsă 7")

    monkeypatch.setattr(medical, "load", broken)
    with pytest.raises(UnforeseenContentError, match=r"good_medical\.csv") as refused:
        import_file(home, "medical", good_file(tmp_path, "medical"))
    assert "Ascunsă" not in str(refused.value)
    assert isinstance(refused.value.__cause__, KeyError)


def test_a_companion_file_that_is_absent_or_wrong_is_named(home, tmp_path):
    path = good_file(tmp_path, "social")
    with pytest.raises(MapError, match="lipsa"):
        import_file(home, "social", path, companion=tmp_path / "lipsa.csv")
    with pytest.raises(MissingColumnError, match=r"alt\.csv"):
        import_file(home, "social", path, companion=written(tmp_path, "alt.csv", "a,b\n1,2\n"))


def _disk_full(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


FULL = [(pd.DataFrame, "to_parquet"), (Path, "replace"), (os, "replace"), (os, "fsync")]


@pytest.mark.parametrize("places", daily([FULL, *([place] for place in FULL)], lambda places: places == FULL))
def test_a_full_disk_is_said_and_the_edition_in_force_stays(home, tmp_path, monkeypatch, places):
    import_file(home, "medical", good_file(tmp_path, "medical"))
    before = in_force(home, "medical")
    other = written(tmp_path, "b.csv", f"{TITLES['medical']}\n2,Alt spital,46.57,26.91,Bacău,5\n")
    for where, what in places:
        with monkeypatch.context() as patch:
            patch.setattr(where, what, _disk_full)
            if what == "to_parquet":
                import geopandas as gpd

                patch.setattr(gpd.GeoDataFrame, what, _disk_full)
            if (where, what) != (os, "replace"):  # pathlib renames without it, and then nothing fails
                with pytest.raises(EditionError, match="No space left"):
                    import_file(home, "medical", other, confirmed=True)
                assert in_force(home, "medical") == before
    assert run_checks(home).is_sound
    import_file(home, "medical", other, confirmed=True)
    assert in_force(home, "medical") != before


@pytest.mark.parametrize("many", daily([4, 10], lambda many: many == 4))
def test_imports_at_once_queue_and_each_is_compared_with_the_one_before(home, tmp_path, many):
    files = [
        written(tmp_path, f"{i}.csv", f"{TITLES['medical']}\n{i},Spitalul {i},46.57,26.91,Bacău,5\n")
        for i in range(many)
    ]
    made: dict[str, Manifest] = {}

    def run(path):
        made[path.stem] = import_file(home, "medical", path, confirmed=True).manifest

    threads = [threading.Thread(target=run, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == many
    editions = {each.edition: each for each in made.values()}
    last = EditionStore(home).current("medical").manifest
    line = [last.edition]
    while editions[line[-1]].previous is not None:
        line.append(editions[line[-1]].previous)
    assert sorted(line) == sorted(editions), "none was compared with an edition that another one had replaced"
    winner = next(name for name, each in made.items() if each.edition == last.edition)
    assert EditionStore(home).current_table("medical", "services")["registry_key"].tolist() == [winner]
    assert run_checks(home).is_sound


IMPORT_FOREVER = """
import sys, itertools
from datetime import date
from pathlib import Path
from core.storage.home import open_home
from providers.imports import importing
from geo.gazetteer.gazetteer import load_gazetteer
home = open_home(Path(sys.argv[1]))
known = load_gazetteer(home)
importing.load_gazetteer = lambda _home: known
for i in itertools.count():
    path = Path(sys.argv[2]) / f"{i % 2}.csv"
    importing.import_file(home, "medical", path, as_of=date(2026, 11, 1), confirmed=True)
    print(i, flush=True)
"""


@pytest.mark.parametrize("kills", daily([1, 6], lambda kills: kills == 1))
def test_an_import_killed_at_any_moment_never_shows_a_half_edition(home, tmp_path, kills):
    for i in (0, 1):
        rows = [f"{n},Spitalul {n},46.57,26.91,Bacău,{i + 1}" for n in range(300)]
        written(tmp_path, f"{i}.csv", "\n".join([TITLES["medical"], *rows]))
    import_file(home, "medical", tmp_path / "0.csv")
    chance = random.Random(4)
    for _kill in range(kills):
        worker = subprocess.Popen(
            [sys.executable, "-c", IMPORT_FOREVER, str(home.path), str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()  # it has imported once
        time.sleep(chance.uniform(0.0, 0.15))
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        services = EditionStore(home).current_table("medical", "services")
        assert len(services) == 300
        assert len(set(services["places_max"])) == 1  # all rows of one file
        for edition in EditionStore(home).editions("medical"):
            assert len(edition.table("services")) == edition.manifest.rows_loaded
    assert run_checks(home).is_sound
    assert import_file(home, "medical", tmp_path / "1.csv").manifest.rows_loaded == 300
    shutil.rmtree(home.editions)


def test_the_day_of_a_layer_is_that_of_its_file(home, tmp_path):
    path = written(tmp_path, "lista.csv", "SIRUTA\n24089\n")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert importing.import_file(home, "communities", path).manifest.as_of == "2020-09-13"
