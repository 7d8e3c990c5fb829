"""A long run of reports that was cut off: it goes on from where it stopped, and never trusts files of other facts."""

from __future__ import annotations

import pytest

from reports.documents import resume
from reports.documents.resume import end, note, written_before


def test_a_run_that_was_cut_off_knows_what_it_had_written(tmp_path):
    assert written_before(tmp_path, "fapte") == frozenset()
    for name in ("unu.pdf", "doi.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
        note(tmp_path, name)
    assert written_before(tmp_path, "fapte") == {"unu.pdf", "doi.pdf"}


def test_files_of_other_facts_are_written_anew(tmp_path):
    written_before(tmp_path, "fapte")
    (tmp_path / "unu.pdf").write_bytes(b"%PDF")
    note(tmp_path, "unu.pdf")
    assert written_before(tmp_path, "alte fapte") == frozenset()
    # And the first facts are then forgotten too: the file may be of either.
    assert written_before(tmp_path, "fapte") == frozenset()


def test_a_file_that_is_gone_and_a_name_cut_in_half_do_not_count(tmp_path):
    written_before(tmp_path, "fapte")
    note(tmp_path, "unu.pdf")
    with (tmp_path / resume.NAME).open("a", encoding="utf-8") as handle:
        handle.write("community/2026-1")
    assert written_before(tmp_path, "fapte") == frozenset()


def test_a_run_that_ended_begins_anew(tmp_path):
    written_before(tmp_path, "fapte")
    (tmp_path / "unu.pdf").write_bytes(b"%PDF")
    note(tmp_path, "unu.pdf")
    end(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "unu.pdf"]
    assert written_before(tmp_path, "fapte") == frozenset()


@pytest.mark.parametrize("content", ["", "\n\n", "altceva\nunu.pdf\n"])
def test_a_strange_mark_is_no_mark(tmp_path, content):
    (tmp_path / resume.NAME).write_text(content, encoding="utf-8")
    assert written_before(tmp_path, "fapte") == frozenset()
