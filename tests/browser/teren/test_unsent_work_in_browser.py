"""Work that is not sent yet: it outlives an account that is closed, a telephone shut out, one without room, another person."""

from __future__ import annotations

import pytest

from api.http import session
from cases.record.field_devices import devices_of, shut_out
from referrals.accounts import account_sessions, accounts
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.serving import served
from tests.browser.teren.phone import FULL, SENT, Phone
from tests.covering import repeats
from tests.worlds.homes import small_world

pytestmark = pytest.mark.browser
ADMIN = Actor("admin", "test")
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of an invented account


@pytest.fixture(scope="module")
def live_server(browser, tmp_path_factory):
    """A server of a live home: its address, its home and its ledger."""
    folder = tmp_path_factory.mktemp("live-field")
    home = small_world.make_world(folder / "home", mode="live")
    ledger = open_ledger(home)
    with served(home.path, folder) as base:
        yield base, home, ledger
    ledger.close()


@pytest.fixture
def member(browser, live_server):
    """Give the telephone of a new account of the team."""
    base, home, ledger = live_server
    given = []

    def make(login):
        code = accounts.invite(ledger, login, role="team", county="BC", uat_siruta=24089, actor=ADMIN)
        accounts.set_password(ledger, code, PASSWORD)
        given.append(Phone(browser, base, home))
        given[-1].cookie = session.account_cookie(home, account_sessions.sign_in(ledger, login, PASSWORD))
        return given[-1]

    yield make
    for phone in given:
        phone.close()
    assert not [fault for phone in given for fault in phone.faults]


def begin(phone):
    """Open the page for the first time as a member whose profession nobody has said."""
    phone.sign_in()
    phone.page.goto(f"{phone.base}/teren/")
    return phone.try_phrase()


def shut(ledger, state):
    """Shut out the telephone that was seen last, or let it in again."""
    shut_out(ledger, devices_of(ledger, actor=ADMIN)[0].device_id, state, actor=ADMIN)


def test_the_work_of_a_closed_account_goes_on_from_its_copy_in_a_new_one(member, live_server, tmp_path):
    _base, _home, ledger = live_server
    phone = begin(member("prima"))
    page = phone.page
    sent = phone.open_case("1949", "F", note="ajuns la timp")
    assert phone.send() == SENT
    unsent = phone.open_case("1962", "M", note="scris pe drum")
    (account,) = [each for each in accounts.listed(ledger, actor=ADMIN) if each.login == "prima"]
    accounts.close(ledger, account.account_id, actor=ADMIN)
    assert phone.send() != SENT
    assert "Păstrați o copie" in page.inner_text("#screen"), "the words say what to do"
    assert "cont nou" in page.inner_text("#screen")
    copy, words = phone.keep_copy(tmp_path / "copie.json"), phone.words
    assert "1962" not in copy.read_text("utf-8")
    page.click("#lock")
    phone.unlock(words)  # closed at the server, the page still opens and the work is there
    phone.show(unsent)
    second = begin(member("a-doua"))
    assert "nu este cea" in second.bring_copy(copy, "babab babab babab babab")
    second.page.click("#screen summary")  # the form was left open
    assert "S-a" in second.bring_copy(copy, words)
    assert second.send() == SENT
    second.show(unsent)
    assert "scris pe drum" in second.page.inner_text("main")
    second.show(sent)
    assert second.bring_copy(copy, words)  # brought twice it counts once
    assert second.send() == SENT
    assert sum(key.startswith("cases") for key in second.view()) == 2


def test_a_telephone_that_is_shut_out_says_so_keeps_its_work_and_sends_it_when_it_is_let_in(member, live_server):
    ledger = live_server[2]
    phone = begin(member("pierdut"))
    assert phone.send() == SENT
    shut(ledger, "lost")
    ref = phone.open_case("1971", "F")
    assert phone.send() != SENT
    said = phone.page.inner_text("#said")
    assert "Telefonul a fost oprit" in said
    assert "rămâne pe el" in said
    phone.page.click("#lock")
    phone.unlock()
    phone.show(ref)
    shut(ledger, "active")
    assert phone.send() == SENT


