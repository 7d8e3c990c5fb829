"""What a phone keeps: sealed by known algorithms, unreadable when dumped, one box an account, nothing lost by another's sign-in."""

from __future__ import annotations

import hashlib

import pytest

pytestmark = pytest.mark.browser

# RFC 7914, section 11, and the test cases 15 and 16 of NIST's submission for AES-256 in Galois/Counter mode.
PBKDF2 = (
    ("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"),
    ("Password", "NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"),
)  # fmt: skip
GCM_KEY = "feffe9928665731c6d6a8f9467308308" * 2
GCM_IV = "cafebabefacedbaddecaf888"
GCM_TEXT = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
GCM = (
    (GCM_TEXT, "", "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad", "b094dac5d93471bdec1a502270e3cc6c"),
    (GCM_TEXT[:-8], "feedfacedeadbeeffeedfacedeadbeefabaddad2", "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662", "76fc6ece0f4e1768cddf8853bb2d551b"),
)  # fmt: skip
HEX = """() => {
  window.fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  window.toHex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}
"""
CODE, NEED = "C-ABCDE-23456", "domestic-violence"
WORDS = "babad dabab fabab gabab"


@pytest.fixture
def store(client_page):
    """The modules, and a phone on which nothing is kept yet; few rounds, as most tests are not about them."""
    client_page.evaluate(
        """async () => {
          for (const { name } of await indexedDB.databases()) await new Promise((done) => {
            const gone = indexedDB.deleteDatabase(name); gone.onsuccess = gone.onblocked = done; });
          const [sealing, kept] = [await import("/sealing.js"), await import("/secret_store.js")];
          window.sealing = sealing; window.kept = kept;
          window.made = (account, words) => kept.makeBox(account, words, { rounds: 10 });
          window.failed = (promise) => promise.then(() => "", (error) => error.constructor.name);
        }"""
    )
    client_page.evaluate(HEX)
    return client_page


@pytest.mark.parametrize(("passphrase", "salt", "rounds", "expected"), PBKDF2)
def test_a_key_is_derived_as_the_standard_says(store, passphrase, salt, rounds, expected):
    assert hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt.encode(), rounds, 64).hex() == expected
    found = store.evaluate(
        "async ([p, s, n]) => toHex(await sealing.derive(p, new TextEncoder().encode(s), n, 512))",
        [passphrase, salt, rounds],
    )
    assert found == expected


@pytest.mark.parametrize(("text", "bound", "sealed", "tag"), GCM)
def test_a_record_is_sealed_as_the_standard_says(store, text, bound, sealed, tag):
    given = [GCM_KEY, GCM_IV, text, bound]
    code = """async ([key, iv, text, bound]) => toHex(await sealing.encrypt(
        await sealing.aesKey(fromHex(key)), fromHex(iv), fromHex(text), fromHex(bound)))"""
    assert store.evaluate(code, given) == sealed + tag
    back = code.replace("encrypt", "decrypt")
    assert store.evaluate(back, [GCM_KEY, GCM_IV, sealed + tag, bound]) == text
    broken = f"{int(sealed[:2], 16) ^ 1:02x}{sealed[2:]}"
    assert (
        store.evaluate(f"(given) => failed(({back})(given))", [GCM_KEY, GCM_IV, broken + tag, bound]) == "DOMException"
    )


def test_what_is_kept_cannot_be_read_without_the_passphrase(store):
    dumped = store.evaluate(
        """async ([words, code, need]) => {
          const box = await made("U-CANARY", words);
          await box.write([["facts", `cases ${code}`, { case_ref: code, note: "secret words", need }],
                           ["changes", "1", { body: { answers: { safe: "violence" } } }]]);
          const read = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
          const all = [];
          for (const { name } of await indexedDB.databases()) {
            const db = await read(indexedDB.open(name));
            for (const place of db.objectStoreNames) {
              const rows = db.transaction(place).objectStore(place);
              all.push(name, place, await read(rows.getAllKeys()), await read(rows.getAll()));
            }
            db.close();
          }
          box.close();
          const flat = (value) => (value instanceof Uint8Array ? new TextDecoder("latin1").decode(value)
            : typeof value === "object" ? Object.entries(value).map(([k, v]) => k + flat(v)).join() : String(value));
          return flat(all) + JSON.stringify({ ...localStorage, ...sessionStorage });
        }""",
        [WORDS, CODE, NEED],
    )
    assert "boxes" in dumped
    assert "rounds" in dumped  # the dump does reach what is stored
    for canary in ("CANARY", CODE, NEED, "violence", "secret", "answers", "case_ref", "babad"):
        assert canary not in dumped


