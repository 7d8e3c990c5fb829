"""The day of a county unit, of the nation and of a provider: deciding, comparing, inviting."""

from __future__ import annotations

from bench.walk.hand import DESK, PHONE, SCROLLER
from bench.walk.tasks import COUNTY, TITLE, Tasks

DAY_CENTRE = "8891CZ-C-II"


class CountyTasks(Tasks):
    """What is done at a desk, and the provider's one page."""

    walks = ("settle", "settle_plain", "county_report", "coverage", "plan", "indicator", "invite", "provider")
    link = ""

    def settle(self) -> None:
        """Settle what a team reported as wrong."""
        with self.task("the county settles the reported number", "county", DESK) as hand:
            hand.open("/referiri", "text=De verificat")
            hand.high()
            hand.tap("[class*=st-key-signal-accept-] button", "text=este acceptat")

    def settle_plain(self) -> None:
        """Settle another on the plain pages."""
        with self.task("the county settles the reported number: plain", "county", DESK) as hand:
            hand.open("/simplu/judetul-meu", "text=De verificat")
            hand.high()
            hand.tap("button[name=pas][value=accept]", ".done")

    def county_report(self) -> None:
        """Accept a monthly report."""
        with self.task("county: a monthly report accepted", "county", DESK) as hand:
            hand.open("/rapoarte", ".st-key-reports_view")
            hand.tap(".st-key-reports_view button >> nth=1", "[class*=st-key-monthly_open_] button")
            hand.tap("[class*=st-key-monthly_open_] button:has-text('Verificați')", ".st-key-monthly_accept button")
            hand.high()
            hand.tap(".st-key-monthly_accept button", "[role=status]")

    def coverage(self) -> None:
        """First look at the coverage of a service."""
        with self.task("county: coverage, first look", "county", DESK) as hand:
            hand.open("/acoperire", ".st-key-cov_serviciu input")
            hand.write(".st-key-cov_serviciu input", "copii în risc")
            hand.tap("[role=option]", ".hs-src")
            hand.high()
            top = hand.page.evaluate(f"() => ({SCROLLER}).scrollTop")
            hand.walked.said = f"scrolled by itself to {top:.0f} px"

    def plan(self) -> None:
        """Two plans of a county, side by side."""
        with self.task("county: two plans compared", "county", DESK) as hand:
            hand.open(f"/acoperire?serviciu={DAY_CENTRE}&judet={COUNTY}", ".st-key-cov_tab button")
            hand.tap(".st-key-cov_tab button:has-text('Ce ar ajuta')", ".st-key-cov_plan button")
            hand.tap(".st-key-cov_plan button", "[class*=st-key-cov_delete_]")
            hand.tap(".st-key-cov_plan button", "[class*=st-key-cov_delete_] >> nth=1")
            hand.high()
            hand.page.reload()
            hand.see(".hs-src")
            is_kept = hand.is_there("[class*=st-key-cov_delete_]")
            hand.walked.said = "kept after reload" if is_kept else "GONE AFTER RELOAD"

    def indicator(self) -> None:
        """National: from the figures of the country to one community."""
        with self.task("national: indicator to community", "national", DESK) as hand:
            hand.open("/rapoarte", ".hs-tiles")
            hand.high()
            hand.tap(".hs-ranking a:visible", ".stMain h1")
            hand.walked.said = hand.page.url.split("/")[-1][:60]

    def invite(self) -> None:
        """Invite a provider to report its places."""
        with self.task("county: a provider invited from one list", "county", DESK) as hand:
            hand.open("/referiri", "summary:has-text('Furnizorii județului:')")
            hand.tap("summary:has-text('Furnizorii județului:')", ".st-key-provider_chosen input")
            hand.tap(".st-key-provider_chosen input", "[role=option]")
            hand.tap("[role=option]", ".st-key-provider_link button:not([disabled])")
            hand.tap(".st-key-provider_link button", "text=/l/")
        with self.task("county: a provider invited from one list: plain", "county", PHONE) as hand:
            hand.open("/simplu/furnizori", "button[name=serviciu]")
            hand.high()
            hand.tap("button[name=serviciu]", "#legatura")
            self.link = hand.page.input_value("#legatura")

    def provider(self) -> None:
        """Report places by a provider's link."""
        with self.task("provider: places by the link", None) as hand:
            hand.open(self.link.removeprefix(self.base), TITLE)
            hand.high()
            hand.tap("form button:has-text('2')", ".done")
