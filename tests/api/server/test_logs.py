from __future__ import annotations

import io
import json
import logging

import pytest

from api.server import logs


class Kept(logging.StreamHandler):
    def __init__(self):
        super().__init__(io.StringIO())
        self.setFormatter(logs._Format("%(levelname)s %(name)s: %(message)s"))

    @property
    def text(self):
        return self.stream.getvalue()


@pytest.fixture
def log():
    """A logger of its own behind a bounded handler: what it writes, and its clock."""
    kept, time = Kept(), [0.0]
    logger = logging.Logger("a.library")  # noqa: LOG001 - not one that other tests know
    logger.addHandler(logs.BoundedHandler(kept, clock=lambda: time[0]))
    return logger, kept, time


def fail(logger, number=1):
    for _ in range(number):
        try:
            raise OSError("Too many open files")  # noqa: TRY301
        except OSError:
            logger.exception("accept failed")


def test_a_fault_that_repeats_is_written_a_few_times_and_counted_after_that(log):
    logger, kept, time = log
    fail(logger, 10_000)
    assert kept.text.count("Traceback") == 5
    assert len(kept.text) < 10_000
    time[0] = 61.0
    fail(logger)
    assert kept.text.count("Traceback") == 6
    assert "9995 more lines of the kinds above were left out" in kept.text


def test_another_kind_is_not_silenced_by_the_first(log):
    logger, kept, _time = log
    fail(logger, 100)
    logger.warning("the database is away")
    assert "the database is away" in kept.text


def test_faults_of_many_kinds_have_a_budget_together(log):
    logger, kept, _time = log
    for line in range(3_000):
        logger.handle(logging.LogRecord("a.library", logging.ERROR, "x.py", line, "%s", ("x" * 50_000,), None))
    assert len(kept.text) < 200_000


def test_a_long_stack_is_cut_in_its_middle(log):
    logger, kept, _time = log
    logger.error("begin %s end", "x" * 1_000_000)
    assert len(kept.text) < 5_000
    assert "begin" in kept.text
    assert kept.text.endswith("end\n")


def test_who_opened_which_socket_is_not_written(log):
    logger, kept, _time = log
    logger.name = "uvicorn.error"
    said = ("203.0.113.7:5000", "/_stcore/stream?nevoie=x", 403)
    record = logging.LogRecord("uvicorn.error", logging.INFO, "x.py", 1, '%s - "WebSocket %s" %d', said, None)
    logger.handle(record)
    assert kept.text == ""
    logger.warning("Invalid HTTP request received.")
    assert "Invalid HTTP" in kept.text


def test_a_log_file_turns_over_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_FILE_BYTES", 2_000)
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        logs.set_up(tmp_path / "harta.log")
        (ours,) = [handler for handler in root.handlers if isinstance(handler, logs.BoundedHandler)]
        for line in range(300):
            ours.handle(logging.LogRecord("a", logging.WARNING, "x.py", line, "line %d", (line,), None))
        ours.close()
        sizes = [path.stat().st_size for path in tmp_path.iterdir()]
        assert len(sizes) == 4
        assert max(sizes) <= 2_000
        assert (tmp_path / "harta.log").stat().st_mode & 0o077 == 0
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)


def test_a_library_that_brings_its_own_handler_writes_through_ours(monkeypatch):
    kept = Kept()
    root = logging.getLogger()
    ours = logs.BoundedHandler(kept)
    library = logging.getLogger("streamlit.of.this.test")
    library.addHandler(logging.NullHandler())
    library.propagate = False
    root.addHandler(ours)
    try:
        logs.take_over()
        library.error("said")
        assert kept.text.count("said") == 1
    finally:
        root.removeHandler(ours)


def test_as_json_every_line_is_one_object_however_long_what_it_says(capsys):
    kept, time = logging.StreamHandler(io.StringIO()), [0.0]
    kept.setFormatter(logs._JsonFormat())
    logger = logging.Logger("a.library")  # noqa: LOG001 - not one that other tests know
    logger.addHandler(logs.BoundedHandler(kept, clock=lambda: time[0]))
    logger.warning('a "quoted" line\nand its second, ș')
    logger.warning("%s", '\n"' * 50_000)
    fail(logger, 8)
    time[0] = 61.0
    logger.warning("a minute later")
    rows = [json.loads(line) for line in kept.stream.getvalue().splitlines()]
    assert rows[0]["message"] == 'a "quoted" line\nand its second, ș'
    assert {"time", "level", "logger", "process", "message"} == set(rows[0])
    assert len(rows[1]["message"]) < 2_100
    assert rows[2]["error"] == "OSError"
    assert "Too many open files" in rows[2]["trace"]
    assert any("3 more lines" in row["message"] for row in rows)


def test_a_log_of_json_is_set_up_like_one_of_words(tmp_path):
    before = list(logging.getLogger().handlers)
    try:
        logs.set_up(tmp_path / "log", as_json=True)
        logging.getLogger("harta.test").warning("written")
        written = (tmp_path / "log").read_text(encoding="utf-8")
        assert json.loads(written)["logger"] == "harta.test"
    finally:
        for handler in [each for each in logging.getLogger().handlers if each not in before]:
            logging.getLogger().removeHandler(handler)
            handler.close()
