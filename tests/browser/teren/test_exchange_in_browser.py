"""Two telephones and a server that is not always there: nothing is lost, nothing counts twice, both values are shown."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from referrals.database.tables import case_tables, exchange_tables
from referrals.ledger.ledger import open_ledger
from tests.browser.teren.phone import SENT
from tests.covering import repeats

pytestmark = pytest.mark.browser
EXCHANGE = "**/teren/schimb"


def counted(home, table):
    ledger = open_ledger(home)
    with ledger.store.read() as connection:
        found = connection.execute(select(func.count()).select_from(table)).scalar()
    ledger.close()
    return found


def change_note(phone, ref, note, *, born=""):
    """Change what is said of a case, as the form does."""
    phone.show(ref)
    phone.page.click("#screen button:text('Îndreptați datele')")
    phone.at("indreptare")
    phone.page.fill("[name=note]", note)
    if born:
        phone.page.fill("[name=born]", born)
    phone.page.click("#screen button.main")
    phone.at("caz")


def home_of(phone, ref):
    return phone.view()[f"cases {ref}"].split(" | ")[5]


def test_a_person_goes_to_another_household_and_to_one_of_its_own_without_network(phones):
    phone = phones().begin()
    first, second = phone.open_case("1961", "F"), phone.open_case("1962", "M")
    homes = {ref: home_of(phone, ref) for ref in (first, second)}
    assert homes[first] != homes[second]
    phone.context.set_offline(True)
    for choice in ({"value": homes[first]}, {"index": 0}):
        phone.show(second)
        phone.page.click("#screen button:text('Îndreptați datele')")
        phone.at("indreptare")
        phone.page.select_option("[name=household]", **choice)
        phone.page.click("#screen button.main")
        phone.at("caz")
        homes[len(homes)] = home_of(phone, second)
    assert homes[2] == homes[first]
    assert homes[3] not in {homes[first], homes[second]}
    phone.context.set_offline(False)
    assert phone.send() == SENT
    assert home_of(phone, second) == homes[3]


def test_what_is_written_down_while_an_answer_is_written_has_a_number_of_its_own(phones):
    phone = phones().begin()
    ref = phone.open_case("1963", "F")
    assert phone.send() == SENT
    met = []

    def route(found):
        met.append(found)
        found.fallback() if len(met) == 1 else found.abort()

    phone.context.route(EXCHANGE, route)
    kept = phone.page.evaluate(
        """async (ref) => {
          const of = (name) => import(document.querySelector('script[type=module]').src.replace('main.js', name));
          const { app, save, send, day } = await of('app.js'), { newId } = await of('record.js');
          const note = (text) => save([['note.add', ref, { note_id: newId('N'), on_day: day(), text }]]);
          const write = app.store.write;
          let given;
          app.store.write = async function (entries) {
            if (!given && entries.some(([, key]) => key === 'device')) {
              given = note('unu');
              await new Promise((resolve) => setTimeout(resolve, 300));  // enough for it, if it may
            }
            return write.call(this, entries);
          };
          await send({ loud: true });
          await given;
          await note('doi');
          return (await app.store.all('changes')).map(([, change]) => change.body.text);
        }""",
        ref,
    )
    assert sorted(kept) == ["doi", "unu"]


def test_what_is_written_down_while_the_record_is_read_anew_is_shown(phones):
    phone = phones().begin()
    ref = phone.open_case("1963", "F")
    phone.context.set_offline(True)
    shown = phone.page.evaluate(
        """async (ref) => {
          const of = (name) => import(document.querySelector('script[type=module]').src.replace('main.js', name));
          const { app, save, reload, day } = await of('app.js'), { newId } = await of('record.js');
          const { all } = app.store;
          let saved = false;
          app.store.all = async function (store) {
            const found = await all.call(this, store);
            if (saved || store !== 'changes') return found;
            saved = true;
            await save([['note.add', ref, { note_id: newId('N'), on_day: day(), text: 'scris pe drum' }]]);
            return found;
          };
          await reload();
          return [app.record.of('case_notes', ref), app.changes.filter((change) => change.kind === 'note.add').map((change) => change.body)].map((rows) => rows.map((row) => row.text));
        }""",
        ref,
    )
    assert shown == [["scris pe drum"], ["scris pe drum"]]


def test_two_telephones_change_one_case_and_both_values_are_shown_to_be_chosen(phones):
    one, other = phones().begin(), phones().begin()
    ref = one.open_case("1960", "M", note="la început")
    assert one.send() == SENT
    other.send()
    for phone in (one, other):
        phone.context.set_offline(True)
    change_note(one, ref, "vine marțea")
    change_note(other, ref, "vine joia", born="1961")
    one.context.set_offline(False)
    assert one.send() == SENT
    other.context.set_offline(False)
    assert "1 de rezolvat" in other.send()
    box = other.page.locator(".conflict")
    assert "Nota".casefold() in box.inner_text().casefold()
    assert box.locator("button").all_inner_texts() == ["vine marțea", "vine joia"]
    other.page.click(".conflict button:text-is('vine joia')")
    assert other.send() == SENT
    one.send()
    assert one.view() == other.view()
    said = one.view()[f"cases {ref}"]
    assert "vine joia" in said
    assert "1961" in said  # another field: kept without a question


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param("before it leaves", marks=pytest.mark.exhaustive),
        "on its way back",
        pytest.param("as it arrives", marks=pytest.mark.exhaustive),
    ],
)
def test_an_exchange_that_is_cut_off_loses_nothing_and_counts_nothing_twice(phones, field_server, cut):
    phone = phones().begin()
    page = phone.page
    before = counted(field_server[1], case_tables.cases)
    reached = []

    def route(found):
        if cut == "before it leaves":
            found.abort()
        else:
            answer = found.fetch()
            reached.append(answer.status)
            if cut == "on its way back":
                found.abort()
            else:
                page.close()  # the power goes: what has come is not written

    phone.context.route(EXCHANGE, route)
    phone.open_case("1970", "F", note="o dată")
    if cut == "as it arrives":
        with page.expect_event("close"):
            page.evaluate("() => window.dispatchEvent(new Event('online'))")
    else:
        page.click("nav [data-go=trimitere]")
        page.click("#screen button.main")
        page.wait_for_selector("#said .alert")
    assert set(reached) <= {200}
    phone.context.unroute(EXCHANGE)
    if page.is_closed():
        phone.open_page()
        page = phone.page
        page.goto(f"{phone.base}/teren/")
        page.wait_for_selector("[name=passphrase], #screen[data-screen=azi]")
        if page.locator("[name=passphrase]").count():
            phone.unlock()
    assert phone.send() == SENT
    assert counted(field_server[1], case_tables.cases) == before + 1
    assert sum("o dată" in said for key, said in phone.view().items() if key.startswith("cases")) >= 1


def test_a_session_that_ends_and_another_person_leave_unsent_work_where_it_is(phones):
    phone = phones().begin()
    page, words = phone.page, phone.words
    phone.context.clear_cookies()
    ref = phone.open_case("1980", "F")
    page.click("nav [data-go=trimitere]")
    page.click("#screen button.main")
    page.wait_for_selector("#said .alert")
    assert "Sesiunea s-a încheiat" in page.inner_text("#said")
    page.click("#lock")
    phone.unlock(words)  # the work goes on without a session
    phone.sign_in(uat=24169)  # another team's member takes the telephone
    page.click("#lock")
    page.wait_for_selector(".passphrase")
    second = page.inner_text(".passphrase")
    page.fill("[name=typed]", second)
    page.click("#screen button.main")
    phone.at("azi")
    phone.go("oameni")
    assert ref not in page.inner_text("main")
    phone.sign_in()
    page.click("#lock")
    phone.unlock(words)
    phone.show(ref)
    assert phone.send() == SENT


@repeats(
    "tests/browser/teren/test_exchange_in_browser.py::test_two_telephones_change_one_case_and_both_values_are_shown_to_be_chosen",
)
def test_what_the_server_refuses_stays_to_be_settled_until_it_is_kept_or_thrown_away(phones, field_server):
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("1985", "M")
    assert phone.send() == SENT
    phone.show(ref)
    page.evaluate(  # as where the clock of the telephone runs ahead
        """async () => {
          const { save } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
          const ref = document.querySelector('h1').textContent;
          await save([['visit.add', ref, { visit_id: 'V-' + ref.slice(2), on_day: '2199-01-01', members: ['social'], minutes: '15-30', place: 'home', found: true, items: [], services: [], next_on: '', note: 'a fost acasă' }]]);
        }"""
    )
    assert "1 de rezolvat" in phone.send()
    assert "viitor" in page.inner_text("#screen .rows")
    visits = counted(field_server[1], case_tables.visits)
    page.click("#screen .pair button >> nth=0")  # keep it as a note
    page.wait_for_selector("#screen .rows", state="detached")
    assert phone.send() == SENT
    assert counted(field_server[1], case_tables.visits) == visits
    phone.show(ref)
    assert "a fost acasă" in page.inner_text("main")


@repeats(
    "tests/browser/teren/test_exchange_in_browser.py::test_an_exchange_that_is_cut_off_loses_nothing_and_counts_nothing_twice",
)
def test_two_hundred_changes_a_round_and_the_rest_after_them(phones, field_server):
    phone = phones().begin()
    ref = phone.open_case("1990", "F")
    phone.context.set_offline(True)
    phone.page.evaluate(
        """async () => {
          const app = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
          const { newId } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'record.js'));
          const ref = document.querySelector('h1').textContent;
          await app.save(Array.from({ length: 230 }, (_each, n) => ['note.add', ref, { note_id: newId('N'), on_day: app.day(), text: `nota ${n}` }]));
        }"""
    )
    sizes = []
    phone.page.on(
        "request",
        lambda asked: (
            sizes.append(len(json.loads(asked.post_data)["changes"])) if asked.url.endswith("schimb") else None
        ),
    )
    notes = counted(field_server[1], case_tables.case_notes)
    phone.context.set_offline(False)
    phone.send()
    phone.page.wait_for_function(f"() => document.getElementById('sync').textContent === '{SENT}'")
    assert sizes[0] == 200
    assert counted(field_server[1], case_tables.case_notes) == notes + 230
    assert counted(field_server[1], exchange_tables.case_conflicts) >= 0
    assert ref


@repeats(
    "tests/browser/teren/test_secret_store.py::test_a_writing_is_whole_or_not_at_all_and_a_full_phone_says_so",
)
def test_a_telephone_that_is_full_says_so_and_keeps_what_it_had(phones):
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("1991", "M")
    page.evaluate(
        """() => { const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (...given) {
            if (this.name === 'changes') throw new DOMException('full', 'QuotaExceededError');
            return put.apply(this, given);
          }; }"""
    )
    page.click("#screen .acts button >> nth=0")
    phone.at("vizita")
    page.click("#screen button.main")
    page.wait_for_selector("#said .alert")
    assert "nu mai are loc" in page.inner_text("#said")
    phone.at("vizita")  # the form stays, with what was typed
    page.reload()
    page.wait_for_selector("#screen[data-screen=azi]")
    phone.show(ref)
    assert "Vizită" not in page.inner_text("section:last-of-type")


def test_a_clock_that_is_a_year_off_is_said_at_the_head_until_it_is_right(phones):
    phone = phones().begin()
    phone.open_case("1964", "F")
    assert phone.send() == SENT

    def a_year_later(route):
        answer = route.fetch()
        said = answer.json()
        year, rest = said["today"].split("-", 1)
        route.fulfill(response=answer, json={**said, "today": f"{int(year) + 1}-{rest}"})

    phone.context.route(EXCHANGE, a_year_later)
    warned = phone.send()
    assert "potriviți ceasul" in warned
    assert warned.endswith(SENT)
    phone.context.unroute(EXCHANGE)
    assert phone.send() == SENT
