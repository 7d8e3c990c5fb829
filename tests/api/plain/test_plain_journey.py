from __future__ import annotations

import re

from referrals.workflow import field_intake
from tests.worlds.clients.form_browser import Browser, form, forms
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import COUNTY

PLACE, NEED = "Parincea, județul Bacău", small_world.CHILD_DAY_CENTRE
ONE_PAGE, JOURNEY = 30 * 1024, 150 * 1024  # bytes


def search(browser: Browser, **said):
    page = browser.get("/simplu/gasiti")
    return browser.submit(page, "/simplu/raspuns", **{"loc": PLACE, "cuvinte": NEED, **said})


def ask(browser: Browser, service: str = "social:mmps:1"):
    return browser.submit(search(browser), "/simplu/referire", button=("serviciu", service))


def refer(browser: Browser, service: str = "social:mmps:1", **said):
    return browser.submit(ask(browser, service), "/referire/noua", **{"temei": "consent", **said})


def number(page) -> str:
    return str(page.url).rsplit("/", 1)[1]


def open_referrals(directory):
    with directory.ledger.store.read() as connection:
        return connection.exec_driver_sql("select referral_id, state, consent_at, basis from referrals").all()


def test_the_whole_journey_works_without_scripts_and_weighs_little(web, demo):
    browser = Browser(web)
    pages = [browser.get("/intra")]
    pages.append(browser.submit(pages[-1], "/intra", rol="team:24089", pagini="simplu"))
    pages.append(browser.get("/simplu/gasiti"))
    pages.append(browser.submit(pages[-1], "/simplu/raspuns", loc=PLACE, cuvinte=NEED))
    pages.append(browser.submit(pages[-1], "/simplu/referire", button=("serviciu", "social:mmps:1")))
    pages.append(browser.submit(pages[-1], "/referire/noua", temei="consent"))
    pages.append(browser.get(f"{pages[-1].url}/bilet"))
    pages.append(browser.get("/simplu/referiri"))
    assert all(page.status_code == 200 for page in pages)
    assert all(len(page.content) <= ONE_PAGE for page in pages), [len(page.content) for page in pages]
    styles = {address for page in pages for address in re.findall(r'href="(/assets/[^"]+)"', page.text)}
    styles |= {address for page in pages for address in re.findall(r'src="(/assets/[^"]+)"', page.text)}
    whole = sum(len(page.content) for page in pages) + sum(len(browser.get(style).content) for style in styles)
    assert whole <= JOURNEY, whole
    # One script alone, which says that a press was heard; this browser runs none.
    asked = {tag for page in pages for tag in re.findall(r"<script[^>]*>", page.text)}
    assert len(asked) == 1
    assert re.fullmatch(r'<script defer src="/assets/progress\.js\?v=\w+">', asked.pop())
    assert demo.capacity_of("social:mmps:1")["places_free"] == 2


def test_the_plain_answer_is_that_of_the_directory(demo, as_role):
    from providers.finder.query_parsing import parse_query

    asked = demo.ask(parse_query(demo.gazetteer, place=PLACE, services=(NEED,)))
    page = search(as_role())
    shown = [b["value"] for b in form(page, "/simplu/referire").buttons if "formaction" not in b]
    assert shown == [result.service_id for result in asked.results]


def test_markup_in_a_registers_name_stays_text(demo, as_role):
    page = search(as_role())
    assert "<img" not in page.text
    assert "&lt;img src=x" in page.text


def test_nothing_about_a_person_stands_in_an_address_and_no_answer_is_kept(demo, as_role):
    browser = as_role()
    page = search(browser, varsta="9", domiciliu="Parincea, Bacău")
    assert str(page.url) == "http://127.0.0.1/simplu/raspuns"
    made = refer(browser)
    assert re.fullmatch(r"http://127\.0\.0\.1/simplu/referire/R-\w{10}", str(made.url))
    assert made.headers["cache-control"] == "no-store"
    assert str(browser.get("/simplu/raspuns").url).endswith("/simplu/gasiti")


def test_only_a_plain_answer_is_kept_for_the_back_button_and_a_sensitive_one_never(demo, as_role):
    assert search(as_role()).headers["cache-control"] == "private, no-cache"
    assert search(as_role(), cuvinte="domestic-violence").headers["cache-control"] == "no-store"


def test_danger_comes_before_the_results_and_a_protected_address_is_nowhere(demo, as_role):
    page = search(as_role(), cuvinte="domestic-violence")
    assert page.text.index("0800 500 333") < page.text.index("<article")
    assert "adresă protejată" in page.text
    for secret in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234 999 999", "0234999999"):
        assert secret not in page.text
    assert "social:mmps:6" not in page.text


