"""How long a first assessment and a visit take on the page of the field: `python -m bench.cases.bench_field_taps`.

A hand opens a case, assesses, plans and writes a visit down on a telephone of 360×740; its taps, letters and waits are
counted, not guessed. What a person needs beside them is assumed, and said: a tap with finding what to tap, a letter, a
question asked aloud word by word, and the time until the answer comes. Then the same page with the processor slowed
sixfold: unlocking, opening a case, saving a visit, a start without network; and the first visit at 400 kbit/s.
Ends with 1 where the time of an assessment or of a visit is missed.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.http import session
from bench.screens.browsing import SLOW_3G, chromium, served
from bench.walk.hand import PHONE, Hand, Walked
from tests.worlds.homes import small_world

TAP_S, LETTER_S, WORDS_A_MINUTE, ANSWER_S = 5.0, 0.5, 130, 5.0  # assumed
MOST_ASSESSMENT_S, MOST_VISIT_S = 15 * 60, 20
SLOWER, TIMES = 6, 5  # of times the best: others use the processors as well
WAIT_MS = 60_000
# The next question of the group without an answer: its name, whether it is typed, and the words that are said aloud.
NEXT = """() => {
  const open = [...document.querySelectorAll('#screen fieldset[data-name]')].find((each) =>
    !each.querySelector('details') && !each.querySelector(':checked') && !each.querySelector('.typed')?.value);
  if (!open) return null;
  return [open.dataset.name, Boolean(open.querySelector('.typed')), open.innerText.split(/\\s+/).length];
}"""
# What else stands to be read before going on: heads and hints of a screen without questions.
WORDS = "() => document.querySelector('#screen').innerText.split(/\\s+/).length"
WISHES = "() => document.querySelector('#screen fieldset legend')?.innerText.split(/\\s+/).length ?? 0"


@dataclass
class Person:
    """Whom the hand meets: what is typed and which choices are not the first ones."""

    name: str
    born: str
    told: dict[str, str] = field(default_factory=dict)


MANY = {"h_people": "6", "h_rooms": "1", "h_enough": "hungry", "care": "separation", "safe": "violence"}
PEOPLE = (
    Person("a woman of 82, alone", "1944", {"h_people": "1", "h_rooms": "1", "id_card": "no"}),
    Person("a child of 10 with many findings", "2016", MANY),
    Person("a girl of 15", "2010-05", {"h_people": "5", "h_rooms": "2", "id_card": "no", "safe": "violence"}),
)


@dataclass
class Timed:
    """A task with what it took and what it is taken to take."""

    walked: Walked
    questions: int = 0
    words: int = 0

    @property
    def seconds(self) -> float:
        """Return the whole: taps, letters, words aloud, answers, and waits as they were."""
        walked = self.walked
        said = self.words * 60 / WORDS_A_MINUTE + self.questions * ANSWER_S
        return walked.taps * TAP_S + walked.letters * LETTER_S + said + sum(walked.waits)


def main() -> None:
    """Print both tables; SystemExit where a goal is missed."""
    with tempfile.TemporaryDirectory(prefix="harta-taps-") as folder:
        home = small_world.make_world(Path(folder) / "home")
        with served(home) as base, chromium() as browser:
            walks = [walk(browser, base, home, person) for person in PEOPLE]
            print("| task | taps | letters | questions | words aloud | waits, s | time | goal |")
            print("|---|--:|--:|--:|--:|--:|--:|---|")
            for assessment, visit in walks:
                say(assessment, MOST_ASSESSMENT_S)
                say(visit, MOST_VISIT_S)
            slowed(browser, base, home)
    if any(a.seconds > MOST_ASSESSMENT_S or v.seconds > MOST_VISIT_S for a, v in walks):
        raise SystemExit("an assessment or a visit takes longer than it may")


def say(timed: Timed, goal: float) -> None:
    """Print one task."""
    walked = timed.walked
    minutes = f"{timed.seconds / 60:.1f} min" if goal > 60 else f"{timed.seconds:.0f} s"
    most = f"≤ {goal / 60:.0f} min" if goal > 60 else f"≤ {goal:.0f} s"
    print(
        f"| {walked.task} | {walked.taps} | {walked.letters} | {timed.questions} | {timed.words} "
        f"| {sum(walked.waits):.1f} | {minutes} | {most} |"
    )


def opened(browser: Any, base: str, home: Any) -> tuple[Any, str]:
    """Open the page for the first time as a team member; gives it with its phrase."""
    context = browser.new_context(viewport=PHONE, locale="ro-RO")
    sealed = session.demo_cookie(home, "team", county="BC", uat_siruta=24089)
    context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{base}/teren/")
    words = page.inner_text(".passphrase")
    page.fill("[name=typed]", words)
    page.click("button.main")
    page.wait_for_selector("#screen[data-screen=azi] h1")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page, words


def walk(browser: Any, base: str, home: Any, person: Person) -> tuple[Timed, Timed]:
    """Open a case of a person, assess, plan, and write a visit down."""
    page, _words = opened(browser, base, home)
    assessment = Timed(Walked(f"first assessment: {person.name}"))
    hand = Hand(page, base, assessment.walked)
    hand.tap("#screen button.main", "#screen[data-screen=deschide] h1")
    hand.write("[name=born]", person.born)
    hand.tick("[name=sex][value=F]")
    hand.tap("#screen button.main", "#screen[data-screen=caz] h1")
    hand.tap("#screen button.main", "#screen[data-screen=evaluare] h1")
    while not page.locator("#screen[data-screen=gasit]").count():
        answer_group(hand, assessment, person)
    assessment.words += page.evaluate(WORDS)
    hand.tap("#screen .acts button.main", "#screen[data-screen=plan] h1")
    page.locator(".action input[name=action]").first.check()
    page.check("[name=how][value=said]")
    page.click("#screen .acts button.main")
    page.wait_for_selector("#screen[data-screen=caz] h1")
    visit = Timed(Walked(f"visit: {person.name}"))
    hand = Hand(page, base, visit.walked)
    hand.tap("#screen .acts button", "#screen[data-screen=vizita] h1")
    hand.tick("input[name=items]")
    hand.tap("#screen button.main", "#screen[data-screen=caz] h1")
    page.context.close()
    return assessment, visit


def answer_group(hand: Hand, timed: Timed, person: Person) -> None:
    """Ask every question of the group that is shown, and go on to what comes then."""
    page, head = hand.page, hand.page.inner_text("#screen h1")
    if page.locator("[data-on='click:proceed']").count():
        timed.words += page.evaluate(WORDS)
        going = "[data-on='click:proceed']"
    else:
        while (found := page.evaluate(NEXT)) is not None:
            name, is_typed, words = found
            timed.questions += 1
            timed.words += words
            if is_typed:
                hand.write(f"#screen [name={name}]", person.told.get(name, "3"))
                page.keyboard.press("Tab")
            else:
                value = person.told.get(name)
                hand.tick(f"#screen [name={name}]" + (f"[value={value}]" if value else ""))
            page.wait_for_timeout(60)
        if page.locator("#screen details [name=wish]").count():
            timed.questions += 1
            timed.words += page.evaluate(WISHES)
        going = "form .acts button.main"
    start = time.perf_counter()
    hand.tap(going)
    page.wait_for_function("(head) => document.querySelector('#screen h1')?.textContent !== head", arg=head)
    hand.walked.waits.append(time.perf_counter() - start)


def slowed(browser: Any, base: str, home: Any) -> None:
    """Print what the page takes where processor or network are slow."""
    page, words = opened(browser, base, home)
    page.click("#screen button.main")
    page.fill("[name=born]", "1950")
    page.check("[name=sex][value=F]")
    page.click("#screen button.main")
    page.wait_for_selector("#screen[data-screen=caz] h1")
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.context.set_offline(True)
    print(f"\n| processor slowed {SLOWER} times, or network of 400 kbit/s | ms | goal |")
    print("|---|--:|--:|")
    page.click("#lock")
    page.wait_for_selector("[name=passphrase]")
    page.fill("[name=passphrase]", words)
    row("unlock", 2_000, until(page, "#screen button.main", "azi"))
    page.click("nav [data-go=oameni]")
    row("open a case", 200, until(page, "article.person button", "caz"))
    saved, begun = [], []
    for _time in range(TIMES):
        page.click("#screen .acts button >> nth=0")
        saved.append(until(page, "#screen button.main", "caz"))
    row("save a visit", 100, min(saved))
    for _time in range(TIMES):
        began = time.perf_counter()
        page.goto(f"{base}/teren/", wait_until="commit")
        page.wait_for_selector("[name=passphrase], #screen[data-screen=azi] h1")
        begun.append(time.perf_counter() - began)
    row("start without network", 1_500, min(begun))
    page.context.close()
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    began = time.perf_counter()
    page.goto(f"{base}/teren/", timeout=WAIT_MS)
    page.wait_for_selector("#screen h1", timeout=WAIT_MS)
    row("first visit, 400 kbit/s and 400 ms", 5_000, time.perf_counter() - began)
    context.close()


def until(page: Any, press: str, screen: str) -> float:
    """Press, and give how long the next screen takes to be there, by the clock of the page."""
    page.wait_for_selector(press)
    found = page.evaluate(
        """([press, screen]) => new Promise((done) => {
          const place = document.getElementById('screen');
          const began = performance.now();
          const isThere = () => place.dataset.screen === screen && place.querySelector('h1');
          const see = () => isThere() && requestAnimationFrame(() => done(performance.now() - began));
          new MutationObserver(see).observe(place, { attributes: true, childList: true });
          document.querySelector(press).click();
        })""",
        [press, screen],
    )
    return float(found) / 1000


def row(name: str, goal: int, seconds: float) -> None:
    """Print one time beside its goal."""
    print(f"| {name} | {1000 * seconds:,.0f} | {goal:,} |")


if __name__ == "__main__":
    main()
