"""The limits of `api.screens`, with a stand-in for the software that runs the screens (see tests/pages/test_runtime.py)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from api import screens
from api.http.session import Session
from api.screens import OwnScreens, Screens
from referrals.records.vocabulary import Actor
from tests.worlds.servers import own_loop

ADMIN, TEAM, COUNTY, NATIONAL = (
    Session(role, Actor(role, role, "BC" if role in ("team", "county") else "", 24089 if role == "team" else None))
    for role in ("admin", "team", "county", "national")
)
MB = 1024 * 1024


@dataclass
class StandIn:
    """Every screen is connected and asks for a file, unless told otherwise."""

    files: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    fieldless: set[str] = field(default_factory=set)
    made: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_connected(self, screen):
        return screen not in self.gone

    def has_file_field(self, screen):
        return screen not in self.fieldless

    def uploaded(self):
        return dict(self.files)

    def forget_uploads(self, screen):
        self.files.pop(screen)

    def owners_of(self, file):
        return self.made.get(file, frozenset())


@dataclass
class Others:
    """The other processes of the server: what they have, by its address."""

    have: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def answer(self, scope, _receive, send):
        self.asked.append(scope["path"])
        if scope["path"] not in self.have:
            return False
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return True


@pytest.fixture
def world(monkeypatch):
    """A layer around an application that keeps what it is sent, and a function that says who asks."""
    server, mine = StandIn(), Screens()
    others = Others()
    for who in (ADMIN, TEAM, COUNTY, NATIONAL):
        mine.own(f"screen-of-{who.session_id}", who.session_id)

    async def app(scope, receive, send):
        assert sum(mine.arriving.values()) <= screens._MOST_BYTES
        if scope["type"] == "http" and scope["method"] == "PUT":
            screen = scope["path"].split("/")[3]
            server.files[screen] = server.files.get(screen, 0) + _size(scope)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    layer = OwnScreens(app, server=server, screens=mine, others=others)
    mine.others = others

    def ask(who, method="PUT", size=1000, screen=None, path="", headers=()):
        async def session(_scope):
            return who

        monkeypatch.setattr(screens, "_session", session)
        path = path or f"/_stcore/upload_file/{screen or f'screen-of-{who.session_id if who else 0}'}/file"
        said = [(b"content-length", str(size).encode())] if size is not None else []
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b""}

        own_loop.run(
            layer({"type": "http", "method": method, "path": path, "headers": [*said, *headers]}, receive, send)
        )
        return sent[0]["status"], dict(sent[0]["headers"])

    return server, mine, ask


def _size(scope):
    return int(dict(scope["headers"])[b"content-length"])


@pytest.mark.parametrize(
    ("who", "size", "status"),
    [
        (ADMIN, 60 * MB, 204),
        (ADMIN, 62 * MB, 413),
        (TEAM, 1 * MB, 204),
        (TEAM, 58 * MB, 413),
        (COUNTY, 1 * MB, 204),
        (NATIONAL, 10, 403),
        (None, 10, 403),
        (ADMIN, None, 411),
    ],
)
def test_how_much_is_taken_depends_on_what_an_account_has_to_send(world, who, size, status):
    _server, _mine, ask = world
    assert ask(who, size=size)[0] == status


@pytest.mark.parametrize("length", ["", "-1", "1e9", "٣", " 5"])
def test_a_length_that_is_no_number_is_not_believed(world, length):
    _server, _mine, ask = world
    assert ask(ADMIN, size=None, headers=[(b"content-length", length.encode())])[0] == 411


def test_files_of_one_screen_have_a_limit_together(world):
    server, _mine, ask = world
    assert [ask(ADMIN, size=60 * MB)[0] for _ in range(3)] == [204, 204, 413]
    assert server.files == {"screen-of-admin": 120 * MB}


def test_files_of_all_screens_have_a_limit_together_also_those_that_are_still_coming(world):
    server, mine, ask = world
    server.files = {f"screen-{n}": 60 * MB for n in range(3)}
    mine.arriving["another"] = 60 * MB
    assert ask(ADMIN, size=10 * MB)[0] == 503
    del mine.arriving["another"]
    assert ask(ADMIN, size=10 * MB)[0] == 204
    assert not mine.arriving


def test_nothing_is_put_into_a_screen_that_is_somebody_elses_or_asks_for_no_file_or_is_closed(world):
    server, _mine, ask = world
    assert ask(TEAM, screen="screen-of-admin")[0] == 403
    assert ask(TEAM, "DELETE", screen="screen-of-admin")[0] == 403
    assert ask(ADMIN, screen="nobodys")[0] == 403
    server.fieldless.add("screen-of-team")
    assert ask(TEAM)[0] == 403
    server.gone.add("screen-of-admin")
    assert ask(ADMIN)[0] == 403
    assert not server.files


def test_files_go_when_the_socket_of_their_screen_closes(world, monkeypatch):
    server, mine, ask = world
    ask(ADMIN)
    server.files["of-another"] = 10

    async def app(_scope, _receive, _send):
        server.gone.add("screen-of-admin")

    async def session(_scope):
        return ADMIN

    async def nothing(*_message):
        return {"type": "websocket.connect"}

    monkeypatch.setattr(screens, "_session", session)
    layer = OwnScreens(app, server=server, screens=mine)
    own_loop.run(layer({"type": "websocket", "path": screens.SOCKET_PATH, "headers": []}, nothing, nothing))
    assert server.files == {"of-another": 10}
    assert not mine.sockets


def test_sockets_have_a_limit_for_each_session(world, monkeypatch):
    _server, mine, _ask = world
    mine.sockets[TEAM.session_id] = screens._MOST_OF_ONE
    sent = []

    async def session(_scope):
        return TEAM

    async def send(message):
        sent.append(message["type"])

    async def receive():
        return {"type": "websocket.connect"}

    monkeypatch.setattr(screens, "_session", session)
    layer = OwnScreens(lambda *_said: 1 / 0, server=StandIn(), screens=mine)
    own_loop.run(layer({"type": "websocket", "path": screens.SOCKET_PATH, "headers": []}, receive, send))
    assert sent == ["websocket.close"]


def test_a_file_of_a_screen_is_there_for_its_session_alone(world):
    server, _mine, ask = world
    server.made["abc"] = frozenset({"team"})
    status, headers = ask(TEAM, "GET", path="/media/abc.csv")
    assert status == 204
    assert headers[b"cache-control"] == b"no-store"
    assert ask(COUNTY, "GET", path="/media/abc.csv")[0] == 404
    for path in ("/media/", "/media/abd.csv", "/media/../media/abc.csv", "/media/abc.csv/x", "/media/ABC.csv"):
        assert ask(TEAM, "GET", path=path)[0] == 404, path


def test_what_lives_in_another_process_is_asked_there_and_nothing_else_is(world):
    server, mine, ask = world
    server.made["abc"] = frozenset({"team"})
    server.made["their"] = frozenset({"county"})  # the same content was made for somebody else here
    there = {"/media/their.csv", "/media/away.csv", "/_stcore/upload_file/away/file"}
    mine.others.have = there
    assert [ask(TEAM, "GET", path=f"/media/{name}.csv")[0] for name in ("their", "away", "nobodys")] == [299, 299, 404]
    assert [ask(TEAM, screen=name)[0] for name in ("away", "nobodys")] == [299, 403]
    assert ask(NATIONAL, screen="away")[0] == 403  # who sends no files sends none there
    mine.others.asked.clear()
    assert ask(TEAM, "GET", path="/media/abc.csv")[0] == 204
    assert ask(TEAM)[0] == 204
    assert ask(TEAM, screen="screen-of-admin")[0] == 403
    assert ask(TEAM, "GET", path="/media/away.csv/x")[0] == 404
    assert mine.others.asked == []


def test_another_process_is_told_whether_a_screen_is_here_and_whose_it_is(world):
    server, _mine, ask = world
    assert ask(TEAM, "HEAD", size=None)[0] == 204
    assert ask(TEAM, "HEAD", size=None, screen="screen-of-admin")[0] == 403
    assert ask(TEAM, "HEAD", size=None, screen="nobodys")[0] == 403
    assert not server.files


def test_the_memory_of_whose_screen_is_whose_does_not_grow_for_ever():
    mine = Screens()
    for number in range(screens._MOST_SCREENS + 5):
        mine.own(str(number), "x")
    assert len(mine.owners) == screens._MOST_SCREENS
    assert "0" not in mine.owners
