"""What was read of small files is read again when one of them changes, however soon."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from core.storage import file_stamps
from core.storage.file_stamps import KeptReadings


class Counted:
    """Reads a file, and counts how often."""

    def __init__(self, path):
        self.path, self.times = path, 0

    def __call__(self):
        self.times += 1
        return (self.path.read_text() if self.path.exists() else None), [str(self.path)]


@pytest.fixture
def settled(monkeypatch):
    """Files count as old enough to be trusted at once."""
    monkeypatch.setattr(file_stamps, "_SETTLED_NS", -(10**12))


def test_a_file_that_did_not_change_is_read_once(tmp_path, settled):
    (tmp_path / "current").write_text("a")
    kept, read = KeptReadings(4), Counted(tmp_path / "current")
    assert [kept.take("x", read) for _ in range(3)] == ["a"] * 3
    assert read.times == 1


@pytest.mark.parametrize("change", ["written", "replaced", "removed", "made again with the same moment"])
def test_a_file_that_changed_is_read_again(tmp_path, settled, change):
    path = tmp_path / "current"
    path.write_text("a")
    kept, read = KeptReadings(4), Counted(path)
    assert kept.take("x", read) == "a"
    if change == "removed":
        path.unlink()
    else:
        other = tmp_path / "other"
        other.write_text("b")
        if change == "written":
            shutil.copyfile(other, path)
            os.utime(path, ns=(1, 1))
        else:
            shutil.copystat(path, other)
            other.replace(path)
    assert kept.take("x", read) == (None if change == "removed" else "b")


def test_a_file_that_appears_is_read(tmp_path, settled):
    kept, read = KeptReadings(4), Counted(tmp_path / "current")
    assert kept.take("x", read) is None
    (tmp_path / "current").write_text("a")
    assert kept.take("x", read) == "a"


def test_a_file_just_written_is_not_trusted_to_show_the_next_writing(tmp_path):
    """Two writings within one tick of the file system's clock may look alike."""
    path = tmp_path / "current"
    kept, read = KeptReadings(4), Counted(path)
    for number in range(200):
        path.write_text(f"{number:03}")  # the same length, often within the same tick
        assert kept.take("x", read) == f"{number:03}"
    time.sleep(0.25)
    assert [kept.take("x", read) for _ in range(3)] == ["199"] * 3
    assert read.times == 201


def test_a_file_removed_while_it_is_read_is_not_kept_as_it_was(tmp_path):
    path = tmp_path / "current"
    path.write_text("a")
    time.sleep(0.25)
    kept, read = KeptReadings(4), Counted(path)

    def removed_meanwhile():
        said = read()
        path.unlink(missing_ok=True)
        return said

    assert kept.take("x", removed_meanwhile) == "a"
    assert kept.take("x", read) is None


def test_no_more_is_kept_than_was_said(tmp_path, settled):
    (tmp_path / "current").write_text("a")
    kept, read = KeptReadings(2), Counted(tmp_path / "current")
    for key in (1, 2, 3, 3):
        kept.take(key, read)
    assert read.times == 3
    assert len(kept._kept) <= 2


def test_what_a_reading_raises_is_raised_each_time(tmp_path):
    kept = KeptReadings(2)

    def broken():
        raise ValueError("damaged")

    for _ in range(2):
        with pytest.raises(ValueError, match="damaged"):
            kept.take("x", broken)