def test_a_telephone_without_room_opens_sends_its_work_and_says_what_does_not_fit(phones):
    phone, other = phones().begin(), phones().begin()
    page = phone.page
    ref = phone.open_case("1953", "F")
    other_ref = other.open_case("1977", "M")
    assert other.send() == SENT
    page.click("#lock")
    page.evaluate(FULL, ["facts", "meta", "boxes", "drafts"])
    phone.unlock()
    phone.go("trimitere")
    page.wait_for_selector("#screen .alert, #said .alert")
    assert "nu mai are loc" in page.inner_text("main")
    other.send()
    assert f"cases {ref}" in other.view(), "what was written here has arrived"
    page.reload()  # there is room again
    page.wait_for_selector("#screen[data-screen=azi] h1, [name=passphrase]")
    if page.locator("[name=passphrase]").count():
        phone.unlock()
    assert phone.send() == SENT
    assert {f"cases {ref}", f"cases {other_ref}"} <= phone.view().keys()


@repeats(
    "tests/browser/teren/test_secret_store.py::test_a_writing_is_whole_or_not_at_all_and_a_full_phone_says_so",
)
def test_answers_that_have_no_room_stay_on_the_screen_and_are_kept_once_there_is(phones):
    phone = phones().begin()
    page = phone.page
    phone.open_case("1980", "F")
    phone.page.click("#screen button.main")
    phone.at("evaluare")
    page.evaluate(FULL, ["drafts"])
    page.fill("[name=h_people]", "4")
    page.keyboard.press("Tab")
    page.wait_for_selector("#said .alert")
    assert "nu mai are loc" in page.inner_text("#said")
    assert page.input_value("[name=h_people]") == "4"


def test_who_signs_in_on_the_telephone_of_another_reads_that_unsent_work_is_there(phones):
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("1980", "F")
    phone.context.set_offline(True)  # it does not get away meanwhile
    page.wait_for_timeout(100)
    phone.sign_in(uat=24169)
    phone.context.set_offline(False)
    page.click("#lock")
    page.wait_for_selector(".passphrase")
    assert "netrimis al altei persoane" in page.inner_text("#screen")
    assert ref not in page.inner_text("body")
    phone.sign_in()
    page.click("#lock") if page.locator("#lock:visible").count() else page.reload()
    phone.unlock()
    phone.show(ref)
    assert phone.send() == SENT


def test_a_telephone_not_seen_for_long_opens_only_to_who_can_sign_in_and_gives_its_work_away_sealed(phones, tmp_path):
    phone, other = phones().begin(), phones().begin()
    page = phone.page
    assert phone.send() == SENT
    phone.context.set_offline(True)
    ref = phone.open_case("1967", "M")
    phone.forget()
    assert ref not in page.inner_text("body")
    with page.expect_download() as given:
        page.click("#screen button")
    given.value.save_as(tmp_path / "copie.json")
    assert "S-a adus" in other.bring_copy(tmp_path / "copie.json", phone.words) or "S-au adus" in other.page.inner_text(
        "#said"
    )
    assert other.send() == SENT
    phone.context.set_offline(False)
    phone.sign_in()
    page.reload()
    phone.unlock()
    assert phone.send() == SENT, "brought by another telephone, it counts once"
    assert f"cases {ref}" in phone.view()
    assert phone.view() == other.view()


def test_another_page_of_the_server_is_not_given_the_keys(phones):
    phone = phones().begin()
    phone.open_page()
    phone.page.goto(f"{phone.base}/simplu")
    given = phone.page.evaluate(
        """async () => {
          const worker = (await navigator.serviceWorker.getRegistration('/teren/')).active, channel = new MessageChannel();
          const asked = new Promise((resolve) => { channel.port1.onmessage = (event) => resolve(event.data); setTimeout(() => resolve('nothing'), 1000); });
          worker.postMessage({ ask: true }, [channel.port2]);
          return asked;
        }"""
    )
    assert given == "nothing"
