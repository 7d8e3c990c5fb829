"""A walk past every screen of the page of the field, each in the states that look different, on one telephone.

What other telephones and a county unit would send is put into the record as an exchange does it; the rest is done by hand.
"""

from __future__ import annotations

from collections.abc import Callable

from api.http import session
from tests.browser.teren.phone import ANSWER, COUNTY, Phone

# Names of what a walk has to pass: each module's screens, and the states of the lock.
SCREENS = {
    "azi", "oameni", "deschide", "gospodarie", "caz", "neterminat", "ajutat", "indreptare", "constatare", "evaluare", "gasit", "plan", "vizita",
    "inchidere", "trimitere", "hartii", "hartie", "campanii", "campanie_noua", "campanie", "trecere", "lista", "perechi", "lock",
}  # fmt: skip
NOTE, GOAL = '<b>lives with {n} "others"</b> <img src=x onerror=alert(1)>', "=1+1 {day} <i>goal</i>"
_APP = "const { app, go, screens } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));"
# What comes from the server: two values for some fields, something refused, remarks, an opening by the county unit.
_TOLD = f"""async (ref) => {{ {_APP}
  const row = {{ case_ref: ref, household_id: '', state: 'open' }}, item = app.record.items(ref)[0];
  [['note', 'one <b>x</b>', ''], ['born', '1950', '1951-02'], ['level_said', 'urgent', ''], ['sex', 'F', 'M'], ['due_on', '2026-12-01', '2027-01-10'], ['declined', true, false], ['locality_siruta', null, 24098],
   ['member', 'social', 'medical'], ['people_65', 0, 2]].forEach(([field, kept, other], n) => app.record.put('case_conflicts', {{ ...row, conflict_id: `X-2222${{n}}-22222.0`, field, kept, other }}));
  app.record.put('case_conflicts', {{ ...row, conflict_id: 'X-33333-33333.0', place: 'plan_items', row_key: item.item_id, field: 'due_on', kept: '2026-12-01', other: '' }});
  app.record.put('case_conflicts', {{ ...row, conflict_id: 'X-33333-33334.0', place: 'case_changes', row_key: 'K-33333-33334', field: 'item.done', kept: null, other: 'item.done' }});
  app.changes.push({{ change_id: 'K-22222-22222', device_no: 999999, kind: 'visit.add', case_ref: ref, household_id: '', base: null, at: new Date().toISOString(), state: 'refused',
    reason: 'The case is closed.', body: {{ on_day: '2026-12-01', note: 'was at home' }} }});
  app.record.put('supervised', {{ remark_id: 'R-22222-22222', case_ref: ref, remark: 'See <i>whether</i> {{n}}', asks: true, due_on: '2026-11-30', state: 'open' }});
  app.record.put('supervised', {{ remark_id: 'R-22222-22224', case_ref: '', remark: 'Put <u>hours</u> {{n}} up', asks: true, due_on: '2026-11-30', state: 'open' }});
  app.record.put('supervised', {{ remark_id: 'R-22222-22223', case_ref: ref, remark: 'Well done', asks: false, due_on: '', state: 'done' }});
  app.record.put('plan_items', {{ ...item, item_id: 'I-22222-22222', state: 'done', done_on: '2026-11-01', result: 'unknown', referral_id: 'R-22222', referral_state: 'completed', need: 'no-income' }});
  app.record.put('plan_items', {{ ...item, item_id: 'I-22222-22223', state: 'planned', member: 'provider', referral_id: 'R-22223', referral_state: 'declined', due_on: '2026-11-01', need: 'no-income' }});
  app.record.set('cases', ref, {{ access: [{{ opened_at: '2026-11-30T10:00:00+00:00', reason: 'a complaint <u>came</u>' }}] }});
  return item.item_id;
}}"""


