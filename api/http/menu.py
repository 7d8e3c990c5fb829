"""The menu of every page, plain or not: a role's entries with the count of its work, and all else behind its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.i18n import _
from referrals.workflow import role_words

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer
    from referrals.records.vocabulary import Actor, Role

TODAY = "today"
# By role, the work first; what is not named here stands behind the name of the role.
_ENTRIES: dict[Role | None, tuple[str, ...]] = {
    None: ("find", "map", "figures"),
    "team": (TODAY, "find", "referrals", "map", "monthly"),
    "county": (TODAY, "referrals", "coverage", "figures", "map"),
    "national": (TODAY, "figures", "communities", "coverage", "map"),
    "admin": (TODAY, "registers", "figures", "coverage", "map"),
}
_OTHERS = (
    "find",
    "referrals",
    "providers",
    "campaigns",
    "visit_list",
    "field",
    "case_desk",
    "supervision",
    "case_needs",
    "local",
    "communities",
    "coverage",
    "figures",
    "registers",
    "programs",
    "map",
)


@dataclass(frozen=True)
class Screen:
    """One screen. address: in the application; plain: of its plain page; where one is empty the other is opened."""

    name: str
    words: str
    address: str
    plain: str

    @property
    def on_plain_pages(self) -> str:
        """Where a plain page leads to it."""
        return self.plain or self.address


@dataclass(frozen=True)
class MenuEntry:
    """One screen as the menu names it. count: work that waits there, 0 = none."""

    screen: Screen
    count: int = 0


@dataclass(frozen=True)
class Menu:
    """What stands in the bar.

    entries: of the role, in order. others: all other screens that are open to it. name: in whose name somebody works,
    in a word or two; role: in full; both empty for nobody, and then `sign_in` says how to begin. news: how much was
    told that is not read; None where nothing is told.
    """

    entries: tuple[MenuEntry, ...]
    others: tuple[MenuEntry, ...]
    name: str
    role: str
    sign_in: str
    news: int | None = None


NO_MENU = Menu((), (), "", "", "")


def menu_for(
    actor: Actor | None, gazetteer: Gazetteer, *, is_demo: bool, count: int = 0, news: int | None = None
) -> Menu:
    """Make the menu of whoever is here.

    Parameters
    ----------
    actor
        Who is signed in; None = nobody.
    gazetteer
        For the name of the area.
    is_demo
        Whether the home is a demonstration, which is open to everybody.
    count
        Work that waits on „Astăzi” (`referrals.today.count_work`).
    news
        How much was told that is not read (`referrals.delivery.news_list.count_news`); None = no bell.

    Returns
    -------
    Menu
        The same on plain pages and in the application.
    """
    sign_in = "" if actor is not None else _("Alegeți un rol") if is_demo else _("Autentificare")
    name = "" if actor is None else role_words.short_words(actor, gazetteer)
    role = "" if actor is None else role_words.actor_words(actor, gazetteer)
    if actor is None and not is_demo:
        return Menu((), (), name, role, sign_in)
    of_role = _ENTRIES[actor.role if actor is not None and actor.role in _ENTRIES else None]
    screens = screens_for(actor)
    entries = tuple(MenuEntry(screens[each], count if each == TODAY else 0) for each in of_role)
    others = tuple(MenuEntry(screens[each]) for each in _OTHERS if each not in of_role and each in screens)
    return Menu(entries, others, name, role, sign_in, news)


def screens_for(actor: Actor | None) -> dict[str, Screen]:
    """Return by name the screens that are open to a role, with their words and addresses."""
    role = None if actor is None else actor.role
    cases = {"county": "/simplu/judetul-meu", "national": "", "admin": ""}.get(role or "", "/simplu/referiri")
    month = f"/rapoarte?raport={actor.uat_siruta}" if actor is not None and role == "team" else "/rapoarte"
    known = (
        Screen(TODAY, _("Astăzi"), "/astazi", "/simplu/astazi"),
        Screen("find", _("Găsiți"), "/gasiti", "/simplu/gasiti"),
        Screen("referrals", _("Referiri"), "/referiri", cases),
        Screen("providers", _("Furnizorii județului"), "", "/simplu/furnizori"),
        Screen("campaigns", _("Campanii de locuri"), "/campanii", "/simplu/campanii"),
        Screen("news", _("Noutăți"), "/noutati", "/simplu/noutati"),
        Screen("visit_list", _("Lista pentru persoană"), "/lista", "/simplu/lista"),
        Screen("field", _("Cazuri, pe teren"), "", "/teren/"),
        Screen("case_desk", _("Cazuri: activități, mutări, uniri"), "/cazuri", ""),
        Screen("supervision", _("Supervizare"), "/supervizare", ""),
        Screen("case_needs", _("Nevoile din cazuri"), "/nevoi", ""),
        Screen("local", _("Resurse locale"), "/local", "/simplu/local"),
        Screen("monthly", _("Raportul lunar"), month, "/simplu/raport-lunar"),
        Screen("communities", _("Comunități"), "/comunitati", ""),
        Screen("coverage", _("Acoperire"), "/acoperire", "/simplu/acoperire"),
        Screen("figures", _("Rapoarte"), "/rapoarte", "/simplu/rapoarte"),
        Screen("registers", _("Registre"), "/registre", ""),
        Screen("programs", _("Alte programe"), "", "/simplu/programe"),
        Screen("map", _("Harta"), "/harta", "/simplu/harta"),
    )
    of_roles = {
        TODAY: role is not None,
        "visit_list": role is not None,
        "monthly": role == "team",
        "field": role == "team",
        "case_desk": role == "team",
        "supervision": role == "county",
        "case_needs": role in ("county", "national", "admin"),
        "providers": role == "county",
        "campaigns": role in ("county", "admin"),
        "programs": role == "admin",
    }
    return {each.name: each for each in known if of_roles.get(each.name, True)}
