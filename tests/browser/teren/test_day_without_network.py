"""A day in the field without network: open, assess, plan, visit and close; then everything is sent, once."""

from __future__ import annotations

import pytest

from tests.browser.teren.phone import DUMP, SENT
from tests.covering import repeats

pytestmark = pytest.mark.browser
AXE_SCREENS = ("azi", "oameni", "trimitere")


@pytest.fixture
def faults(phones):
    """What axe finds on the screen that a page shows."""
    axe_sync = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    axe = axe_sync.Axe()

    def find(page):
        found = axe.run(page).response["violations"]
        return [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]

    return find


def test_a_case_from_its_opening_to_its_end_without_network_and_then_sent(phones, faults):
    phone = phones().begin()
    page = phone.page
    phone.context.set_offline(True)
    ref = phone.open_case("2011-05", "F")
    assert not faults(page)
    phone.assess(safe="violence", h_enough="hungry", id_card="no", at_home="adult", mother="none")
    # Danger stands above everything, with the lines to call.
    assert page.locator("#screen .danger a[href='tel:112']").is_visible()
    assert "urgent" in page.inner_text(".chip.level-urgent")
    assert not faults(page)
    phone.finish_assessment()
    assert not faults(page)
    phone.plan()
    phone.visit(done=True)
    assert "În lucru" in page.inner_text(".steps [aria-current]") or "Urmărit" in page.inner_text(
        ".steps [aria-current]"
    )
    assert not faults(page)
    _restricted_is_in_no_list(phone, ref)
    for screen in AXE_SCREENS:
        phone.go(screen)
        assert not faults(page), screen
    page.reload()  # the page comes from the telephone, and the keys from memory
    phone.at("azi")
    page.click("#lock")
    phone.unlock()
    phone.show(ref)
    phone.close_case()
    assert "Închis" in page.inner_text(".steps [aria-current]")
    before = phone.view()
    assert any(key.startswith("findings") and "VFV_03" in said for key, said in before.items())
    dumped = page.evaluate(DUMP)
    for canary in (ref, "VFV_03", "violence", "s-a mutat", "hungry", phone.words.split()[0], "case_ref", "domestic"):
        assert canary not in dumped, canary
    assert "/teren/schimb" not in dumped
    assert "/teren/sesiune" not in dumped
    phone.context.set_offline(False)
    assert phone.send() == SENT
    assert phone.view() == before  # the server came to the same
    other = phones().begin()
    other.page.wait_for_timeout(500)
    other.send()
    assert other.view() == before


def _restricted_is_in_no_list(phone, ref):
    """What is restricted stands in no list, title, address or paper."""
    page = phone.page
    words = ("lovit", "amenințat", "violență", "Violență", "VFV", "abuz")
    for screen in ("azi", "oameni", "trimitere"):
        phone.go(screen)
        said = page.inner_text("main") + page.title() + page.url
        assert not [word for word in words if word in said], screen
    phone.show(ref)
    assert ref not in page.title()
    assert ref not in page.url
    page.click("#screen .acts button >> nth=3")
    phone.at("hartii")
    for paper in range(4):
        page.locator("#screen .rows button").nth(paper).click()
        phone.at("hartie")
        said = page.inner_text("main")
        assert not [word for word in words if word in said], said
        page.click("#screen .acts button >> nth=0")
        phone.at("hartii")
    phone.show(ref)


