"""A file in, an edition out: read, tidied, checked, compared, written to the side, published.

One function for every kind; what differs between kinds is a row of `core.storage.import_kinds`. Nothing is lost:
rows read are rows loaded and rows rejected, and the manifest refuses any other sum.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import BadValueError, EditionError, HomeError, MapError, UnknownCodeError, UnreadableFileError
from core.i18n import _
from core.reading.files import sha256_of
from core.reading.reading_account import TitleUse, open_account
from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.import_kinds import KINDS, READABLE, in_slot, slot_of
from core.storage.source_cards import card_beside, read_card
from core.storage.title_choices import remember_titles, remembered_titles
from geo.gazetteer.gazetteer import load_gazetteer
from providers.imports.file_shaping import ReadRegister, read_file
from providers.imports.identity import identify
from providers.imports.import_checks import require_file, require_rows
from providers.imports.import_guards import concerns, require_confirmed
from providers.imports.import_report import ImportReport, import_report
from providers.imports.prepared_edition import Prepared
from providers.imports.reading_report import Shaped, require_met, with_account
from providers.imports.source_choice import choose_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.storage.home import Home

KNOWN_TABLES = ("services", "withdrawn")  # of an edition: every service that its source ever had


class UnforeseenContentError(UnreadableFileError):
    """Content that no check expected: the file is refused, and the check is missing. The cause has the details."""


class DayNotSaidError(MapError, ValueError):
    """Neither the file of a register nor who imports it says of which day it is."""


def import_file(
    home: Home,
    kind: str,
    path: Path,
    *,
    source: str | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    companion: Path | None = None,
    tell: Callable[[str], object] = str,
    confirmed: bool = False,
    titles: Mapping[str, str] | None = None,
) -> ImportReport:
    """Read a file and put it in force as the new edition of its kind.

    Parameters
    ----------
    home
        Where the edition goes.
    kind
        One of core.storage.import_kinds.READABLE.
    path
        The file; it is read as hostile.
    source
        Which source of a registry it is an edition of; None = the only one that it can be.
    as_of
        Day that the data are of; None = as the file says; a layer's is then its file's.
    dry_run
        Report without writing.
    companion
        A second file that the kind may need.
    tell
        Called with each step in words.
    confirmed
        Whether somebody has said that what gives concern is meant (`providers.imports.import_guards`).
    titles
        Field by title of the file, as a person says; `-` for a title that is none of ours. They are remembered.

    Returns
    -------
    ImportReport
        Rows read, loaded and rejected, and what changed against the edition in force.

    Raises
    ------
    UnknownCodeError
        For a kind that is not read.
    SourceNotNamedError
        Where the registry has sources and it is not said which one this is.
    NotConfirmedError
        Where what the import would do gives concern and is not confirmed; the edition in force stays.
    MapError
        Naming the file, for whatever else is wrong with it.
    """
    read = read_and_shape(home, kind, path, source=source, as_of=as_of, companion=companion, titles=titles, tell=tell)
    store = EditionStore(home)
    chosen = choose_source(store, kind, source, read.layout)
    # One import of a source at a time compares with what is in force and takes its place; the others wait here.
    with nullcontext() if dry_run else store.one_import(slot_of(kind, chosen)):
        tell(_("Compar cu versiunea curentă…"))
        prepared = prepare_shaped(home, kind, path, read, as_of, source=chosen)
        if dry_run:
            return import_report(prepared, None)
        require_confirmed(prepared.manifest, prepared.concerns, confirmed=confirmed)
        tell(_("Scriu ediția…"))
        edition = store.publish(store.stage(prepared.manifest, prepared.tables))
    remember_titles(home, kind, titles or {}, source or "")
    return import_report(prepared, edition)


def prepare(
    home: Home,
    kind: str,
    path: Path,
    *,
    source: str | None = None,
    as_of: date | None = None,
    companion: Path | None = None,
    titles: Mapping[str, str] | None = None,
) -> Prepared:
    """Read, shape and compare a file; writes nothing.

    Parameters
    ----------
    home
        Whose edition in force it is compared with.
    kind
        One of core.storage.import_kinds.READABLE.
    path
        The file; it is read as hostile.
    source
        Which source of a registry it is an edition of; None = the only one that it can be.
    as_of
        Day that the data are of, not later than tomorrow; None = as the file says; a layer's is then its file's.
    companion
        A second file that the kind may need.
    titles
        Field by title of the file, as a person says, beside what was said for earlier files.

    Returns
    -------
    Prepared
        The edition, not yet written.

    Raises
    ------
    UnknownCodeError
        For a kind that is not read.
    SourceNotNamedError
        Where the registry has sources and it is not said which one this is.
    BadValueError
        For a day that has not come, or a source that can be none.
    UnreadableFileError
        Where the file asks for too much memory.
    MapError
        Naming the file, for whatever else is wrong with it.
    """
    shaped = read_and_shape(home, kind, path, source=source, as_of=as_of, companion=companion, titles=titles)
    chosen = choose_source(EditionStore(home), kind, source, shaped.layout)
    return prepare_shaped(home, kind, path, shaped, as_of, source=chosen)


def read_and_shape(
    home: Home,
    kind: str,
    path: Path,
    *,
    source: str | None = None,
    as_of: date | None = None,
    companion: Path | None = None,
    titles: Mapping[str, str] | None = None,
    tell: Callable[[str], object] = str,
) -> Shaped:
    """Read and shape a file without comparing it; raises as `prepare` does."""
    if kind not in READABLE:
        raise UnknownCodeError(
            _("Nu cunosc felul „{kind}”. Alegeți unul dintre: {kinds}.").format(kind=kind, kinds=", ".join(READABLE))
        )
    _refuse_mixing(home, kind)
    if as_of is not None and as_of > datetime.now(UTC).date() + timedelta(days=1):  # somewhere it is tomorrow already
        raise BadValueError(_("Ziua la care se referă datele, {day}, nu a venit încă.").format(day=as_of.isoformat()))
    for file in filter(None, (path, companion)):
        require_file(file)
    tell(_("Citesc {file}…").format(file=path.name))
    try:
        with open_account({**remembered_titles(home, kind, source or ""), **(titles or {})}) as account:
            shaped = read_file(kind, ReadRegister(path, companion, home, load_gazetteer(home), tell))
        require_met(path, account, titles or {})
        shaped = with_account(shaped, account)
    except MapError:
        raise
    except (MemoryError, RecursionError):
        raise UnreadableFileError(_("{file}: fișierul cere prea multă memorie.").format(file=path.name)) from None
    except Exception as error:
        # The message of an error that nobody foresaw may quote a row, and a row may be of a protected address.
        raise UnforeseenContentError(
            _("{file}: conținutul nu are forma așteptată ({error}). Versiunea curentă a rămas neschimbată.").format(
                file=path.name, error=type(error).__name__
            )
        ) from error
    require_rows(path, shaped.rows_read, shaped.rejects)
    return shaped


@dataclass(frozen=True)
class TitleLook:
    """What the titles of a file are read as.

    Attributes
    ----------
    titles
        Each title of the file and its field, "" = not used.
    fields
        Fields that may be chosen, by code, with the title to show.
    question
        What stands in the way of reading the file, in words; "" where nothing does.
    """

    titles: tuple[TitleUse, ...]
    fields: Mapping[str, str]
    question: str = ""


def look_at_titles(home: Home, kind: str, path: Path, *, companion: Path | None = None) -> TitleLook:
    """Read a file only to see what its titles are read as.

    Parameters
    ----------
    home
        Whose remembered choices count.
    kind
        One of core.storage.import_kinds.READABLE.
    path
        The file; it is read as hostile.
    companion
        A second file that the kind may need.

    Returns
    -------
    TitleLook
        Also of a file that cannot be read as it is: `question` then says why.
    """
    question = ""
    with open_account(remembered_titles(home, kind)) as account:
        try:
            read_file(kind, ReadRegister(path, companion, home, load_gazetteer(home)))
        except MapError as error:
            question = str(error)
    return TitleLook(tuple(account.main().titles), account.targets, question)


def may_import(home: Home, kind: str) -> bool:
    """Whether a kind may be imported here: invented and real registers do not mix."""
    return not home.is_demo or KINDS[kind].in_demo


def _refuse_mixing(home: Home, kind: str) -> None:
    if not may_import(home, kind):
        raise HomeError(
            _(
                "{path} este un dosar demonstrativ: registrele reale nu se amestecă cu datele inventate. "
                "Faceți un dosar real cu „harta init” (altă cale în HARTA_HOME)."
            ).format(path=home.path)
        )


def prepare_shaped(
    home: Home, kind: str, path: Path, shaped: Shaped, as_of: date | None = None, *, source: str = ""
) -> Prepared:
    """Compare what a reader shaped with the edition in force of its source ("" = the default one); writes nothing."""
    row, store = KINDS[kind], EditionStore(home)
    digest = sha256_of(path)
    card, dated = source_of(kind, path)
    if row.registry and as_of is None and dated is None:
        raise DayNotSaidError(
            _(
                "{file}: fișierul nu spune la ce dată se referă, iar un registru are vechimea conținutului, nu a "
                "importului. Spuneți data: la terminal cu --as-of AAAA-LL-ZZ, pe ecran în câmpul pentru dată."
            ).format(file=path.name)
        )
    day = (as_of or dated or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()).isoformat()
    moment = datetime.now(UTC)
    main = next(iter(shaped.tables.values()))
    manifest = Manifest(
        kind=kind,
        edition=edition_name(day, digest, moment),
        as_of=day,
        imported_at=moment.isoformat(timespec="microseconds"),
        source=card,
        source_name=in_slot(slot_of(kind, source))[1],
        layout=shaped.layout,
        file=path.name,
        sha256=digest,
        rows_read=shaped.rows_read,
        rows_loaded=shaped.rows_read - len(shaped.rejects),
        rows_rejected=len(shaped.rejects),
        notes=shaped.notes,
        unused=shaped.unused,
    )
    if row.registry and len(main) != manifest.rows_loaded:
        raise EditionError(
            _("{kind}: {read} rânduri citite, dar {loaded} încărcate și {rejected} respinse.").format(
                kind=kind, read=shaped.rows_read, loaded=len(main), rejected=len(shaped.rejects)
            )
        )
    tables = {**shaped.tables, "rejects": shaped.rejects}
    if row.registry:
        tables |= identified_tables(store, tables["services"], row.registry, manifest)
    manifest, tables = store.compared(manifest, tables, key=shaped.key)
    services = tables["services"] if row.registry else None
    before = store.last_table(slot_of(kind, source), "services") if row.registry else None
    latest = store.latest_edition(slot_of(kind, source)) if before is not None else None
    replaced = latest.manifest if latest else None
    return Prepared(manifest, tables, concerns(manifest, shaped.rejects, services, before, replaced))


def source_of(kind: str, path: Path) -> tuple[Source, date | None]:
    """Return the source of a file: its card (`<name>.source.toml` beside it) if there is one, else the kind's."""
    card = card_beside(path)
    if card.exists():
        read = read_card(card)
        return read.source, read.as_of
    return KINDS[kind].source, None


def identified_tables(store: EditionStore, services: pd.DataFrame, registry: str, manifest: Manifest) -> dict[str, Any]:
    """Give services the ids that they have or had in their source, and check the whole table.

    Returns the tables `services`, `withdrawn` and `matches` of an edition (`providers.imports.identity.Identified`).
    """
    from providers.rules.schema import check_services

    before, gone = (store.last_table(slot_of(manifest.kind, manifest.source_name), name) for name in KNOWN_TABLES)
    found = identify(services, before, gone, registry=registry, source=manifest.source_name, as_of=manifest.as_of)
    return {
        "services": with_points(check_services(found.services)),
        "withdrawn": found.withdrawn,
        "matches": found.matches,
    }


def with_points(services: pd.DataFrame) -> Any:
    """Return the services as a GeoDataFrame of WGS84 points, None where a service has no place."""
    import geopandas as gpd

    from geo.spatial.crs import MAP_CRS

    points = gpd.points_from_xy(services["lon"], services["lat"])
    layer = gpd.GeoDataFrame(services, geometry=points, crs=MAP_CRS)
    layer.loc[services["lat"].isna(), "geometry"] = None
    return layer
