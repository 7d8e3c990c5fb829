"""A telephone of a team member: a browser of its own on the page of the field, with what a thumb does there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.http import session
from tests.browser.screens import PHONE

COUNTY, COMMUNITY = "BC", 24089
SENT = "Totul este trimis"
# Answers every question of the group by its first choice, or as told; a question may bring another with it.
ANSWER = """async (told) => {
  for (let n = 0; n < 60; n += 1) {
    const open = [...document.querySelectorAll('fieldset.choices[data-name]')].find((each) => !each.querySelector('details')
      && !each.querySelector(':checked') && !each.querySelector('.typed')?.value);
    if (!open) return;
    const name = open.dataset.name, typed = open.querySelector('.typed');
    if (typed) {
      typed.value = told[name] ?? '3';
      typed.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      const boxes = [...open.querySelectorAll('input')];
      for (const value of (told[name] ?? boxes[0].value).split(' ')) boxes.find((box) => box.value === value).click();
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}"""
# All that a browser keeps of this page, as text.
DUMP = """async () => {
  const read = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const flat = (value) => value instanceof Uint8Array ? new TextDecoder('latin1').decode(value)
    : value && typeof value === 'object' ? Object.entries(value).map(([k, v]) => k + ' ' + flat(v)).join() : String(value);
  let said = flat({ ...localStorage }) + flat({ ...sessionStorage }) + location.href + document.title + JSON.stringify(history.state);
  for (const { name } of await indexedDB.databases()) {
    const db = await read(indexedDB.open(name));
    for (const place of db.objectStoreNames) {
      const rows = db.transaction(place).objectStore(place);
      said += name + place + flat(await read(rows.getAllKeys())) + flat(await read(rows.getAll()));
    }
    db.close();
  }
  for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) said += ' ' + request.url;
  return said;
}"""

# From now on nothing is written to some of the stores, as where the disk is full; rows that lie there may be deleted.
FULL = """(stores) => {
  const put = window.hadPut = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (stores.includes(this.name)) throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
}"""


@dataclass
class Phone:
    """A browser context signed in as a team member."""

    browser: Any
    base: str
    home: Any
    cookie: str = ""  # of a session; "" = a role of the demonstration
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        size = {"width": PHONE[0], "height": PHONE[1]}
        self.context = self.browser.new_context(viewport=size, locale="ro-RO", timezone_id="Europe/Bucharest")
        self.open_page()

    def open_page(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self, uat: int = COMMUNITY) -> None:
        sealed = self.cookie or session.demo_cookie(self.home, "team", county=COUNTY, uat_siruta=uat)
        self.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": self.base}])

    def begin(self, language: str = "") -> Phone:
        """Open the page for the first time: the phrase is shown, tried, and the page is there."""
        self.sign_in()
        self.page.goto(f"{self.base}/teren/{language}")
        return self.try_phrase()

    def try_phrase(self) -> Phone:
        """Copy the phrase that is shown."""
        self.words = self.page.inner_text(".passphrase")
        self.page.fill("[name=typed]", self.words)
        self.page.click("button.main")
        self.at("azi")
        # Kept for a day without network once the service worker has the page.
        self.page.wait_for_function("() => navigator.serviceWorker.controller")
        return self

    def wait_for_all(self) -> None:
        """Wait until also what comes after the page is kept."""
        self.page.wait_for_function(
            """async () => (await Promise.all(['list_reading.js', 'screens_import.js'].map((name) =>
              caches.match(document.querySelector('script[type=module]').src.replace('main.js', name))))).every(Boolean)"""
        )

    def at(self, screen: str) -> None:
        self.page.wait_for_selector(f"#screen[data-screen={screen}] h1")

    def go(self, screen: str) -> None:
        self.page.click(f"nav [data-go={screen}]")
        self.at(screen)

    def unlock(self, words: str = "") -> None:
        self.page.wait_for_selector("[name=passphrase]")
        self.page.fill("[name=passphrase]", words or self.words)
        self.page.click("#screen button.main")
        self.at("azi")

    def open_case(self, born: str = "1944", sex: str = "F", *, note: str = "") -> str:
        self.go("azi")
        self.page.click("#screen button.main")
        self.at("deschide")
        self.page.fill("[name=born]", born)
        self.page.check(f"[name=sex][value={sex}]")
        self.page.fill("[name=note]", note)
        self.page.click("#screen button.main")
        self.at("caz")
        return self.page.inner_text("h1")

    def show(self, ref: str) -> None:
        self.go("oameni")
        self.page.click(f"button:text-is('{ref}')")
        self.at("caz")

    def assess(self, **told: str) -> None:
        """Answer the groups from the case's screen to what was found."""
        self.page.click("#screen button.main")
        self.at("evaluare")
        for _group in range(15):
            if self.page.locator("#screen[data-screen=gasit]").count():
                break
            head = self.page.inner_text("h1")
            if self.page.locator("[data-on='click:proceed']").count():
                self.page.click("[data-on='click:proceed']")
            else:
                self.page.evaluate(ANSWER, told)
                self.page.click("form .acts button.main")
            self.page.wait_for_function("(head) => document.querySelector('h1')?.textContent !== head", arg=head)
        self.at("gasit")

    def finish_assessment(self) -> None:
        self.page.click("#screen .acts button.main")
        self.at("plan")

    def plan(self) -> None:
        """Take the first action, and the person's word for it."""
        self.page.locator(".action input[name=action]").first.check()
        self.page.check("[name=how][value=said]")
        self.page.click("#screen .acts button.main")
        self.at("caz")

    def visit(self, *, done: bool = False) -> None:
        self.page.click("#screen .acts button >> nth=0")
        self.at("vizita")
        self.page.locator(f"input[name={'done' if done else 'items'}]").first.check()
        self.page.click("#screen button.main")
        self.at("caz")

    def close_case(self) -> None:
        self.page.click("#screen .acts >> nth=1 >> button >> nth=2")
        self.at("inchidere")
        self.page.check("[name=outcome][value=partly_met]")
        for name in ("items_reason", "reason"):
            if self.page.locator(f"[name={name}]").count():
                self.page.fill(f"[name={name}]", "s-a mutat la fiica sa")
        self.page.click("#screen .acts button.main")
        self.at("caz")

    def send(self) -> str:
        """Send now, and return what the head says then."""
        self.go("trimitere")
        self.page.evaluate("() => document.getElementById('said').replaceChildren()")
        self.page.click("#screen button.main")
        self.page.wait_for_selector("#said p")
        return self.page.inner_text("#sync")

    def forget(self) -> None:
        """Be unlocked by somebody who is not signed in, when the server has not seen the telephone for 31 days."""
        self.context.clear_cookies()
        self.page.evaluate(
            """async () => {
              const { app, send } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
              await send({ loud: true });  // after one that is on its way
              await app.store.put('meta', 'seen', Date.now() - 31 * 86_400_000);
            }"""
        )
        self.page.click("#lock")
        self.page.wait_for_selector("[name=passphrase]")
        self.page.fill("[name=passphrase]", self.words)
        self.page.click("#screen button.main")
        self.page.wait_for_selector("text=/s-a blocat|has locked/")

    def keep_copy(self, path: Any) -> Any:
        """Keep a copy of what is not sent yet, as a file."""
        self.go("trimitere")
        with self.page.expect_download() as given:
            self.page.click("#screen section:last-of-type button")
        given.value.save_as(path)
        return path

    def bring_copy(self, path: Any, words: str) -> str:
        """Bring a copy, and return what is said of it."""
        self.go("trimitere")
        self.page.click("#screen summary")
        self.page.set_input_files("[name=file]", path)
        self.page.fill("[name=phrase]", words)
        self.page.click("#screen details button")
        self.page.wait_for_selector("#said p")
        return self.page.inner_text("#said")

    def view(self) -> dict[str, Any]:
        """What the record of this phone holds, by table and key, of what both sides work out."""
        return self.page.evaluate(
            """async () => {
              const { app } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
              const kept = { cases: ['level', 'born', 'sex', 'closed_on', 'outcome', 'household_id', 'note'], assessments: ['on_day', 'kind'],
                findings: ['code', 'level', 'ended_on'], case_needs: ['need', 'priority', 'declined', 'ended_on'], plans: ['state', 'goal', 'review_on'],
                plan_items: ['action', 'state', 'due_on', 'member'], visits: ['on_day', 'minutes', 'next_on'] };
              const found = {};
              for (const [table, fields] of Object.entries(kept)) for (const [key, row] of app.record.tables[table])
                found[`${table} ${key}`] = fields.map((name) => row[name] ?? '').join(' | ');
              return found;
            }"""
        )

    def close(self) -> None:
        self.context.close()
