"""„Registre” under AppTest: what is there, and how an edition that waits is decided on."""

from __future__ import annotations

from contextlib import closing

import pandas as pd
import pytest

from core.storage.editions import EditionStore
from core.storage.home import make_home
from pages.common import register_html
from referrals.accounts import account_sessions, accounts
from referrals.backups import look_into
from referrals.homes import maintenance, publishing
from referrals.interchange.api_tokens import list_tokens, token_of
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.webhooks.subscriptions import list_webhooks
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world
from tests.worlds.homes.ledger_world import TEAM, refer

PAGE = "registers.py"
ADMIN = Actor("admin", account="test")


@pytest.fixture
def live(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_BACKUPS", raising=False)
    return make_home("live", tmp_path / "live")


@pytest.fixture
def opened(in_home):
    """Open the page on a home as somebody; `kind` chosen."""

    def start(home, who=None, kind="communities"):
        app = in_home(home.path, actor=who).switch_page(PAGE).run()
        app.selectbox(key="register").select(kind).run()
        return app

    return start


def stage(home, *codes):
    content = ("SIRUTA\n" + "".join(f"{code}\n" for code in codes)).encode()
    return publishing.stage_file(home, "communities", "lista.csv", content, actor=ADMIN)


def in_force(home) -> set[int]:
    table = EditionStore(home).current_table("communities", "communities")
    return set() if table is None else set(table["uat_siruta"])


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def is_sound(app) -> bool:
    return not app.exception and "A apărut o eroare" not in words(app)


def test_every_kind_is_listed_and_what_was_never_imported_says_so(opened, live):
    app = opened(live, ADMIN)
    assert is_sound(app)
    page = words(app)
    for title in ("Servicii sociale licențiate", "Rețeaua școlară", "Lista comunităților proiectului"):
        assert title in page
    assert page.count("neimportat") >= 12
    assert "nu că nu există" in page


def test_a_demonstration_says_that_registers_are_not_imported_there(opened, tmp_path):
    home = small_world.make_world(tmp_path / "demo")
    app = opened(home, ADMIN, "social")
    assert is_sound(app)
    page = words(app)
    assert "Aici nu se importă" in page
    assert "Date demonstrative" in page
    assert "(date sintetice)" in page
    assert "Citiți și comparați" not in labels(app)


def test_a_team_reads_only(opened, live):
    stage(live, 24089)
    app = opened(live, Actor("team", account="t", county="BC", uat_siruta=24089))
    assert "Numai pentru citire" in words(app)
    assert labels(app) == []


def test_nobody_in_a_live_home_changes_nothing(in_home, live):
    stage(live, 24089)
    app = in_home(live.path, actor=None).switch_page(PAGE).run()
    assert is_sound(app)
    assert not {"Publicați", "Renunțați la import", "Citiți și comparați"} & set(labels(app))


def test_an_edition_that_waits_is_seen_with_its_difference_and_published(opened, live):
    stage(live, 24089, 20297)
    app = opened(live, ADMIN)
    page = words(app)
    assert "În așteptare: nepublicată" in page
    assert "2 rânduri se schimbă" in page
    assert "Parincea (BC)" in page
    press(app, "Publicați")
    assert "Ediția este în vigoare." in words(app)
    assert in_force(live) == {24089, 20297}
    assert "În așteptare: nepublicată" not in words(app)


def test_an_edition_that_waits_can_be_thrown_away(opened, live):
    stage(live, 24089)
    app = press(opened(live, ADMIN), "Renunțați la import")
    assert "Importul a fost anulat." in words(app)
    assert in_force(live) == set()
    assert EditionStore(live).staged("communities") == []


def test_somebody_who_published_meanwhile_is_said_in_words(opened, live):
    mine = stage(live, 24089)
    app = opened(live, ADMIN)
    theirs = stage(live, 20297)
    EditionStore(live).publish(theirs)
    app.button(key=f"publish-{mine.manifest.edition}").click().run()
    assert "Între timp a fost publicată altă ediție" in words(app)
    assert in_force(live) == {20297}


def test_the_edition_before_is_brought_back(opened, live):
    store = EditionStore(live)
    first = store.publish(stage(live, 24089))
    store.publish(stage(live, 20297))
    app = opened(live, ADMIN)
    app.button(key=f"back-{first.manifest.edition}").click().run()
    assert in_force(live) == {24089}
    assert "din nou în vigoare" in words(app)


def test_refused_rows_are_counted_and_offered_as_a_file(opened, live):
    EditionStore(live).publish(stage(live, 24089, 99))
    app = opened(live, ADMIN)
    assert "citite 2 = încărcate 1 + respinse 1" in words(app)
    assert [each.label for each in app.get("download_button")] == ["Descărcați rândurile respinse (CSV)"]


def test_a_file_of_which_half_was_refused_is_published_only_when_that_is_confirmed(opened, live):
    stage(live, 24089, 98, 99)
    app = opened(live, ADMIN)
    assert "Rânduri care ar fi respinse: 2 din 3" in words(app)
    (go,) = [button for button in app.button if button.label == "Publicați"]
    assert go.disabled
    (yes,) = [box for box in app.checkbox if "confirm cele de mai sus" in box.label]
    yes.check().run()
    press(app, "Publicați")
    assert in_force(live) == {24089}


def test_text_of_a_file_is_never_markup():
    hostile = "<script>alert(1)</script>"
    changes = pd.DataFrame({"key": [hostile], "label": [hostile], "change": ["added"], "fields": [hostile]})
    assert "<script" not in register_html.render_difference(changes)


def test_only_the_first_hundred_changes_are_drawn_the_gone_ones_first():
    changes = pd.DataFrame(
        {"key": [str(n) for n in range(150)], "label": "x", "change": ["added"] * 149 + ["removed"], "fields": ""}
    )
    drawn = register_html.render_difference(changes)
    assert drawn.count("<tr><td ") == 100
    assert drawn.index("dispare") < drawn.index(">apare<")
    assert "150 de rânduri se schimbă, primele 100" in drawn


# --- looking after the home ---------------------------------------------------------------------------


@pytest.fixture
def lived(live):
    """A home with a referral open, one closed six years ago, an account with a session."""
    with closing(open_ledger(live, may_begin=True)) as ledger:
        old = refer(ledger)
        ledger.transition(old.referral_id, "cancel", actor=TEAM)
        with ledger.store.write() as connection:
            connection.exec_driver_sql("UPDATE referrals SET closed_at = '2020-01-01 00:00:00.000000'")
        code = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
        accounts.set_password(ledger, code, "patru cuvinte la rand")
        yield ledger


def cases(ledger) -> list[str]:
    with ledger.store.read() as connection:
        return sorted(connection.exec_driver_sql("SELECT case_ref FROM referrals").scalars())


def test_only_who_looks_after_the_home_sees_how(opened, lived, live):
    assert "Administrare" not in words(opened(live, Actor("county", account="u", county="BC")))
    assert "Administrare" in words(opened(live, ADMIN))


def test_a_backup_is_made_and_offered_and_old_editions_go(opened, lived, live):
    for code in (24089, 20297, 24098):
        EditionStore(live).publish(stage(live, code))
    app = opened(live, ADMIN)
    assert "Încă nu s-a făcut niciuna" in words(app)
    press(app, "Faceți o copie acum")
    (copy,) = maintenance.backups(live)
    assert str(copy) in words(app)
    assert look_into(copy, read_all=True)["mode"] == "live"
    offered = [each.label for each in app.get("download_button")]
    assert {"Descărcați ultima copie", "Descărcați lista ștergerilor"} <= set(offered)
    press(app, "Ștergeți edițiile vechi")
    assert "1 ediție veche ștearsă." in words(app)
    assert len(EditionStore(live).editions("communities")) == 2
    with lived.store.read() as connection:
        query = "SELECT DISTINCT account FROM audit WHERE action IN ('store.backup', 'edition.prune')"
        assert connection.exec_driver_sql(query).scalars().all() == [ADMIN.account]


def test_retention_is_shown_and_applied_once_one_is_sure(opened, lived, live):
    app = opened(live, ADMIN)
    assert "Trecută de termen: 1 referire" in words(app)
    assert app.button(key="retention-apply").disabled
    app.checkbox(key="retention-sure").check().run()
    press(app, "Ștergeți ce a trecut de termen")
    assert is_sound(app)
    assert "Șters: 1 referire." in words(app)
    assert cases(lived) == [""]
    assert "Nimic nu a trecut de termen" in words(app)


def test_a_case_is_erased_by_its_code_and_a_wrong_code_is_refused_in_words(opened, lived, live):
    made = refer(lived)
    app = opened(live, ADMIN)
    app.checkbox(key="erase-sure-0").check().run()
    app.text_input(key="erase-case-0").input("Ion Popescu").run()
    press(app, "Ștergeți cazul")
    assert "C-XXXXX-XXXXX" in words(app)
    app.text_input(key="erase-case-0").input(made.case_ref).run()
    press(app, "Ștergeți cazul")
    assert "Șters: 1 referire." in words(app)
    assert made.case_ref not in cases(lived)
    assert made.case_ref not in words(app)
    assert app.text_input(key="erase-case-1").value == ""


def test_the_sessions_of_a_lost_telephone_are_ended(opened, lived, live):
    session = account_sessions.sign_in(lived, "echipa", "patru cuvinte la rand")
    app = opened(live, ADMIN)
    (account,) = [each.account_id for each in accounts.listed(lived, actor=ADMIN)]
    app.selectbox(key="end-account").select(account).run()
    press(app, "Încheiați sesiunile")
    assert "1 sesiune încheiată." in words(app)
    assert account_sessions.who(lived, session) is None


def test_an_account_is_invited_gets_a_new_password_and_is_closed(opened, lived, live):
    app = opened(live, ADMIN)
    app.text_input(key="invite-login-0").input("Echipa.Parincea").run()
    press(app, "Invitați")
    assert "Un cont de echipă are o comunitate" in words(app)
    app.text_input(key="invite-place-0").input("Parincea, Bacău").run()
    press(app, "Invitați")
    assert "Contul „echipa.parincea” este invitat." in words(app)
    first = app.code[0].value.rpartition("/invitatie?cod=")[2]
    assert accounts.is_invitation(lived, first)
    assert f'data-copy="{app.code[0].value}"' in words(app)
    (made,) = [each for each in accounts.listed(lived, actor=ADMIN) if each.login == "echipa.parincea"]
    assert (made.role, made.county, made.uat_siruta, made.state) == ("team", "BC", 24089, "invited")
    app.selectbox(key="end-account").select(made.account_id).run()
    assert not app.code, "what opens an account is shown once"
    press(app, "Parolă nouă")
    assert accounts.is_invitation(lived, app.code[0].value.rpartition("=")[2])
    assert not accounts.is_invitation(lived, first)
    assert next(button for button in app.button if button.key == "account-close").disabled
    app.checkbox(key=f"close-sure-{made.account_id}").check().run()
    press(app, "Închideți contul")
    assert "Contul „echipa.parincea” este închis." in words(app)
    assert made.account_id not in app.selectbox(key="end-account").options


def test_a_program_gets_a_key_and_is_told_and_both_end(opened, lived, live):
    app = opened(live, ADMIN)
    app.text_input(key="token-name").input("dosar electronic").run()
    app.multiselect(key="token-scopes").set_value(["read", "webhook"]).run()
    press(app, "Faceți cheia")
    (token,) = list_tokens(lived, actor=ADMIN)
    assert (token.role, token.scopes) == ("national", ("read", "webhook"))
    assert token_of(lived, app.code[0].value).token_id == token.token_id
    app.selectbox(key="hook-token").select(token.token_id).run()
    assert not app.code, "a secret is shown once"
    app.multiselect(key="hook-kinds").set_value(["services"]).run()
    app.text_input(key="hook-address").input("https://192.168.0.1/").run()
    press(app, "Porniți anunțurile")
    assert "Adresa trebuie să fie publică" in words(app)
    app.text_input(key="hook-address").input("https://program.example.ro/in").run()
    press(app, "Porniți anunțurile")
    (hook,) = list_webhooks(lived, actor=ADMIN)
    assert app.code[0].value.startswith("whsec_")
    app.selectbox(key="hook").select(hook.webhook_id).run()
    press(app, "Opriți")
    assert list_webhooks(lived, actor=ADMIN)[0].state == "paused"
    app.checkbox(key=f"hook-sure-{hook.webhook_id}").check().run()
    press(app, "Ștergeți abonamentul")
    assert list_webhooks(lived, actor=ADMIN) == []
    app.selectbox(key="token-chosen").select(token.token_id).run()
    assert app.button(key="token-revoke").disabled
    app.checkbox(key=f"token-sure-{token.token_id}").check().run()
    press(app, "Retrageți cheia acum")
    assert "este retrasă" in words(app)
    assert is_sound(app)


def test_the_trail_is_verified_and_a_changed_one_is_said(opened, lived, live):
    app = press(opened(live, ADMIN), "Verificați jurnalul")
    assert "Jurnalul este întreg" in words(app)
    with lived.store.write() as connection:
        connection.exec_driver_sql("UPDATE audit SET account = 'altcineva' WHERE position = 1")
    assert "Jurnalul a fost schimbat" in words(press(app, "Verificați jurnalul"))


def test_in_a_demonstration_nothing_is_erased_or_copied_from_the_screen(opened, tmp_path):
    home = small_world.make_world(tmp_path / "demo")
    app = opened(home, ADMIN)
    assert is_sound(app)
    assert {
        "Faceți o copie acum",
        "Ștergeți cazul",
        "Încheiați sesiunile",
        "Ștergeți edițiile vechi",
        "Invitați",
    }.isdisjoint(labels(app))
    assert "Verificați jurnalul" in labels(app)
