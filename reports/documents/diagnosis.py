"""The diagnosis of a community, as its plan of services needs it: who lives there, what is near, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.cells import int_or_none
from core.i18n import _, ngettext, number
from core.storage.editions import EditionStore
from core.storage.import_kinds import AUTHORITY, MEASURED, REGISTRIES
from geo.layers.atlas_layer import atlas_layer, class_name
from geo.maps.map_style import HERE_COLOUR
from geo.spatial.crs import METRIC_CRS, to_metric
from providers.rules import taxonomy
from providers.rules.travel_words import unreachable_words
from providers.rules.wording import registry_words
from referrals.records import roles
from referrals.records.roles import Area
from reports.indicators.community_reach import COMMUNITY_REACH_MINUTES, is_open
from reports.output.pdf import PdfColumn, ReportPdf, heading, paragraph, table
from reports.output.pdf_map import EMPTY, RAMP, PdfDot, PdfLegendKey, draw_map
from reports.views.diagnosis_from_cases import write_from_cases

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory
    from reports.views.report_views import ReportView

AGES = {
    "children": tuple(f"age_{n}_{n + 4}" for n in range(0, 15, 5)),
    "young": ("age_15_19", "age_20_24"),
    "old": (*(f"age_{n}_{n + 4}" for n in range(65, 85, 5)), "age_85_plus"),
}
_FAR_MINUTES = 60.0
_MAP_KM = 22.0


@dataclass(frozen=True)
class CommunityPeople:
    """Who lives in a UAT; None where the layer was not imported. Rates are per cents."""

    population: int | None
    children: int | None
    young: int | None
    old: int | None
    atlas_class: int | None
    rate_percent: float | None
    marginalised: int | None


def people_of(view: ReportView, directory: Directory) -> CommunityPeople:
    """Look a community up in the population and the atlas."""
    store, uat = EditionStore(view.gathered.home), int(view.area)
    population = store.current_table("population", "population")
    rural, urban = (store.current_table(kind, "atlas") for kind in ("atlas-rural", "atlas-urban"))
    layer = atlas_layer(directory.gazetteer.uats, rural, urban, population)
    row = layer[layer["uat_siruta"] == uat].iloc[0]
    ages: dict[str, int | None] = dict.fromkeys(AGES)
    if population is not None:
        mine = population[population["uat_siruta"] == uat]
        if len(mine):
            ages = {name: int_or_none(mine[list(columns)].iloc[0].sum(min_count=1)) for name, columns in AGES.items()}
    rate = row["rate_percent"]
    return CommunityPeople(
        population=int_or_none(row["population"]),
        atlas_class=int_or_none(row["atlas_class"]),
        rate_percent=None if pd.isna(rate) else float(rate),
        marginalised=int_or_none(row["people_marginalised"]),
        **ages,
    )


def near_types(view: ReportView, directory: Directory) -> pd.DataFrame:
    """Find the nearest open service of every type at a known place.

    Columns: `service_type`, `name`, `category`, `minutes` (NaN where the country has none), `within` (how many at
    most COMMUNITY_REACH_MINUTES away).
    """
    snapshot = directory.snapshot()
    catalogue = snapshot.catalogue
    services = catalogue.services
    place = view.gathered.within("community", view.area).iloc[0]
    usable = (
        is_open(catalogue, view.gathered.day)
        & (catalogue.rules.delivery == "at_site")
        & services["lat"].notna().to_numpy()
    )
    minutes, _metres = snapshot.travel.in_bulk.car.travel_times(
        float(place["lat"]),
        float(place["lon"]),
        services["lat"].to_numpy("float64")[usable],
        services["lon"].to_numpy("float64")[usable],
    )
    table = pd.DataFrame({"service_type": services["service_type"].to_numpy(object)[usable], "minutes": minutes})
    grouped = table.groupby("service_type")["minutes"].agg(
        minutes="min", within=lambda m: int((m <= COMMUNITY_REACH_MINUTES).sum())
    )
    rows = []
    for code, one in taxonomy.service_types().items():
        if one.delivery != "at_site" or one.is_secret or one.registry == AUTHORITY or one.for_aggressors:
            continue
        found = grouped.loc[code] if code in grouped.index else None
        rows.append(
            (
                code,
                one.name,
                one.category,
                np.nan if found is None else float(found["minutes"]),
                0 if found is None else int(found["within"]),
            )
        )
    return pd.DataFrame(rows, columns=["service_type", "name", "category", "minutes", "within"])


def write_diagnosis(document: ReportPdf, view: ReportView, directory: Directory, *, reader: Actor | None) -> None:
    """Write the sections of the diagnosis. reader: for whom; the plan in force is for its team and its county unit."""
    _who(document, view, directory)
    _reach(document, view, directory)
    _gaps(document, view, directory)
    if not view.is_public:
        uat, county = int(view.area), str(view.gathered.within("community", view.area).iloc[0]["county"])
        has_plan = reader is not None and roles.allows(reader, "case.read", Area(county, uat))
        write_from_cases(document, uat, near_types(view, directory), directory, has_plan=has_plan)


def _who(document: ReportPdf, view: ReportView, directory: Directory) -> None:
    people = people_of(view, directory)
    heading(document, _("Cine locuiește aici"), _("Recensământ și atlas; o liniuță înseamnă că nu se știe."))

    def line(name: str, count: int | None) -> tuple[str, str, str]:
        share = "" if not count or not people.population else f"{number(100 * count / people.population, 1)} %"
        return name, "–" if count is None else number(count), share

    rows = [
        line(_("Locuitori"), people.population),
        line(_("Copii sub 15 ani"), people.children),
        line(_("Tineri de 15–24 de ani"), people.young),
        line(_("Vârstnici, de la 65 de ani"), people.old),
        line(_("Persoane în zone marginalizate (din atlas)"), people.marginalised),
    ]
    table(
        document,
        [PdfColumn(_("Grup"), 4), PdfColumn(_("Persoane"), 1.2, "R"), PdfColumn(_("Din locuitori"), 1.2, "R")],
        rows,
    )
    if people.atlas_class is not None and people.rate_percent is not None:
        paragraph(
            document,
            _("În atlas comunitatea este de clasa {n} din 4: {words} ({rate} % din locuitori).").format(
                n=people.atlas_class, words=class_name(people.atlas_class), rate=number(people.rate_percent, 1)
            ),
        )


def _reach(document: ReportPdf, view: ReportView, directory: Directory) -> None:
    heading(
        document,
        _("Servicii la îndemână"),
        _("Cel mai apropiat serviciu deschis din fiecare registru și câte sunt la cel mult {n} de minute.").format(
            n=int(COMMUNITY_REACH_MINUTES)
        ),
    )
    catalogue = directory.snapshot().catalogue
    mine = view.gathered.reached[view.gathered.reached["uat_siruta"] == int(view.area)]
    rows, dots = [], []
    for row in mine.to_dict("records"):
        if pd.isna(row["minutes"]):
            rows.append((registry_words(row["registry"]), _("niciunul"), "–", "0"))
            continue
        service = catalogue.service(row["service_id"])
        town = f", {service['locality']}" if isinstance(service["locality"], str) and service["locality"] else ""
        rows.append(
            (registry_words(row["registry"]), f"{service['name']}{town}", number(row["minutes"]), number(row["within"]))
        )
        x, y = to_metric(float(service["lat"]), float(service["lon"]))[0]
        dots.append(PdfDot(float(x), float(y), REGISTRIES[row["registry"]].colour, 1.5))
    columns = [
        PdfColumn(_("Fel"), 1.1),
        PdfColumn(_("Cel mai apropiat"), 4),
        PdfColumn(_("Minute"), 0.8, "R"),
        PdfColumn(_("Câte sunt"), 0.9, "R"),
    ]
    table(document, columns, rows)
    _around(document, view, dots)


def _around(document: ReportPdf, view: ReportView, dots: list[PdfDot]) -> None:
    edition = EditionStore(view.gathered.home).current("boundaries")
    if edition is None:
        return
    import shapely

    place = view.gathered.within("community", view.area).iloc[0]
    x, y = (float(v) for v in to_metric(float(place["lat"]), float(place["lon"]))[0])
    half = _MAP_KM * 1000
    box = shapely.box(x - 1.55 * half, y - half, x + 1.55 * half, y + half)
    layer = edition.layer("map").to_crs(METRIC_CRS)
    layer = layer[layer.intersects(box)]
    shapes = []
    for code, shape in zip(layer["uat_siruta"], layer.geometry, strict=True):
        cut = shapely.intersection(shapely.make_valid(shape), box)
        parts = shapely.get_parts(cut)
        solid = shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
        if not solid.is_empty:
            shapes.append((solid, RAMP[1] if code == int(view.area) else EMPTY))
    if not shapes:
        return
    near = [dot for dot in dots if box.covers(shapely.Point(dot.x, dot.y))]
    here = PdfDot(x, y, HERE_COLOUR, 2.0, str(place["name"]))
    legend = [PdfLegendKey(HERE_COLOUR, _("centrul comunității"), is_dot=True)]
    legend += [PdfLegendKey(REGISTRIES[name].colour, registry_words(name).lower(), is_dot=True) for name in MEASURED]
    draw_map(document, shapes, [*near, here], legend=legend, tall=60.0)


def _nearest_words(minutes: Any, view: ReportView) -> str:
    if pd.isna(minutes):
        return _("niciunul în țară")
    return unreachable_words(view.gathered.travel) if np.isinf(minutes) else number(minutes) + " min"


def _gaps(document: ReportPdf, view: ReportView, directory: Directory) -> None:
    types = near_types(view, directory)
    missing = types[~(types["minutes"] <= COMMUNITY_REACH_MINUTES)].sort_values(["category", "minutes"])
    heading(
        document,
        _("Ce lipsește"),
        _("Categorii de servicii fără niciunul deschis la cel mult {n} de minute, cu cel mai apropiat.").format(
            n=int(COMMUNITY_REACH_MINUTES)
        ),
    )
    if missing.empty:
        paragraph(document, _("Toate tipurile de servicii au cel puțin unul la îndemână."))
        return
    covered = set(types.loc[types["minutes"] <= COMMUNITY_REACH_MINUTES, "category"])
    first = missing[~missing["category"].isin(covered)].drop_duplicates("category")
    rows = [
        (
            str(row["category"]),
            _nearest_words(row["minutes"], view),
            str(row["name"]),
        )
        for row in first.to_dict("records")
    ]
    far = int((missing["minutes"] > _FAR_MINUTES).sum() + missing["minutes"].isna().sum())
    if rows:
        table(
            document,
            [PdfColumn(_("Categorie"), 3), PdfColumn(_("La"), 1, "R"), PdfColumn(_("Cel mai apropiat fel"), 3)],
            rows,
            size=8,
        )
    paragraph(
        document,
        ngettext(
            "Din {all} tip de serviciu, {near} la îndemână, {far} la peste o oră sau inexistente.",
            "Din {all} tipuri de servicii, {near} la îndemână, {far} la peste o oră sau inexistente.",
            len(types),
        ).format(all=len(types), near=len(types) - len(missing), far=far),
    )
