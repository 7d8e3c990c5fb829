"""Which pages there are: file, address and title. `/` is no page of its own: it opens on one of them (`pages.main`)."""

from __future__ import annotations

from core.i18n import _

COMMUNITIES = "comunitati"
REGISTERS = "registre"
COVERAGE = "acoperire"
FIGURES = "rapoarte"
FINDER = "gasiti"
TODAY = "astazi"
CAMPAIGNS = "campanii"
LIST = "lista"
ASKED_WITH = ("loc", "nevoie")  # fields of a question in an address: with one of them `/` is the finder for everybody


def sitemap() -> list[tuple[str, str, str]]:
    """Return (file beside this one, address without slashes, title) of every page."""
    return [
        ("today.py", TODAY, _("Astăzi")),
        ("find.py", FINDER, _("Găsiți un serviciu")),
        ("referrals.py", "referiri", _("Referiri")),
        ("campaigns.py", CAMPAIGNS, _("Campanii de locuri")),
        ("news.py", "noutati", _("Noutăți")),
        ("map.py", "harta", _("Harta")),
        ("visit_list.py", LIST, _("Lista pentru persoană")),
        ("local.py", "local", _("Resurse locale")),
        ("case_desk.py", "cazuri", _("Cazuri: activități, mutări, uniri")),
        ("county_supervision.py", "supervizare", _("Supervizare")),
        ("case_needs.py", "nevoi", _("Nevoile din cazuri")),
        ("communities.py", COMMUNITIES, _("Comunități")),
        ("coverage.py", COVERAGE, _("Acoperire")),
        ("figures.py", FIGURES, _("Rapoarte")),
        ("registers.py", REGISTERS, _("Registre")),
    ]


def addresses() -> frozenset[str]:
    """Return the addresses under which a page answers, with their slash; `/` is one."""
    return frozenset(("/", *(f"/{address}" for _file, address, _title in sitemap())))
