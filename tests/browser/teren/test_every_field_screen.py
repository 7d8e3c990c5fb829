"""Every screen of the page of the field: axe in both themes, by keyboard alone, 360 px wide, English whole, counted as one counts."""

from __future__ import annotations

import json
import re

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from cases.instrument import read_instrument
from cases.instrument.instrument_editions import BUILT_IN
from core.resources import ROOT
from tests.browser.teren.field_walk import FieldWalk
from tests.browser.teren.phone import Phone
from tests.covering import repeats

pytestmark = pytest.mark.browser
# Text and names of everything that is shown, but for names of places and for what somebody wrote.
SAID = """() => {
  const shown = (each) => each.checkVisibility() && !each.closest('[lang=ro], noscript, [name=place], [name=locality], .passphrase');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), said = [document.title];
  while (walk.nextNode()) if (shown(walk.currentNode.parentElement)) said.push(walk.currentNode.textContent.trim());
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    if (shown(each)) said.push(each.getAttribute('aria-label') ?? '', each.title, each.placeholder ?? '');
  }
  for (const each of document.querySelectorAll('#screen :invalid')) if (each.validity?.customError) said.push(each.validationMessage);
  return [...new Set(said.filter(Boolean))];
}"""
# What a keyboard has to reach: of radio buttons of one name the chosen one or the first.
CONTROLS = """() => {
  const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((each) => each.checkVisibility() && !each.disabled);
  const groups = new Map();
  const kept = found.filter((each) => {
    if (each.type !== 'radio') return true;
    const chosen = found.find((other) => other.type === 'radio' && other.name === each.name && other.checked) ?? null;
    if (chosen) return chosen === each;
    if (groups.has(each.name)) return false;
    return groups.set(each.name, each);
  });
  kept.forEach((each, n) => { each.dataset.toReach = n; });
  document.activeElement?.blur();
  return kept.length;
}"""
# Each text of a form filled with what names somebody, and the form sent: what a field says, or that it was let through.
PERSONAL = """async () => {
  const { app } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
  const screen = document.getElementById('screen'), said = [];
  for (const field of screen.querySelectorAll('form :is(textarea, input[type=text])')) {
    const form = field.form, before = field.value, count = app.changes.length, name = `${screen.dataset.screen} ${field.name}`;
    field.closest('details')?.setAttribute('open', '');
    field.value = 'CNP 1800101221144';
    form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (!form.isConnected || app.changes.length !== count) return [...said, [name, 'let through']];
    said.push([name, field.validationMessage]);
    field.value = before;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return said;
}"""
# What somebody wrote is text: no element comes of it.
MADE = "() => [...document.querySelectorAll('#screen :is(img, u, i, script, iframe)')].map((each) => each.outerHTML)"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def walked(browser, field_server):
    """Walk with a look at each screen; gives what it returned."""
    phones = []

    def walk(look, language=""):
        phones.append(Phone(browser, *field_server))
        FieldWalk(phones[-1], lambda name: look(phones[-1].page, name), language).everything()
        return phones[-1]

    yield walk
    for phone in phones:
        phone.close()
    assert not [fault for phone in phones for fault in phone.faults]


def reached(page):
    """Press the tabulator until everything was reached or nothing new is."""
    many, found = page.evaluate(CONTROLS), set()
    for _press in range(2 * many + 10):
        page.keyboard.press("Tab")
        at = page.evaluate("() => document.activeElement?.dataset.toReach ?? null")
        found.add(at)
        if len(found - {None}) == many:
            break
    return many, found - {None}


def test_axe_finds_nothing_and_a_keyboard_reaches_everything_on_any_screen(walked):
    axe_sync = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    axe, faults = axe_sync.Axe(), {}

    def look(page, name):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = axe.run(page).response["violations"]
            if found:
                faults[name, theme] = [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found]
        if page.evaluate(WIDE) > 0:
            faults[name, "wide"] = page.evaluate(WIDE)
        many, found = reached(page)
        if len(found) != many:
            faults[name, "keyboard"] = page.evaluate(
                "(found) => [...document.querySelectorAll('[data-to-reach]')].filter((each) => !found.includes(each.dataset.toReach)).map((each) => each.outerHTML.slice(0, 160))",
                sorted(found),
            )

    walked(look)
    assert not faults, json.dumps(
        {" · ".join(key): value for key, value in faults.items()}, indent=1, ensure_ascii=False
    )