def test_a_wrong_passphrase_opens_nothing_and_ten_of_them_lock_until_a_sign_in(store):
    found = store.evaluate(
        """async (words) => {
          (await made("U-A", words)).close();
          const tried = [await failed(kept.openBox("BABAD-dabab, Fabab  gabab").then((box) => box.close()))];
          for (let n = 0; n < 10; n += 1) tried.push(await failed(kept.openBox("babad dabab")));
          tried.push(await failed(kept.openBox(words)));
          await kept.allowAgain("U-A");
          tried.push(await failed(kept.openBox(words).then((box) => box.close())));
          return tried;
        }""",
        WORDS,
    )
    assert found == ["", *["WrongPassphraseError"] * 10, "BoxLockedError", ""]


def test_unsent_work_survives_another_persons_sign_in(store):
    found = store.evaluate(
        """async () => {
          const first = await made("U-A", "first words"), change = { kind: "visit" };
          await first.put("changes", "1", change);
          first.close();
          const second = await made("U-B", "second words");
          await second.put("changes", "1", { kind: "case" });
          const seen = await second.all("changes");
          second.close();
          const wrong = await failed(kept.openBox("first words", "U-B"));
          const again = await kept.openBox("first words"), left = await again.all("changes"), whose = await again.get("meta", "account");
          again.close();
          return { seen, wrong, left, whose, twice: await failed(made("U-A", "other words")) };
        }"""
    )
    assert found == {
        "seen": [["1", {"kind": "case"}]], "wrong": "WrongPassphraseError", "left": [["1", {"kind": "visit"}]],
        "whose": "U-A", "twice": "Error",
    }  # fmt: skip


def test_a_writing_is_whole_or_not_at_all_and_a_full_phone_says_so(store):
    found = store.evaluate(
        """async () => {
          const box = await made("U-A", "words");
          await box.put("facts", "a", 1);
          const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (value, key) {
            if (this.name === "changes") throw new DOMException("full", "QuotaExceededError");
            return put.call(this, value, key);
          };
          const said = await failed(box.write([["facts", "a", 2], ["facts", "b", 2], ["changes", "1", 2]]));
          IDBObjectStore.prototype.put = put;
          const left = await box.all("facts");
          await box.write([["facts", "a", undefined], ["facts", "b", 3]]);
          const after = [await box.all("facts"), await box.get("facts", "a")];
          box.close();
          return [said, left, after];
        }"""
    )
    assert found == ["NoRoomError", [["a", 1]], [[["b", 3]], None]]


def test_a_record_cannot_stand_in_the_place_of_another(store):
    found = store.evaluate(
        """async () => {
          const box = await made("U-A", "words");
          await box.write([["facts", "a", 1], ["facts", "b", 2]]);
          const names = await new Promise((done) => { const asked = box.db.transaction("facts").objectStore("facts").getAllKeys(); asked.onsuccess = () => done(asked.result); });
          const rows = await new Promise((done) => { const asked = box.db.transaction("facts").objectStore("facts").getAll(); asked.onsuccess = () => done(asked.result); });
          await new Promise((done) => { const t = box.db.transaction("facts", "readwrite"); t.objectStore("facts").put(rows[0], names[1]); t.oncomplete = done; });
          const said = await failed(box.all("facts"));
          box.close();
          return said;
        }"""
    )
    assert found == "DOMException"


def test_a_copy_of_unsent_work_opens_with_its_passphrase_alone(store):
    found = store.evaluate(
        """async (words) => {
          const box = await made("U-A", words);
          await box.write([["changes", "1", { kind: "visit" }], ["changes", "2", { kind: "case" }], ["facts", "x", 1]]);
          const copy = JSON.parse(JSON.stringify(await box.copy()));
          box.close();
          return [await kept.readCopy(copy, words), await failed(kept.readCopy(copy, "other words")), JSON.stringify(copy).includes("visit")];
        }""",
        WORDS,
    )
    assert sorted(each["kind"] for each in found[0]) == ["case", "visit"]
    assert found[1:] == ["WrongPassphraseError", False]


def test_a_passphrase_offered_has_64_bits_and_the_rounds_are_as_promised(store):
    words = store.evaluate("() => Array.from({ length: 200 }, sealing.newPassphrase)")
    assert len(set(words)) == 200
    assert all(len(said) == 23 and said.count(" ") == 3 for said in words)
    assert {sign for said in words for sign in said} == set("bdfghjklmnprstvz" + "aiou" + " ")
    assert store.evaluate("() => sealing.ROUNDS") == 600_000
