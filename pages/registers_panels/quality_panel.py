"""„Calitatea datelor”: per source what it holds and lacks; each figure opens its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.exporting import csv_bytes
from core.i18n import _, number
from core.romanian_calendar import BUCHAREST
from core.storage.editions import EditionStore
from core.templating import render_macro
from pages.common import markup, shared
from providers.quality.register_quality import FIGURES, judged_by_list, register_quality, rows_of_figure
from providers.rules.wording import registry_words

if TYPE_CHECKING:
    from core.storage.home import Home

_TEMPLATE = "screen/register_panels.html"
_SHOWN = ["name", "organization", "service_type", "locality", "address", "phone", "licence_until"]
_MOST_ROWS = 50  # on the screen; the file has them all


def draw_quality(home: Home) -> None:
    """Draw the figures of every source, and the rows of the one that is chosen.

    Parameters
    ----------
    home
        The home.
    """
    providers = EditionStore(home).current_table("organizations", "organizations", ["cui", "status"])
    services = judged_by_list(shared.directory(home).published().services, providers)
    day = datetime.now(BUCHAREST).date()
    table = register_quality(services, on=day)
    st.html(markup.render_heading(_("Calitatea datelor")))
    counted = table.to_dict("records")
    of_registry = Counter(row["registry"] for row in counted)
    sources = {
        f"{row['registry']}:{row['source']}": _title(row, is_only=of_registry[row["registry"]] == 1) for row in counted
    }
    figures = [
        (_(each.title), [(number(int(row[code])), bool(each.is_fault and row[code])) for row in counted])
        for code, each in FIGURES.items()
    ]
    st.html(render_macro(_TEMPLATE, "quality", [(title, "hs-num") for title in sources.values()], figures))
    if not sources:
        return
    with st.container(horizontal=True, key="hs-row-quality"):
        source = st.selectbox(_("Sursa"), list(sources), format_func=sources.__getitem__, key="quality-source")
        figure = st.selectbox(
            _("Cifra"), list(FIGURES), index=None, format_func=lambda code: _(FIGURES[code].title),
            key="quality-figure", placeholder=_("Alegeți cifra ale cărei rânduri le vedeți"),
        )  # fmt: skip
    if figure is not None and source is not None:
        _rows(services, figure, source, day)


def _title(row: Mapping[Hashable, object], *, is_only: bool) -> str:
    """Name a source: by its registry, and by its own short name where the registry has several."""
    name = registry_words(str(row["registry"]))
    return name if is_only else f"{name} · {row['source']}"


def _rows(services: pd.DataFrame, figure: str, source: str, day: date) -> None:
    registry, name = source.split(":", 1)
    found = rows_of_figure(services, figure, registry=registry, source=name, on=day)
    title = _("{figure}: {n}").format(figure=_(FIGURES[figure].title), n=number(len(found)))
    plain = found[_SHOWN].astype("object").where(found[_SHOWN].notna(), "")
    plain["licence_until"] = [f"{until:%d.%m.%Y}" if until else "" for until in plain["licence_until"]]
    st.html(render_macro(_TEMPLATE, "rows", title, plain.head(_MOST_ROWS).to_numpy().tolist(), len(found) - _MOST_ROWS))
    if len(found):
        st.download_button(
            _("Descărcați rândurile (CSV)"),
            lambda: csv_bytes(found),
            f"calitate-{registry}-{name}-{figure}.csv",
            "text/csv",
            key="quality-rows",
            on_click="ignore",
        )