@repeats(
    "tests/browser/teren/test_day_without_network.py::test_what_names_a_person_is_refused_without_network",
    "tests/cases/record/test_record_exchange.py::test_no_field_takes_who_a_person_is",
)
def test_no_field_of_any_screen_takes_who_a_person_is_nor_makes_elements_of_text(walked):
    said, made = {}, {}

    def look(page, name):
        if found := page.evaluate(MADE):
            made[name] = found
        if page.get_attribute("#screen", "data-screen") not in ("lock", "evaluare"):  # a phrase; codes and numbers
            said.update(page.evaluate(PERSONAL))

    walked(look)
    assert not made
    assert not {name: words for name, words in said.items() if "codul numeric personal" not in words}
    screens = {name.split()[0] for name in said}
    assert screens == {"constatare", "deschide", "plan", "vizita", "neterminat", "indreptare", "inchidere"}
    assert len(said) > 10


def romanian_words():
    """Every sentence that is said otherwise in English, of the catalogue and of the instrument."""
    with (ROOT / "locale/en/LC_MESSAGES/harta.po").open("rb") as file:
        found = {
            part: said
            for message in read_po(file)
            for part, said in zip(
                message.id if isinstance(message.id, tuple) else (message.id,),
                message.string if isinstance(message.string, tuple) else (message.string,),
                strict=False,
            )
        }
    found |= read_instrument(BUILT_IN).instrument.english
    return {romanian.strip() for romanian, english in found.items() if romanian.strip() and romanian != english} - set(
        found.values()
    )


def test_english_is_whole_on_every_screen(walked):
    romanian, faults = romanian_words(), {}

    def look(page, name):
        said = page.evaluate(SAID)
        wrong = [text for text in said if text in romanian or re.search("[ăâîșțşţĂÂÎȘȚ]", text)]
        wrong += [text for text in said if re.search(r"\b\d\d\.\d\d\.\d{4}\b", text)]  # a day as Romanians write it
        wrong += [text for text in said if re.search(r"\{[a-z]+\}", text) and "{n}" not in text and "{day}" not in text]
        wrong += [text for text in said if re.fullmatch(r"[a-z_]+\.[a-z_.]+", text)]  # a key without its words
        if wrong:
            faults[name] = wrong
        if page.evaluate(WIDE) > 0:
            faults[f"{name}, wide"] = page.evaluate(WIDE)

    walked(look, "en/")
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("language", ["", pytest.param("en/", marks=pytest.mark.exhaustive)])
def test_numbers_are_counted_as_the_language_counts(phones, language):
    phone = phones()
    phone.page.goto(f"{phone.base}/teren/{language}")
    phone.page.wait_for_selector("#screen h1")
    numbers = [0, 1, 2, 3, 10, 19, 20, 21, 99, 100, 101, 102, 119, 120, 1000]
    said = phone.page.evaluate(
        """async (numbers) => {
          const { t } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'words.js'));
          const { words } = await (await fetch(JSON.parse(document.getElementById('config').textContent).words)).json();
          return Object.entries(words).filter(([, said]) => Array.isArray(said)).map(([key, forms]) => [key, forms, numbers.map((n) => t(key, { n }))]);
        }""",
        numbers,
    )
    assert len(said) > 8
    locale = Locale("en" if language else "ro")
    place = {"one": 0, "few": 1, "other": 1 if language else 2}
    for key, forms, texts in said:
        assert len(forms) > max(place.values()), key
        for n, text in zip(numbers, texts, strict=True):
            assert text == forms[place[locale.plural_form(n)]].replace("{n}", str(n)), (key, n)
