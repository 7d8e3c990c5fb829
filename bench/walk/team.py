"""The day of a team: finding, calling, referring, following, reporting."""

from __future__ import annotations

import re
import time

from bench.walk.hand import DESK, PHONE, Hand, Walked
from bench.walk.tasks import LATE, TITLE, Tasks

NEED, TWO_NEEDS, AGE = "Vârstnic singur", "vârstnic singur, masă caldă", "72"
CONSENT = ".st-key-temei [role=radiogroup] label"
BOTH = "Referiți la amândouă"
MADE = "text=/S-a făcut referirea/"


class TeamTasks(Tasks):
    """What a community team does, on a telephone."""

    walks = (
        "sign_in", "find", "plain_journey", "note_call", "refer", "two_needs", "two_needs_plain", "follow", "next_best",
        "wrong_number", "monthly",
    )  # fmt: skip
    number = ""

    def sign_in(self) -> None:
        """From the first page to one's own work."""
        with self.task("sign in by role, from the first page", None) as hand:
            hand.open("/", TITLE)
            door = "a[href='/intra'], a[href^='/intra?']"
            if not hand.is_there(door):
                hand.tap("text=Referiri", door)
            hand.tap(door, "button[name=rol_uzual]")
            hand.tap("button[name=rol_uzual]", TITLE)

    def _ask(self, hand: Hand) -> None:
        hand.open("/gasiti", ".st-key-search button")
        hand.write(".st-key-wanted_text input", NEED)
        hand.tap(f"[role=option]:has-text('{NEED}')", ".st-key-age")
        hand.write(".st-key-age input", AGE)
        hand.tap(".st-key-search button", ".hs-row")

    def find(self) -> None:
        """Somewhere to go for a person of 72 who is alone."""
        for size, device in ((PHONE, "telephone"), (DESK, "desk")):
            with self.task(f"find for a 72-year-old alone, {device}", "team", size) as hand:
                self._ask(hand)
                hand.high()
                hand.say_nearest()

    def plain_journey(self) -> None:
        """Find on the plain pages, with the age."""
        with self.task("find for a 72-year-old alone: plain", "team") as hand:
            hand.open("/simplu/gasiti", "#cuvinte")
            hand.write("#cuvinte", NEED)
            hand.tap("summary:has-text('Mai multe')", "#varsta")
            hand.write("#varsta", AGE)
            hand.tap("form.box button.main", "article")
            hand.high()
            hand.say_nearest()

    def note_call(self) -> None:
        """Note what a call told; nothing may move."""
        with self.task("note a telephone call about places", "team") as hand:
            self._ask(hand)
            hand.start_here()
            before = hand.names()
            hand.tap("[class*=st-key-places-] button:visible", "[class*=st-key-note-free-2-] button")
            hand.tap("[class*=st-key-note-free-2-] button", "text=Am notat")
            hand.walked.said = "the list stays" if before == hand.names() else "THE LIST MOVED"

    def _refer(self, hand: Hand) -> str:
        """Refer to the first service that takes the person; gives the number."""
        self._ask(hand)
        hand.start_here()
        hand.tap("[class*=st-key-refer-] button:visible", "text=Pe ce temei")
        hand.tap(CONSENT, ".st-key-acord_la input")
        hand.tap("[class*=st-key-go-] button", MADE)
        return re.search(r"R-\w{10}", hand.page.inner_text(".stMain")).group()  # type: ignore[union-attr]

    def refer(self) -> None:
        """Refer with consent, then the slip."""
        with self.task("refer with consent", "team") as hand:
            self.number = self._refer(hand)
            href = hand.page.get_by_role("link", name=re.compile("Bilet")).first.get_attribute("href")
            slip = Walked("slip", taps=1)
            start = time.perf_counter()
            answer = hand.page.request.get(self.base + str(href))
            slip.waits.append(time.perf_counter() - start)
            slip.said = f"{answer.status}, {len(answer.body()) // 1024} KB"
            self.done.append(slip)

    def two_needs(self) -> None:
        """Two needs in one field, one way for both, both referred: in the application."""
        with self.task("two needs asked, one trip, both referred: application", "team") as hand:
            hand.open("/gasiti", ".st-key-search button")
            hand.write(".st-key-wanted_text input", TWO_NEEDS)
            hand.tap(".st-key-search button", ".st-key-refer-trip button")
            hand.high()
            hand.tap(".st-key-refer-trip button", "text=Pe ce temei")
            hand.tap(CONSENT, ".st-key-acord_la input")
            hand.tap(".st-key-go-trip button", MADE)
            hand.walked.said = f"{hand.page.locator('text=/S-a făcut referirea R-/').count()} referrals"

    def two_needs_plain(self) -> None:
        """Walk the same on the plain pages."""
        with self.task("two needs asked, one trip, both referred: plain", "team") as hand:
            hand.open("/simplu/gasiti", "#cuvinte")
            hand.write("#cuvinte", TWO_NEEDS)
            hand.tap("form.box button.main", f"button:has-text('{BOTH}')")
            hand.high()
            hand.tap(f"button:has-text('{BOTH}')", "input[value=consent]")
            hand.tick("input[value=consent]")
            hand.tap("form.box button.main", MADE)
            hand.walked.said = f"{hand.page.locator(MADE).count()} referrals"

    def follow(self) -> None:
        """Say that a provider has accepted, and that another has refused."""
        with self.task("follow: accepted", "team") as hand:
            hand.open("/referiri", "[class*=st-key-hs-ref-]")
            hand.high()
            card = f".st-key-hs-ref-{self.number}"
            is_there = hand.page.locator(f"{card} a[href^='tel:']").count()
            hand.walked.said = "telephone on the card" if is_there else "NO TELEPHONE ON THE CARD"
            hand.tap(f"{card} button:has-text('acceptat')", "[role=status]:has-text('accept')")
        with self.task("follow: refused", "team") as hand:
            card = f".st-key-hs-ref-{self._refer(hand)}"
            hand.start_here()
            hand.open("/referiri", card)
            fold = f"{card} [class*=st-key-fold-decline-]"
            hand.tap(f"{card} summary:has-text('Refuz')", f"{fold} [data-testid=stSelectbox] input")
            hand.tap(f"{fold} [data-testid=stSelectbox] input", "[role=option]")
            hand.tap("[role=option] >> nth=0", f"{fold} button:has-text('refuzat')")
            hand.tap(f"{fold} button:has-text('refuzat')", "[role=status]:has-text('refuz')")

    def next_best(self) -> None:
        """After a refusal: what else is there."""
        with self.task("next best after a refusal", "team") as hand:
            hand.open("/astazi", "[class*=st-key-today-next-] button:visible")
            choices = hand.page.locator("[class*=st-key-today-next-] button:visible").count()
            hand.tap("[class*=st-key-today-next-] button:visible", MADE)
            hand.walked.said = f"{choices} choices on „Astăzi” for all refused and expired"

    def wrong_number(self) -> None:
        """Report a wrong telephone number, and another one for the county to settle on the plain pages."""
        with self.task("report a wrong telephone number", "team") as hand:
            self._ask(hand)
            hand.start_here()
            self._report_wrong(hand, 0)
        with self.task("report another", "team") as hand:
            self._ask(hand)
            hand.tap(".hs-is-ask .hs-unfold:not([open]) > summary:visible", "[class*=st-key-wrong-] button:visible")
            self._report_wrong(hand, 1)

    def _report_wrong(self, hand: Hand, place: int) -> None:
        button = f"[class*=st-key-wrong-] button:visible >> nth={place}"
        hand.tap(button, ".st-key-ce [role=radiogroup] label")
        hand.tap(".st-key-ce [role=radiogroup] label:has-text('umăr')", ".st-key-corect input")
        hand.write(".st-key-corect input", "0234555123")
        hand.page.keyboard.press("Tab")
        hand.tap("[class*=st-key-send-] button", "text=/transmis/")

    def monthly(self) -> None:
        """File the monthly report of a community that has one to file."""
        with self.task("file the monthly report", "team", community=LATE) as hand:
            hand.open("/simplu/raport-lunar", "main a:is(:has-text('Completați'), :has-text('Corectați'))")
            hand.tap("main a:is(:has-text('Completați'), :has-text('Corectați'))", "form button.main")
            hand.high()
            hand.tap("form button[value=verifica]:visible", "table.checked")
            hand.walked.said = "checked beside last month before it is filed"
