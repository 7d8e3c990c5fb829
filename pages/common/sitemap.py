"""Which pages there are: file, address and title. The one without an address is the start page, at `/`."""

from __future__ import annotations

from core.i18n import _

COMMUNITIES = "comunitati"
REGISTERS = "registre"
COVERAGE = "acoperire"
FIGURES = "rapoarte"


def sitemap() -> list[tuple[str, str, str]]:
    """Return (file beside this one, address without slashes, title) of every page, in the order of the bar."""
    return [
        ("map.py", "harta", _("Harta")),
        ("find.py", "", _("Găsiți un serviciu")),
        ("referrals.py", "referiri", _("Referiri")),
        ("local.py", "local", _("Resurse")),
        ("communities.py", COMMUNITIES, _("Comunități")),
        ("coverage.py", COVERAGE, _("Acoperire")),
        ("figures.py", FIGURES, _("Rapoarte")),
        ("registers.py", REGISTERS, _("Registre")),
    ]


def addresses() -> frozenset[str]:
    """Return the addresses under which a page answers, with their slash."""
    return frozenset(f"/{address}" for _file, address, _title in sitemap())
