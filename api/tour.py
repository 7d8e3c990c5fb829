"""The five-minute tour of a demonstration, by role: numbered steps, each with what to press and what is seen then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import page_frame
from api.http.endpoint import as_endpoint
from core.i18n import _

if TYPE_CHECKING:
    from api.http.request_view import RequestView

ADDRESS = "/simplu/tur"
_QUESTION = "loc=24098&nevoie=elderly-alone"  # Parincea, an elderly person alone
_TWO_NEEDS = f"{_QUESTION}&nevoie=hot-meal"
_SERVICE = "8891CZ-C-II"  # day centre for children at risk: with enough services and needs to be compared


@dataclass(frozen=True)
class TourStep:
    """One step. do: what to do; see: what is seen then; application, plain: where, in either kind, or empty."""

    do: str
    see: str
    application: str = ""
    plain: str = ""


@dataclass(frozen=True)
class Tour:
    """The tour of one role. role: in the address; enters_as: what the form of roles sends; name: of the role."""

    role: str
    name: str
    enters_as: str
    button: str
    steps: tuple[TourStep, ...]


def routes() -> list[BaseRoute]:
    """Return the route of the tour.

    Returns
    -------
    list of BaseRoute
        One page; a live home leads to its help instead.
    """
    return [Route(ADDRESS, as_endpoint(show, is_public=True), methods=["GET"])]


def show(view: RequestView) -> Response:
    """Show the tour of the role that is asked for, the team's first; there is none outside of a demonstration."""
    if not view.home.is_demo:
        return RedirectResponse("/simplu/ajutor", 303)
    every = tours()
    asked = view.request.query_params.get("rol", "")
    tour = next((each for each in every if each.role == asked), every[0])
    return page_frame.page(view, "tour.html", tour=tour, tours=every, address=ADDRESS)


def tours() -> tuple[Tour, ...]:
    """Return the tours of all roles, in the language of this request.

    Returns
    -------
    tuple of Tour
        Team, county unit, national level, provider.
    """
    unit = _("Intrați ca unitatea județeană Bacău")
    return (
        Tour("echipa", _("Echipa comunitară"), "team:24089", _("Intrați ca echipa din Parincea"), _team()),
        Tour("judet", _("Unitatea județeană"), "county:BC", unit, _county()),
        Tour("national", _("Nivelul național"), "national:", _("Intrați ca nivelul național"), _national()),
        Tour("furnizor", _("Furnizorul"), "county:BC", unit, _provider()),
    )


def _team() -> tuple[TourStep, ...]:
    return (
        TourStep(
            _("Deschideți prima pagină."),
            _("Ce aveți de făcut azi: răspunsuri noi, refuzuri, ce expiră și rapoartele lunare."),
            "/",
            "/simplu",
        ),
        TourStep(
            _("Căutați pentru „Vârstnic singur” din Parincea, 72 de ani."),
            _("Întâi ce este la cel mult o oră, cu numărul de locuri și ziua în care s-a aflat; apoi cine vine acasă."),
            f"/?{_QUESTION}",
            "/simplu/gasiti",
        ),
        TourStep(
            _("Apăsați „Am sunat” la primul serviciu și notați 2 locuri."),
            _("Starea se schimbă pe loc; lista nu se mută sub deget."),
            f"/?{_QUESTION}",
            "/simplu/gasiti",
        ),
        TourStep(
            _("Apăsați „Referiți” și alegeți temeiul legal."),
            _("Un cod de referire, termenul cu ziua săptămânii și biletul de dat persoanei."),
            f"/?{_QUESTION}",
            "/simplu/gasiti",
        ),
        TourStep(
            _("Adăugați a doua nevoie: o masă caldă."),
            _("Un singur drum pentru amândouă și un singur buton care referă la tot drumul."),
            f"/?{_TWO_NEEDS}",
            "/simplu/gasiti",
        ),
        TourStep(
            _("Deschideți „Referiri”."),
            _("Telefonul furnizorului, „Ce a spus?” și, după un refuz, următoarele servicii potrivite."),
            "/referiri",
            "/simplu/referiri",
        ),
        TourStep(
            _("Deschideți raportul lunar."),
            _("Luna trecută lângă fiecare câmp; nimic nu se depune înainte de verificare."),
            "/rapoarte",
            "/simplu/raport-lunar",
        ),
    )