class FieldWalk:
    """Goes from screen to screen of a telephone and calls `look(name)` on each."""

    def __init__(self, phone: Phone, look: Callable[[str], None], language: str = "") -> None:
        self.phone, self.page, self.look, self.language = phone, phone.page, look, language
        self.seen: set[str] = set()

    def see(self, name: str) -> None:
        """Look at what is shown now."""
        self.page.wait_for_selector("#screen h1")
        self.seen.add(str(self.page.get_attribute("#screen", "data-screen")))
        self.look(name)

    def go(self, screen: str, **args: str) -> None:
        """Open a screen as a button of another does."""
        self.page.evaluate(f"async ([name, args]) => {{ {_APP} go(name, args); }}", [screen, args])
        self.page.wait_for_selector(f"#screen[data-screen={screen}] h1")

    def everything(self) -> None:
        """Pass every screen."""
        self.lock()
        self.empty()
        ref = self.case()
        self.told(ref)
        self.papers(ref)
        self.campaign()
        self.end(ref)
        self.lists()
        named = self.page.evaluate(f"async () => {{ {_APP} return Object.keys(screens); }}")
        assert {*named, "lock"} == SCREENS, "a screen that came has to be passed too"
        assert self.seen == SCREENS

    def lock(self) -> None:
        """Nobody signed in, no team, the first opening, a wrong phrase."""
        phone, page = self.phone, self.page
        address = f"{phone.base}/teren/{self.language}"
        page.goto(address)
        self.see("nobody signed in")
        county = session.demo_cookie(phone.home, "county", county=COUNTY)
        phone.context.add_cookies([{"name": session.COOKIE, "value": county, "url": phone.base}])
        page.goto(address)
        self.see("not of a team")
        phone.sign_in()
        page.goto(address)
        page.wait_for_selector(".passphrase")
        self.see("first opening")
        page.fill("[name=typed]", "babab")
        page.click("#screen button.main")
        page.wait_for_selector("#said .alert")
        self.see("first opening, another phrase")
        phone.try_phrase()
        page.wait_for_function("() => navigator.serviceWorker.controller")
        page.click("#lock")
        page.wait_for_selector("[name=passphrase]")
        self.see("unlock")
        page.fill("[name=passphrase]", "babab")
        page.click("#screen button.main")
        page.wait_for_selector("#screen .alert")
        self.see("unlock, another phrase")
        phone.unlock()
        phone.forget()
        self.see("locked, as the server has not seen it for long")
        phone.sign_in()
        page.reload()
        phone.unlock()

    def empty(self) -> None:
        """The lists while nothing is in them."""
        for screen in ("azi", "oameni", "trimitere"):
            self.phone.go(screen)
            self.see(f"{screen}, empty")

    def case(self) -> str:
        """Open, assess, plan and visit; gives the code."""
        phone, page = self.phone, self.page
        phone.wait_for_all()
        phone.context.set_offline(True)
        phone.go("azi")
        page.click("#screen button.main")
        phone.at("deschide")
        self.see("a new case")
        ref = phone.open_case("2011-05", "F", note=NOTE)
        self.see("case, noted")
        page.click("#screen button.main")
        phone.at("evaluare")
        told = {"safe": "violence", "h_enough": "hungry", "id_card": "no", "at_home": "adult", "mother": "none"}
        while not page.locator("#screen[data-screen=gasit]").count():
            head = page.inner_text("#screen h1")
            self.see(f"assessment, {head}")
            if page.locator("[data-on='click:proceed']").count():
                page.click("[data-on='click:proceed']")
            else:
                page.evaluate(ANSWER, told)
                if page.locator("details summary").count():
                    page.click("details summary >> nth=0")
                self.see(f"assessment, {head}, answered")
                page.click("form .acts button.main")
            page.wait_for_function("(head) => document.querySelector('#screen h1')?.textContent !== head", arg=head)
        phone.at("gasit")
        page.evaluate("() => document.querySelectorAll('#screen details').forEach((each) => { each.open = true; })")
        self.see("what was found, with its why")
        phone.finish_assessment()
        page.fill("[name=goal]", GOAL)
        page.locator(".action input[name=action]").first.check()
        page.click("#screen details summary >> nth=0")
        self.see("plan")
        phone.plan()
        page.click("#screen .acts button >> nth=0")
        phone.at("vizita")
        page.click("#screen details summary")
        self.see("visit")
        phone.show(ref)
        phone.visit()
        page.click("#screen section details summary")
        self.see("case, at work")
        phone.go("azi")
        self.see("azi, with work")
        phone.go("oameni")
        self.see("oameni, with one")
        page.fill("[name=words]", "C-ZZZZZ")
        self.see("oameni, nothing found")
        page.fill("[name=words]", "")
        return ref

    def told(self, ref: str) -> None:
        """What others sent: conflicts, a refusal, remarks; and the small forms of a case."""
        phone, page = self.phone, self.page
        item = page.evaluate(_TOLD, ref)
        phone.go("azi")
        self.see("azi, with tasks of all kinds")
        phone.show(ref)
        self.see("case, with remarks")
        phone.go("trimitere")
        page.click("#screen details summary")
        self.see("sending, with conflicts and a refusal")
        page.click("#screen button.main")
        page.wait_for_selector("#said .alert")
        self.see("sending, without network")
        for screen in ("neterminat", "ajutat"):
            self.go(screen, ref=ref, item=item)
            self.see(screen)
        self.go("constatare", ref=ref)
        page.select_option("[name=code]", index=1)
        page.fill("[name=word]", "0722 123 456")
        page.click("#screen button.main")
        self.see("a finding by hand, a telephone number")
        self.go("indreptare", ref=ref)
        self.see("indreptare")
        page.fill("[name=note]", "0722 123 456")
        page.click("#screen button.main")
        self.see("indreptare, a telephone number")
        home = page.evaluate(f"async (ref) => {{ {_APP} return app.record.get('cases', ref).household_id; }}", ref)
        self.go("gospodarie", id=home)
        self.see("household")
        draft = {"ref": ref, "kind": "full", "edition": "gone", "on_day": "2026-12-01", "answers": {}, "unknown": []}
        page.evaluate(f"async ([key, draft]) => {{ {_APP} await app.store.put('drafts', key, draft); }}", [f"assessment {ref}", draft])  # fmt: skip
        self.go("evaluare", ref=ref, kind="full")
        self.see("assessment, its questions are not here")
        self.go("caz", ref="C-22222-22222")
        self.see("case that is gone")

    def lists(self) -> None:
        """A list of the nurses' application: before a file, read, refused, and the sheet of pairs."""
        page = self.page
        self.phone.go("oameni")
        page.click("#screen p > button.link")
        self.phone.at("lista")
        self.see("list, no file")
        for name, text in (("a.csv", "Nume;CNP\nx;y\n"), ("b.csv", "ID;Data nașterii;Nume\n7;1956-03-04;x\n8;;y\n")):
            page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
            page.wait_for_selector("#said .alert" if name == "a.csv" else "#screen [aria-live] b")
            for fold in page.locator("#screen summary").all():
                fold.click()
            self.see(f"list {name}")
        page.click("#screen [aria-live] button.main")
        self.phone.at("perechi")
        self.see("pairs")

    def papers(self, ref: str) -> None:
        """The four papers."""
        self.go("hartii", ref=ref)
        self.see("papers")
        for paper in ("needs", "plan", "observation", "month"):
            self.go("hartie", ref=ref, paper=paper)
            self.see(f"paper {paper}")

    def campaign(self) -> None:
        """A campaign: begun, at a house, and with a house passed."""
        phone, page = self.phone, self.page
        self.go("campanii")
        self.see("campaigns, none")
        self.go("campanie_noua")
        self.see("a new campaign")
        page.locator("[name=kind]").first.check()
        page.click("#screen button.main")
        phone.at("campanie")
        self.see("campaign")
        page.click("#screen article.row button >> nth=0")
        phone.at("trecere")
        self.see("at a house")
        page.click("#screen button.main")
        phone.at("campanie")
        page.evaluate("() => document.querySelectorAll('#screen details').forEach((each) => { each.open = true; })")
        self.see("campaign, a house passed")
        self.go("campanii")
        self.see("campaigns, one")

    def end(self, ref: str) -> None:
        """Close the case."""
        phone, page = self.phone, self.page
        phone.show(ref)
        self.go("inchidere", ref=ref)
        self.see("closing")
        page.click("#screen .acts button.main")  # without how it ended
        phone.show(ref)
        phone.close_case()
        self.see("case, closed")