def test_consent_is_asked_first_and_dated(demo, as_role):
    browser = as_role()
    page = browser.submit(ask(browser), "/referire/noua")
    assert page.status_code == 400
    assert "acordul" in page.text
    assert open_referrals(demo) == []
    browser.submit(page, "/referire/noua", temei="consent")
    ((_id, state, consent_at, basis),) = open_referrals(demo)
    assert (state, basis) == ("held", "consent")
    assert consent_at


def test_consent_in_the_future_is_refused(demo, as_role):
    assert "viitor" in refer(as_role(), acord_la="2990-01-01").text
    assert open_referrals(demo) == []


def test_sending_the_same_form_twice_makes_one_referral(demo, as_role):
    browser = as_role()
    page = ask(browser)
    first = browser.submit(page, "/referire/noua", temei="consent")
    second = browser.submit(page, "/referire/noua", temei="consent")
    assert first.url == second.url
    assert len(open_referrals(demo)) == 1


def test_the_last_place_taken_by_another_meanwhile_is_said_with_what_is_left(demo, as_role):
    small_world.report(demo.home, "social:mmps:1", 1)
    slow, quick = as_role(), as_role()
    page = ask(slow)
    assert number(refer(quick)).startswith("R-")
    late = slow.submit(page, "/referire/noua", temei="consent")
    assert late.status_code == 409
    assert "nu mai poate fi ales" in late.text
    assert "Luminița" in late.text
    others = [b.get("value") for b in form(late, "/simplu/referire").buttons if "formaction" not in b]
    assert "social:mmps:1" not in others
    assert "social:mmps:2" in others
    assert len(open_referrals(demo)) == 1


def test_an_old_page_is_checked_again_when_it_arrives(demo, as_role):
    browser = as_role()
    page = ask(browser)
    small_world.publish(demo.home, "social", small_world.services()[1:])
    late = browser.submit(page, "/referire/noua", temei="consent")
    assert late.status_code == 409
    assert open_referrals(demo) == []


def test_a_refusal_leads_to_the_next_best_in_one_action_with_the_agreement_already_given(demo, as_role):
    browser = as_role()
    made = refer(browser)
    refused = browser.submit(made, "/pas", pas="decline", motiv="no_places")
    assert "refuzată" in refused.text
    assert "Următoarele servicii potrivite" in refused.text
    card = refused.text[refused.text.index('<article class="card">') :]
    assert "Referiți la acesta" in card[: card.index("</article>")], "the button stands in the card of its service"
    (button,) = [b for b in form(refused, "/referire/noua").buttons if b.get("name") == "serviciu"]
    assert button["value"] == "social:mmps:2"
    moved = browser.submit(refused, "/referire/noua", button=("serviciu", "social:mmps:2"))
    assert number(moved) != number(made)
    with demo.ledger.store.read() as connection:
        rows = connection.exec_driver_sql("select case_ref, replaces, basis from referrals order by made_at").all()
    assert rows[0][0] == rows[1][0]
    assert rows[1][1] == number(made)
    assert "mutat deja" in browser.get(f"/simplu/referire/{number(made)}").text
    assert number(moved) in browser.get("/simplu/referiri").text


def test_what_a_call_told_counts_from_the_next_answer_on(demo, as_role):
    browser = as_role()
    page = search(browser)
    asked = form(page, "/simplu/referire")
    fields = [*asked.fields, ("serviciu", "social:mmps:2")]
    told = browser.post("/simplu/confirmare", fields)
    after = browser.submit(told, "/confirmare/noua", stare="free", locuri="4")
    assert "Am notat" in after.text
    assert demo.capacity_of("social:mmps:2")["places_free"] == 4
    wrong = browser.submit(told, "/confirmare/noua", stare="free", locuri="multe")
    assert wrong.status_code == 400


def test_a_call_that_nobody_answered_is_noted_and_changes_no_place(demo, as_role):
    browser = as_role()
    fields = [*form(search(browser), "/simplu/referire").fields, ("serviciu", "social:mmps:2")]
    before = demo.capacity_of("social:mmps:2")
    told = browser.post("/simplu/confirmare", fields)
    assert "apel fără răspuns" not in told.text
    after = browser.submit(told, "/confirmare/noua", stare="no_answer")
    assert "Am notat că nu a răspuns nimeni." in after.text
    assert demo.capacity_of("social:mmps:2") == before
    assert "În ultimele 7 zile, 1 apel fără răspuns" in browser.post("/simplu/confirmare", fields).text


def test_a_wrong_number_told_by_a_call_is_the_report_of_the_field(demo, as_role):
    browser = as_role()
    fields = [*form(search(browser), "/simplu/referire").fields, ("serviciu", "social:mmps:2")]
    told = browser.post("/simplu/confirmare", fields)
    after = browser.submit(told, "/confirmare/noua", stare="wrong_number")
    assert "Sesizarea a fost transmisă: număr greșit." in after.text
    waiting = field_intake.queue(demo, actor=COUNTY, state="open")
    assert [(each["service_id"], each["what"]) for each in waiting] == [("social:mmps:2", "phone")]