def _county() -> tuple[TourStep, ...]:
    return (
        TourStep(
            _("Deschideți prima pagină a județului."),
            _("Câte semnale, rapoarte și furnizori fără raport așteaptă."),
            "/",
            "/simplu/judetul-meu",
        ),
        TourStep(
            _("Deschideți coada județului."),
            _("Toate referirile, cu filtre după comunitate, stare și vechime; nimic nu se închide în tăcere."),
            "/referiri",
            "/simplu/judetul-meu",
        ),
        TourStep(
            _("Acceptați sau respingeți un semnal din „De verificat”."),
            _("Numărul publicat lângă cel propus; după „Acceptați” îl văd toți, cu ziua."),
            "/referiri",
            "/simplu/judetul-meu",
        ),
        TourStep(
            _("Deschideți „Campanii de locuri”: una este pornită de zece zile."),
            _(
                "Jumătate din furnizori au răspuns; pe ceilalți îi sunați sau le amintiți. "
                "Mesajele sunt în dosarul „outbox”."
            ),
            "/campanii",
            "/simplu/campanii",
        ),
        TourStep(
            _("Deschideți rapoartele lunare ale comunităților."),
            _("Luna trecută, luna aceasta și diferența, cu un semn unde ceva nu se potrivește."),
            "/rapoarte",
            "/simplu/raport-lunar",
        ),
        TourStep(
            _("Deschideți „Acoperire” pentru centrele de zi pentru copii în risc."),
            _("Câți copii nu au loc azi, câți depind de câteva telefoane și ce ar ajuta, cu costul pe an."),
            f"/acoperire?serviciu={_SERVICE}&judet=BC",
        ),
    )


def _national() -> tuple[TourStep, ...]:
    return (
        TourStep(
            _("Deschideți „Rapoarte”."),
            _("Întâi ce nu merge, față de țintă; apoi harta și clasamentul, cel mai rău întâi."),
            "/rapoarte",
        ),
        TourStep(
            _("Alegeți un județ din clasament."),
            _("Aceiași indicatori pentru comunitățile lui; numerele mici sunt ascunse numai publicului."),
            "/rapoarte?zona=BC",
        ),
        TourStep(
            _("Deschideți o comunitate."),
            _("Fișa ei: populație, marginalizare, servicii aproape și ce lipsește."),
            "/comunitati",
        ),
        TourStep(
            _("Comparați județele alăturat."),
            _("Aceeași scară pe fiecare hartă: cine găsește un loc liber aproape și cine nu."),
            f"/harta?serviciu={_SERVICE}",
            f"/simplu/harta/judete?serviciu={_SERVICE}",
        ),
        TourStep(
            _("Deschideți „Acoperire” pentru toată țara."),
            _("Trei numere întâi, apoi lipsurile cele mai mari; fișiere PDF și XLSX cu aceleași cifre."),
            f"/acoperire?serviciu={_SERVICE}",
        ),
    )


def _provider() -> tuple[TourStep, ...]:
    return (
        TourStep(
            _("Ca unitate județeană, deschideți „Furnizorii județului”."),
            _("Furnizorul nu are cont: primește un link pentru serviciul lui."),
            "/referiri",
            "/simplu/furnizori",
        ),
        TourStep(
            _("Apăsați butonul de la un furnizor și deschideți linkul arătat."),
            _("Pagina furnizorului: fără meniu, cu o singură întrebare."),
            plain="/simplu/furnizori",
        ),
        TourStep(
            _("Scrieți 3 locuri libere și trimiteți."),
            _("Pagina repetă ce ați scris și de când este valabil."),
            plain="/simplu/furnizori",
        ),
        TourStep(
            _("Căutați din Parincea un serviciu de felul lui."),
            _("Echipele văd „3 locuri libere, raportat azi”."),
            f"/?{_QUESTION}",
            "/simplu/gasiti",
        ),
        TourStep(
            _("Ca echipă, deschideți o referire și apăsați „Link pentru furnizor”."),
            _("Furnizorul acceptă, refuză cu motiv sau cere să fie sunat; răspunsul apare la echipă."),
            "/referiri",
            "/simplu/referiri",
        ),
    )