def test_a_wish_that_is_about_violence_stands_in_no_list_and_on_no_paper(phones):
    phone = phones().begin()
    phone.context.set_offline(True)
    page = phone.page
    ref = phone.open_case("1990", "F")
    page.click("#screen button.main")
    phone.at("evaluare")
    page.evaluate(
        """async (ref) => {
          const { app, go, save } = await import(document.querySelector('script[type=module]').src.replace('main.js', 'app.js'));
          const answers = { born: '1990', sex: 'F', safe: 'none', wishes: 'domestic-violence debts' };
          await save([], { [`assessment ${ref}`]: { ref, kind: 'initial', edition: app.index.edition, on_day: '2026-03-02', answers, unknown: [], group: 0, declined: [], place: 'home' } });
          go('gasit', { ref }, { replace: true });
        }""",
        ref,
    )
    phone.at("gasit")
    phone.finish_assessment()
    section = page.locator("section.need", has=page.locator("[name=action][value*=domestic-violence]"))
    action = section.locator(".action span > span").first.inner_text()
    section.locator("input[name=action]").first.check()
    page.check("[name=how][value=said]")
    page.click("#screen .acts button.main")
    phone.at("caz")
    assert action in page.inner_text("main")
    phone.go("azi")
    said = page.inner_text("main")
    assert "Acțiune sensibilă" in said
    assert action not in said
    phone.show(ref)
    page.click("#screen .acts button >> nth=3")
    for paper in range(4):
        phone.at("hartii")
        page.locator("#screen .rows button").nth(paper).click()
        phone.at("hartie")
        said = page.inner_text("main")
        assert not [words for words in (action, "bătut", "abuz", "violență") if words in said], said
        page.click("#screen .acts button >> nth=0")


def test_a_visit_takes_three_taps_and_goes_by_keyboard_alone(phones):
    phone = phones().begin()
    page = phone.page
    phone.open_case("1950", "M")
    phone.assess(id_card="no")
    phone.finish_assessment()
    phone.plan()
    taps = 0
    for step in ("#screen button.main", "input[name=items] >> nth=0", "#screen button.main"):
        page.click(step)
        taps += 1
    phone.at("caz")
    assert taps <= 4  # twenty seconds at five a tap
    assert page.inner_text("#said") == "Vizita este salvată."
    page.click("#screen .acts button >> nth=0")
    phone.at("vizita")
    assert page.evaluate("() => document.activeElement.tagName") == "H1"
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('button.main')"):
            break
    page.keyboard.press("Enter")
    phone.at("caz")
    assert (
        page.evaluate(
            "() => [...document.querySelectorAll('.fact .value')].filter((each) => each.textContent === 'Vizită').length"
        )
        == 2
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CNP 1800101221144", "codul numeric personal"),
        pytest.param("sunați la 0722 123 456", "numărul de telefon", marks=pytest.mark.exhaustive),
        pytest.param("scrie la adresa@example.org", "adresa de e-mail", marks=pytest.mark.exhaustive),
    ],
)
def test_what_names_a_person_is_refused_without_network(phones, text, said):
    phone = phones().begin()
    phone.context.set_offline(True)
    page = phone.page
    page.click("#screen button.main")
    phone.at("deschide")
    page.fill("[name=born]", "1980")
    page.check("[name=sex][value=M]")
    page.fill("[name=note]", text)
    page.click("#screen button.main")
    assert said in page.eval_on_selector("[name=note]", "(each) => each.validationMessage")
    phone.at("deschide")
    page.fill("[name=note]", "A venit cu fiica; locuiește la 3 km, din 2024")
    page.click("#screen button.main")
    phone.at("caz")


@repeats(
    "tests/browser/teren/test_day_without_network.py::test_a_case_from_its_opening_to_its_end_without_network_and_then_sent",
    "tests/api/field_work/test_shell.py::test_every_key_of_the_scripts_has_its_words",
)
def test_the_page_says_english_everywhere_and_fits_its_screen(phones):
    phone = phones().begin("en/")
    page = phone.page
    phone.open_case("1944", "F")
    phone.assess(id_card="no")
    phone.finish_assessment()
    phone.plan()
    for screen in ("azi", "oameni", "trimitere"):
        phone.go(screen)
        said = page.evaluate(
            "() => [...document.querySelectorAll('main *, header *, nav *')].filter((each) => !each.matches('[name=place] *, noscript, [lang=ro]') && !each.children.length).map((each) => each.textContent).join(' ')"
        )
        assert not [letter for letter in "ăâîșțĂÂÎȘȚ" if letter in said], said
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, screen
    assert page.evaluate("() => document.documentElement.lang") == "en"
