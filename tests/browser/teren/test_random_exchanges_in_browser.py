"""A thousand random exchanges of three telephones with the server, cut at every step, come to what a simple model says.

The telephones are the client's own stores and exchange in a browser, the server is the ledger's exchange on a database.
"""

from __future__ import annotations

import json

import pytest

from cases.record import exchange
from referrals.ledger.ledger import open_ledger
from tests.cases.exchange.test_exchange_model import CASES, VALUES, Model
from tests.worlds.homes.case_world import COUNSELLOR, NURSE, TODAY, WORKER, Phone, opening
from tests.worlds.homes.ledger_world import Clock

pytestmark = pytest.mark.browser
MEMBERS = {member.account: member for member in (WORKER, NURSE, COUNSELLOR)}
# Where an exchange is cut: before it leaves, as the server fails, on the way back, in the middle of the answer, by a power cut
# while it is written down, by a full disk for what others did. What is left over goes whole.
CUTS = ["leaves", "fails", "back", "middle", "power", "full"]
RUN = """async ([seed, turns, cases, values, accounts, today, cuts]) => {
  const kept = await import('/secret_store.js'), { exchange, changeKey } = await import('/exchange.js'), { newId } = await import('/record.js');
  for (const { name } of await indexedDB.databases()) await new Promise((done) => { const gone = indexedDB.deleteDatabase(name); gone.onsuccess = gone.onblocked = done; });
  let state = seed;
  const lot = () => { state = (state + 0x6D2B79F5) | 0; let t = Math.imul(state ^ (state >>> 15), 1 | state); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32; };
  const of = (list) => list[Math.floor(lot() * list.length)];
  const put = IDBObjectStore.prototype.put;
  const count = {};
  const telephones = [];
  for (const account of accounts) {
    const store = await kept.makeBox(account, 'words', { rounds: 10 });
    await store.put('meta', 'device', { id: newId('D'), no: 0, since: 0 });
    telephones.push({ account, store });
  }
  const work = async ({ store }) => {
    const device = await store.get('meta', 'device'), ref = of(cases), base = (await store.get('facts', ref))?.version ?? 1;
    const names = Object.keys(values), kind = of(['visit.add', 'note.add', 'case.set', 'case.set', 'case.set']);
    const body = kind === 'visit.add' ? { visit_id: newId('V'), members: ['social'], on_day: today } : kind === 'note.add' ? { note_id: newId('N'), on_day: today, text: 'x' }
      : Object.fromEntries([of(names), of(names)].map((name) => [name, of(values[name])]));
    const change = { change_id: newId('K'), device_no: device.no + 1, kind, case_ref: ref, household_id: '', base: kind === 'case.set' ? base : null, body, at: '2026-03-02T08:00:00+00:00', state: 'new' };
    await store.write([['changes', changeKey(change), change], ['meta', 'device', { ...device, no: device.no + 1 }]]);
    await window.made(change.change_id);
  };
  const send = async ({ account, store }, cut) => {
    const fetching = async (_address, { body }) => {
      if (cut === 'leaves') throw new TypeError('no network');
      if (cut === 'fails') return { type: 'basic', ok: false, status: 503, json: async () => ({ error: 'busy' }) };
      const text = await window.answers(account, body);
      if (cut === 'back') throw new TypeError('no network');
      return { type: 'basic', ok: true, status: 200, json: async () => JSON.parse(cut === 'middle' ? text.slice(0, text.length / 2) : text) };
    };
    let left = Math.floor(lot() * 6), isFull = true;
    if (cut === 'power' || cut === 'full') IDBObjectStore.prototype.put = function (...given) {
      if (cut === 'power' && left-- <= 0) throw new DOMException('gone', 'AbortError');
      if (cut === 'full' && isFull && this.name === 'facts' && left-- <= 0) { isFull = lot() < 0.3; throw new DOMException('full', 'QuotaExceededError'); }
      return put.apply(this, given);
    };
    try { return await exchange(store, { box: account, token: 'x', shell: 's', fetching }); }
    catch (error) { count[cut] = (count[cut] ?? 0) + 1; return { more: false }; }
    finally { IDBObjectStore.prototype.put = put; }
  };
  for (let turn = 0; turn < turns; turn += 1) {
    const one = of(telephones);
    for (let n = Math.floor(lot() * 3); n > 0; n -= 1) await work(one);
    await send(one, lot() < 0.5 ? '' : of(cuts));
    if (lot() < 0.02) {  // closed, and opened again
      one.store.close();
      one.store = await kept.openBox('words', one.account);
    }
  }
  for (const one of [...telephones, ...telephones]) while ((await send(one, '')).more);
  const found = [];
  for (const { store } of telephones) found.push({ facts: Object.fromEntries(await store.all('facts')), left: await store.all('changes') });
  for (const { store } of telephones) store.close();
  return { found, count };
}"""


@pytest.fixture
def server(sqlite_url):
    """A ledger with the three cases, and the model of it."""
    ledger = open_ledger(sqlite_url, clock=Clock())
    first, model = Phone(99), Model()
    said = first.message(*(opening(first, ref) for ref in CASES))
    model.values = {
        (case["case_ref"], name): case[name] for case in exchange(ledger, said, actor=WORKER).cases for name in VALUES
    }
    yield ledger, model
    ledger.close()


@pytest.mark.parametrize(
    ("seed", "turns"),
    [(1, 150), *(pytest.param(seed, 1000, marks=pytest.mark.exhaustive) for seed in (1, 2, 3))],
)
def test_exchanges_that_are_cut_anywhere_lose_double_and_overwrite_nothing(client_page, server, seed, turns):
    ledger, model = server
    made, results = [], set()

    def answers(account, text):
        said = json.loads(text)
        answer = exchange(ledger, said, actor=MEMBERS[account]).as_json()
        for change in said["changes"]:
            model.take(said["device"], change)
        results.update(each["result"] for each in answer["results"])
        return json.dumps(answer)

    def note(change_id):  # the browser takes no method that is built in
        made.append(change_id)

    page = client_page.context.new_page()
    page.goto(client_page.url)
    page.expose_function("answers", answers)
    page.expose_function("made", note)
    told = page.evaluate(RUN, [seed, turns, CASES, VALUES, list(MEMBERS), TODAY, CUTS])
    page.close()
    assert set(told["count"]) == set(CUTS), "every cut came"
    assert results == {"applied", "repeated", "conflict"}
    assert [each["left"] for each in told["found"]] == [[], [], []], "everything was sent"
    assert set(made) == model.seen, "nothing is lost"
    assert len(made) == len(set(made)) > turns / 2
    for each in told["found"]:
        facts = each["facts"]
        assert {(ref, name): facts[ref][name] for ref in CASES for name in VALUES} == model.values
        assert {ref: facts[ref]["version"] for ref in CASES} == model.version
        added = [
            row.get("visit_id") or row["note_id"] for ref in CASES for row in facts[ref]["visits"] + facts[ref]["notes"]
        ]
        assert sorted(added) == sorted(model.added), "once each"
        conflicts = [(ref, row["field"], row["kept"], row["other"]) for ref in CASES for row in facts[ref]["conflicts"]]
        assert sorted(conflicts) == sorted(model.conflicts), "both values are kept"
    assert len(model.conflicts) > turns / 50, "the dice made two telephones meet"
