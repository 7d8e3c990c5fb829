"""What a search for sites could not do, in words: `geo.siting` gives codes and facts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import InfeasibleSitingError, SitingFaultError, UnfinishedSitingError
from core.i18n import N_, _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_NAMES = 5
_OBSTACLES = {
    "more_sites_than_there_are": N_("S-au cerut mai multe locații noi ({n}) decât există ({found})."),
    "no_sites": N_("Nu există niciun serviciu și nicio locație candidată."),
    "out_of_reach": N_(
        "Nu ajung la nicio locație în limita cerută: {names}. Măriți limita sau adăugați locații; altfel se poate "
        "ajunge la cel mult {near} din {people}."
    ),
    "too_few_near": N_(
        "Ajung la o locație în limita cerută cel mult {near} din {people} ({share} %). Măriți limita, adăugați locații "
        "sau cereți o parte mai mică."
    ),
    "too_few_places": N_(
        "Au nevoie de loc {people}, dar oricum s-ar alege locațiile sunt cel mult {places}. Este nevoie de încă {more}."
    ),
    "crowded_corner": N_(
        "În aceste localități sunt {people}, iar la îndemână cel mult {places}: {names}. Măriți limita, locurile sau "
        "adăugați locații acolo."
    ),
    "too_few_sites": N_("Locații noi: {n}. Nu ajung; este nevoie de cel puțin {needed}."),
    "too_little_money": N_("Bugetul de {budget} nu ajunge; este nevoie de cel puțin {needed}."),
    "limits_together": N_(
        "Nicio alegere de locații nu îndeplinește toate limitele cerute împreună. Măriți una dintre ele."
    ),
}


def obstacle_words(error: InfeasibleSitingError) -> str:
    """Return in words what stands in the way, in the language of the request."""
    facts = error.facts
    values: dict[str, object] = {name: facts[name] for name in ("n", "found") if name in facts}
    values |= {name: number(facts[name]) for name in ("near", "budget") if name in facts}
    values |= {name: _places(facts[name]) for name in ("places", "more") if name in facts}
    if "needed" in facts:
        values["needed"] = number(facts["needed"])
    if "people" in facts:
        values["people"] = ngettext("{n} persoană", "{n} persoane", round(facts["people"])).format(
            n=number(facts["people"])
        )
    if "share" in facts:
        values["share"] = number(facts["share"], 1)
    if "names" in facts:
        values["names"] = _names(facts["names"])
    return _(_OBSTACLES[error.code]).format(**values)


@contextmanager
def in_words() -> Iterator[None]:
    """Give the errors of a search for sites their sentences."""
    try:
        yield
    except InfeasibleSitingError as error:
        raise InfeasibleSitingError(obstacle_words(error), error.code, error.facts) from error
    except UnfinishedSitingError as error:
        words = _("Timpul s-a încheiat înainte de a găsi o soluție. Dați mai mult timp.")
        raise UnfinishedSitingError(words) from error
    except SitingFaultError as error:
        raise SitingFaultError(_("Soluția nu trece verificarea: {faults}").format(faults=error)) from error


def _places(count: float) -> str:
    return ngettext("{n} loc", "{n} locuri", round(count)).format(n=number(count))


def _names(names: Sequence[str]) -> str:
    text, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    if more <= 0:
        return text
    return text + " " + ngettext("și încă {n} localitate", "și încă {n} localități", more).format(n=more)