def test_words_asked_back_about_come_first_as_a_question_with_a_way_to_leave(demo, as_role):
    page = search(as_role(), cuvinte="batuta de sot noaptea")
    asked = page.text.index("despre ce nevoie este vorba?")
    assert page.text.index("/simplu/gol") < asked < page.text.index('id="loc"')
    assert "0800 500 333" in page.text[:asked]
    assert 'role="alert"' not in page.text
    assert 'id="cuvinte-err"' not in page.text
    assert "/simplu/gol" not in search(as_role(), cuvinte="xyzq").text


def test_a_danger_that_is_not_the_likeliest_meaning_has_its_line_above_the_question(demo, as_role):
    page = search(as_role(), cuvinte="batrana cazuta in curte nu se ridica")
    asked = page.text.index("despre ce nevoie este vorba?")
    assert 'href="tel:112"' in page.text[:asked]


def test_a_slip_says_what_is_needed_and_of_a_sensitive_need_nothing(demo, as_role):
    browser = as_role()
    plain = browser.get(f"{refer(browser).url}/bilet?forma=text")
    assert plain.headers["content-type"].startswith("text/plain")
    assert "Luminița" in plain.text
    assert "0234 512 345" in plain.text
    page = search(browser, cuvinte="domestic-violence")
    hall = next(b["value"] for b in form(page, "/simplu/referire").buttons if b["value"].startswith("authority:"))
    made = browser.submit(
        browser.submit(page, "/simplu/referire", button=("serviciu", hall)), "/referire/noua", temei="consent"
    )
    quiet = browser.get(f"{made.url}/bilet?forma=text").text
    assert "R-" in quiet
    assert not re.search(r"violen|primări|asisten", quiet, re.IGNORECASE)
    assert "violen" not in browser.get("/simplu/referiri").text.lower()


def test_ambiguous_places_and_words_are_asked_back_beside_their_field(demo, as_role):
    page = search(as_role(), loc="Găiceana de Sus Nicăieri", cuvinte="xyzq")
    assert page.status_code == 400
    assert 'aria-describedby="loc-err"' in page.text
    assert 'aria-describedby="cuvinte-err"' in page.text


def test_a_personal_number_in_a_note_is_refused_and_nothing_is_written(demo, as_role):
    page = refer(as_role(), nota="CNP 1900101223344")
    assert page.status_code == 400
    assert open_referrals(demo) == []


def test_english_is_chosen_once_and_remembered(demo, as_role):
    browser = as_role()
    assert '<html lang="en">' in browser.get("/simplu?lang=en").text
    assert '<html lang="en">' in browser.get("/simplu/referiri").text
    assert '<html lang="ro">' in browser.get("/simplu?lang=ro").text


def test_every_field_has_a_label_and_every_page_one_heading(demo, as_role):
    browser = as_role()
    pages = [browser.get("/intra"), browser.get("/simplu/gasiti"), search(browser), ask(browser), refer(browser)]
    for page in pages:
        assert page.text.count("<h1>") == 1
        for kind, name in re.findall(r'<(?:input type="(text|number|date|password)"|select) id="([^"]+)"', page.text):
            assert f'for="{name}"' in page.text, (kind, name)
        assert forms(page)


def test_a_team_says_that_nobody_had_a_place_and_it_is_counted_once(demo, as_role):
    browser = as_role()
    page = search(browser, cuvinte="hot-meal")
    fields = form(page, "/simplu/referire").fields
    for _twice in range(2):
        told = browser.post("/simplu/fara-loc", fields)
        assert told.status_code == 200
        assert "Am notat că nu s-a găsit loc" in told.text
    with demo.ledger.store.read() as connection:
        rows = connection.exec_driver_sql("select kind, need, service_type, uat_siruta from unmet_needs").all()
    assert rows == [("none_found", "hot-meal", "8899CPDH-I", 24089)]


def test_who_may_not_refer_there_has_no_such_button_and_is_refused(demo, as_role):
    fields = form(search(as_role(), cuvinte="hot-meal"), "/simplu/referire").fields
    for role in ("team:22889", "national:"):
        other = as_role(role)
        assert "fara-loc" not in search(other, cuvinte="hot-meal").text
        sealed = dict(form(search(other, cuvinte="hot-meal"), "/simplu/raspuns").fields)["formular"]
        assert (
            other.post(
                "/simplu/fara-loc", [*(f for f in fields if f[0] != "formular"), ("formular", sealed)]
            ).status_code
            == 403
        )
