"""Which tests go to one process together, so that what they share is made once: those of a file, or of one server."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

# Modules of tests/browser whose tests share a server, and so a process; the others share the small one.
SERVED = {
    "test_every_screen_accessible": "furnished",
    "test_keyboard_accessible": "furnished",
    "test_figures_in_browser": "furnished",
    "test_coverage_in_browser": "furnished",
    "test_layout_shift": "furnished",
    "test_journey_in_app": "taken",
    "test_journey_in_browser": "taken",
    "test_progress_in_browser": "taken",
    "test_provider_answer": "taken",
}


def group_of(nodeid: str) -> str:
    """Return the name of what a test shares: its file, or the server of its file."""
    file = PurePosixPath(nodeid.split("::", 1)[0])
    if file.parts[:2] == ("tests", "browser"):
        return f"browser-{SERVED.get(file.stem, 'small')}"
    return str(file)


class GroupScheduling(LoadScopeScheduling):
    """Hand a whole group to a process.

    Not `--dist loadgroup`: it writes the group into a private field of a test, which pytest 9.2 no longer reads, and
    then each test is handed out alone and every process makes everything.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
