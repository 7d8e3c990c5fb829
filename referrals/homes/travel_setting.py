"""Which travel model a home uses: chosen in words, tried before it is in force, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import BadValueError, EditionError, HomeError, UnknownCodeError
from core.i18n import _, number
from core.processes.partitioned_work import ONE_PROCESS
from core.storage.editions import EditionStore
from core.storage.travel_choice import MODELS, TravelChoice, read_travel_choice, write_travel_choice
from providers.catalogue.home_travel import chosen_roads, travel_of
from providers.catalogue.home_travel_table import make_table
from providers.rules.travel_modes import require_season
from providers.rules.travel_words import basis_json, how_measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.processes.partitioned_work import PartRunner
    from core.storage.home import Home
    from geo.spatial.travel import TravelModels
    from providers.catalogue.home_travel_table import TableMade
    from providers.catalogue.snapshot import Snapshot


@dataclass(frozen=True)
class TravelInForce:
    """How the minutes of a home are measured now. choice: None where it cannot be read."""

    choice: TravelChoice | None
    models: TravelModels

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "chosen": None if self.choice is None else vars(self.choice),
            "car": basis_json(self.models.car.basis),
            "walk": basis_json(self.models.walk.basis),
            "country": basis_json(self.models.in_bulk.car.basis),
        }

    def lines(self) -> list[str]:
        """Format it in lines."""
        sentences = [
            _("Cu mașina. {how}").format(how=how_measured(self.models.car.basis)),
            _("Pe jos. {how}").format(how=how_measured(self.models.walk.basis)),
        ]
        if self.models.in_bulk is not self.models:
            sentences.append(_("Hărțile de acoperire, planurile și rapoartele rămân în linie dreaptă, și o spun."))
        if self.choice is not None and self.choice.model == "server":
            sentences.append(
                _(
                    "Serverul {address} află între ce puncte se cer minute, rotunjite la 100 m; nimic despre persoane."
                ).format(address=self.choice.address)
            )
        return sentences


@dataclass(frozen=True)
class MeasuredTable:
    """The table of minutes of a home, measured now or before."""

    table: TableMade

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return vars(self.table)

    def lines(self) -> list[str]:
        """Format it in a line."""
        now = _("Tabelul minutelor este în vigoare.") if self.table.is_new else _("Tabelul minutelor era deja măsurat.")
        form = _("Localități: {origins}; puncte de servicii: {sites}; drumuri: {pairs}.")
        counts = (self.table.localities, self.table.services, self.table.pairs)
        return [f"{now} {form.format(**dict(zip(('origins', 'sites', 'pairs'), map(number, counts), strict=True)))}"]


def measure_table(
    home: Home, snapshot: Snapshot, *, tell: Callable[[str], object] = str, runner: PartRunner = ONE_PROCESS
) -> MeasuredTable:
    """Measure the minutes of every locality to every service by road, and put the table in force.

    Raises BadValueError where the home does not measure by road, EditionError where the table cannot be written.
    """

    def said(done: int, of: int) -> None:
        tell(_("Măsor minutele pe drumuri. Localități: {done}/{of}…").format(done=number(done), of=number(of)))

    try:
        made = make_table(home, snapshot, tell=said, runner=runner)
    except OSError as error:
        raise EditionError(
            _("Tabelul minutelor nu poate fi scris: {why}").format(why=error.strerror or error)
        ) from None
    if made is None:
        raise BadValueError(
            _("Minutele nu sunt aici pe drumuri: alegeți-le întâi cu „harta travel roads”, apoi măsurați tabelul.")
        )
    return MeasuredTable(made)


def in_force(home: Home) -> TravelInForce:
    """Return the choice of a home and the models that it opens."""
    try:
        choice = read_travel_choice(home)
    except HomeError:
        choice = None
    return TravelInForce(choice, travel_of(home))


def travel_faults(home: Home) -> list[str]:
    """Return why what was chosen cannot measure minutes, and what to do; a server that rests is no fault of the home.

    Raises HomeError where the choice cannot be read, EditionError where the roads cannot.
    """
    choice = read_travel_choice(home)
    if choice.model == "roads":
        try:
            chosen_roads(home, choice)
        except EditionError as error:
            raise EditionError(f"{error} {_mend()}") from None
    return []


def _mend() -> str:
    return _(
        "Până atunci minutele sunt în linie dreaptă. Importați din nou drumurile („harta import roads FIȘIER”) sau "
        "alegeți linia dreaptă („harta travel straight_line”)."
    )


def choose(home: Home, model: str, *, season: str = "", engine: str = "", address: str = "") -> None:
    """Put another model in force: roads only where some were imported, a server only where it answers.

    Raises UnknownCodeError for another model or season, BadValueError where there are no roads and for a server that
    may not be asked or does not answer.
    """
    if model not in MODELS:
        raise UnknownCodeError(
            _("Nu cunosc modelul „{name}”; alegeți: {known}.").format(name=model[:30], known=", ".join(MODELS))
        )
    if model == "roads":
        _choose_roads(home, season or "summer")
        return
    if model != "server":
        write_travel_choice(home, TravelChoice(model))
        return
    from geo.routing.routing_server import RoutingServer

    server = RoutingServer(engine, address)
    if not server.is_up():
        raise BadValueError(_("Serverul de rute {address} nu răspunde: nu s-a schimbat nimic.").format(address=address))
    write_travel_choice(home, TravelChoice(model, engine=engine, address=address))


def _choose_roads(home: Home, season: str) -> None:
    require_season(season)
    if EditionStore(home).state(["roads"]) == "roads=":
        raise BadValueError(_("Nu sunt importate drumuri: întâi „harta import roads FIȘIER.osm.pbf”."))
    chosen = TravelChoice("roads", season)
    chosen_roads(home, chosen)  # what cannot be opened is not put in force
    write_travel_choice(home, chosen)
