"""Pieces of „Comunități” as HTML text: legend, list, a community's own sheet. No Streamlit here.

Text of a list or a register goes through `html.escape`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext, number
from geo.layers.atlas_layer import PRIORITY_HALF
from geo.maps.atlas_view import NOT_IN_ATLAS, class_words
from pages.common import markup, stacked
from pages.common.sitemap import COMMUNITIES
from providers.finder.offer_view import places_badge
from providers.rules import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from providers.finder.community_sheet import CommunitySheet, CountyUnit, ServiceKind
    from providers.rules.taxonomy import ServiceType

PARAMETER = "comunitate"
SHEET = f"/{COMMUNITIES}?{PARAMETER}="  # a SIRUTA code follows


def kind_words(kind: str) -> str:
    """Say what kind of unit it is."""
    return {
        "commune": _("comună"),
        "town": _("oraș"),
        "municipality": _("municipiu"),
        "sector": _("sector"),
    }.get(kind, kind)


def registry_words(registry: str) -> str:
    """Name a register as a heading."""
    return {
        "social": _("Servicii sociale"),
        "medical": _("Sănătate"),
        "education": _("Educație"),
        "employment": _("Ocupare"),
    }[registry]


def people(count: int) -> str:
    """Count people: un om, 1.234 de oameni."""
    return ngettext("{n} om", "{n} oameni", count).replace("{n}", number(count))


def legend(counted: Iterable[tuple[int, str, int]], communities: int, *, is_approximate: bool) -> str:
    """Explain the colours in words, each with how many units it has; and what the outlines are."""
    lines = "".join(
        f'<li><i class="hs-class hs-class-{code}"></i>{escape(words)}: {number(count)}</li>'
        for code, words, count in counted
        if count or code != NOT_IN_ATLAS
    )
    marked = ngettext("{n} comunitate a proiectului", "{n} comunități ale proiectului", communities).format(
        n=communities
    )
    outlines = (
        _("Limitele sunt aproximative: sunt făcute din pozițiile localităților, nu sunt cele oficiale.")
        if is_approximate
        else _("Limitele sunt cele importate, simplificate pentru ecran.")
    )
    return (
        f'<div class="hs-map-notes"><ul class="hs-legend">{lines}'
        f'<li><i class="hs-class hs-key-community"></i>{escape(marked)}</li></ul><p>{escape(outlines)}</p></div>'
    )


def formula() -> str:
    """Write how the priority comes about, with an example."""
    words = _(
        "Prioritate = clasa + p / (p + {half}), unde p este numărul de oameni din zone marginalizate. Clasa hotărăște; "
        "numărul de oameni ordonează în interiorul ei: {half} de oameni cântăresc cât o jumătate de clasă și "
        "niciun număr nu cântărește cât o clasă întreagă. Aceeași formulă pentru comune și orașe."
    ).format(half=number(PRIORITY_HALF))
    example = _("Exemplu: clasa 4 și 500 de oameni înseamnă 4 + 500 / 1.500 = 4,33.")
    note = _("Este formula noastră, pentru a ordona lista; nu este un indicator oficial.")
    return (
        f'<details class="hs-more"><summary>{escape(_("Cum se calculează prioritatea"))}</summary>'
        f"<p>{escape(words)}</p><p>{escape(example)} {escape(note)}</p></details>"
    )


def table(rows: pd.DataFrame, *, caption: str) -> str:
    """List units of the atlas, each name leading to its sheet. rows: VIEW_COLUMNS."""
    heads = (
        (_("Unitatea"), ""), (_("Clasa"), ""), (_("Rata, %"), "hs-num"), (_("Oameni"), "hs-num"),
        (_("Marginalizați"), "hs-num"), (_("Prioritate"), "hs-num"),
    )  # fmt: skip
    head = "".join(f'<th scope="col" class="{kind}">{escape(words)}</th>' for words, kind in heads)
    names = [words for words, _kind in heads]
    body = stacked.labelled("".join(_row(row) for row in rows.to_dict("records")), names)
    return (
        f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="hs-grid {stacked.kind(names)}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: dict[Any, Any]) -> str:
    code = NOT_IN_ATLAS if pd.isna(row["atlas_class"]) else int(row["atlas_class"])
    grade = f'<i class="hs-class hs-class-{code}"></i> {escape(_short_class(code))}'
    name = f'<a href="{SHEET}{int(row["uat_siruta"])}" target="_self">{escape(row["name"])}</a>'
    where = _("{kind}, județul {county}").format(kind=kind_words(row["kind"]), county=row["county_name"])
    marks = ", ".join(filter(None, (where, _short_status(row["status"]))))
    return (
        f'<tr><th scope="row">{name} <span class="hs-soft">{escape(marks)}</span></th>'
        f'<td class="hs-grade">{grade}</td>'
        f'<td class="hs-num">{_known(row["rate_percent"], 1)}</td><td class="hs-num">{_known(row["population"])}</td>'
        f'<td class="hs-num">{_known(row["people_marginalised"])}</td>'
        f'<td class="hs-num">{_known(row["priority"], 2)}</td></tr>'
    )


def _status(status: str) -> str:
    return {
        "confirmed": _("comunitate confirmată"),
        "invented": _("comunitate inventată pentru demonstrație"),
    }.get(status, "")


def _short_status(status: str) -> str:
    return {"confirmed": _("confirmată"), "invented": _("inventată")}.get(status, "")


def _short_class(code: int) -> str:
    words = {4: _("severă"), 3: _("peste medie"), 2: _("sub medie"), 1: _("fără")}
    return f"{code}, {words[code]}" if code in words else class_words(code)


def _known(value: Any, digits: int = 0) -> str:
    return "–" if pd.isna(value) else number(float(value), digits)


def title(row: dict[str, Any]) -> str:
    """Head a community's sheet: which unit it is and whether, and by whose word, it is on the project's list."""
    where = _("{kind} în județul {county}, cod SIRUTA {code}").format(
        kind=kind_words(row["kind"]), county=row["county_name"], code=row["uat_siruta"]
    )
    listed = _status(row["status"]) or _("nu este pe lista comunităților proiectului")
    back = f'<p class="hs-back"><a href="/{COMMUNITIES}" target="_self">← {escape(_("Toate comunitățile"))}</a></p>'
    return "".join((back, markup.render_title(str(row["name"]), f"{where}; {listed}.")))


def atlas_facts(row: dict[str, Any], *, leads_to: str = "") -> str:
    """Draw the atlas figures and the population of one unit as a list of facts.

    leads_to: address of the project's figures for it, blank where there are none.
    """
    code = NOT_IN_ATLAS if pd.isna(row["atlas_class"]) else int(row["atlas_class"])
    facts = [
        (_("Clasa de marginalizare"), class_words(code) if not code else f"{code}, {class_words(code)}"),
        (_("Rata de marginalizare"), f"{_known(row['rate_percent'], 1)} %" if pd.notna(row["rate_percent"]) else ""),
        (_("Populație"), people(int(row["population"])) if pd.notna(row["population"]) else _("necunoscută")),
        (
            _("În zone marginalizate"),
            people(int(row["people_marginalised"])) if pd.notna(row["people_marginalised"]) else "",
        ),
        (_("Indicele dezvoltării umane locale"), _known(row["lhdi"], 1) if pd.notna(row["lhdi"]) else ""),
        (_("Prioritate"), _known(row["priority"], 2) if pd.notna(row["priority"]) else ""),
        (_("Pe listă după"), row["source"]),
        (_("Notă"), _(row["note"]) if isinstance(row["note"], str) else ""),
    ]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts if value)
    words = _("Cifrele proiectului pentru această comunitate")
    link = f'<p><a href="{escape(leads_to)}" target="_self">{escape(words)}</a></p>' if leads_to else ""
    return f'<section class="hs-card"><h2>{escape(_("Din atlas"))}</h2><dl>{listed}</dl>{link}{formula()}</section>'


def county(unit: CountyUnit, here: int) -> str:
    """Draw the county unit: its county, and the other communities that it supports."""
    words = _("Unitatea județeană de sprijin {county}, cu reședința la {seat}; regiunea {region}.").format(
        county=unit.county_name, seat=unit.seat.name, region=unit.region_name
    )
    others = [(code, name) for code, name in unit.communities if code != here]
    links = ", ".join(f'<a href="{SHEET}{code}" target="_self">{escape(name)}</a>' for code, name in others)
    said = (
        escape(_("Alte comunități din județ:")) + f" {links}."
        if links
        else escape(_("Nicio altă comunitate din județ nu este pe listă."))
    )
    head = escape(_("Unitatea județeană"))
    return f'<section class="hs-card"><h2>{head}</h2><p>{escape(words)}</p><p>{said}</p></section>'


def missing(sheet: CommunitySheet, minutes: float, names: Sequence[str]) -> str:
    """List what nobody offers within reach, with how far the nearest is. names: registers never imported here."""
    lacking = sheet.missing(minutes)
    head = ngettext(
        "Lipsește la cel mult {m} min: {n} tip de serviciu", "Lipsesc la cel mult {m} min: {n} tipuri de servicii",
        len(lacking),
    ).format(n=len(lacking), m=round(minutes))  # fmt: skip
    if not lacking:
        head = _("Nu lipsește nimic la cel mult {m} min").format(m=round(minutes))
    parts = []
    for registry in dict.fromkeys(kind.registry for kind in lacking):
        lines = [f"<li>{_lacking(kind)}</li>" for kind in lacking if kind.registry == registry]
        parts.append(_folded(registry, len(lines), f"<ul>{''.join(lines)}</ul>"))
    if sheet.not_listed:
        parts.append(_unlisted(sheet.not_listed))
    if names:
        words = _("Registre încă neimportate aici: {names}.").format(names=", ".join(names))
        parts.append(f"<p>{escape(words)}</p>")
    return f'<section class="hs-card hs-missing"><h2>{escape(head)}</h2>{"".join(parts)}</section>'


def _folded(registry: str, count: int, listed: str) -> str:
    """Fold the kinds of one register under their heading and count: fifty lines are too many to scroll past."""
    title = f"{registry_words(registry)}: {number(count)}"
    return f'<details class="hs-kinds"><summary>{escape(title)}</summary>{listed}</details>'


def _lacking(kind: ServiceKind) -> str:
    if kind.nearest is None and kind.full_nearer:
        far = _("toate cele din țară sunt fără locuri")
    elif kind.nearest is None:
        far = _("niciunul nu primește oameni de aici")
    else:
        far = _("cel mai apropiat: {minutes}").format(minutes=wording.minute_words(kind.nearest.minutes))
    return f"{escape(_(kind.name))} <span class='hs-soft'>{escape(far)}{escape(_full(kind))}</span>"


def _full(kind: ServiceKind) -> str:
    if not kind.full_nearer or kind.nearest is None:
        return ""
    return "; " + ngettext("{n} mai aproape, fără locuri", "{n} mai aproape, fără locuri", kind.full_nearer).format(
        n=kind.full_nearer
    )


def _unlisted(kinds: Sequence[ServiceType]) -> str:
    title = ngettext(
        "{n} tip nu apare în niciun registru", "{n} tipuri nu apar în niciun registru", len(kinds)
    ).format(n=len(kinds))  # fmt: skip
    words = _("Nu se poate spune dacă lipsesc: niciun registru de aici nu le cuprinde.")
    said = f"<p>{escape(words)}</p><p>{escape(', '.join(_(kind.name) for kind in kinds))}.</p>"
    return f'<details class="hs-more"><summary>{escape(title)}</summary>{said}</details>'


def within(sheet: CommunitySheet, minutes: float) -> str:
    """List the nearest of every kind within reach: what, who, how far and what is known of its places."""
    parts = []
    near = sheet.within(minutes)
    for registry in dict.fromkeys(kind.registry for kind in near):
        rows = [_kind_row(kind, minutes) for kind in near if kind.registry == registry]
        caption = registry_words(registry)
        heads = (_("Tip de serviciu"), _("Cel mai apropiat"), _("Minute"), _("Locuri"))
        head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
        listed = (
            f'<div class="hs-table-frame" tabindex="0" role="region" aria-label="{escape(caption)}">'
            f'<table class="hs-grid {stacked.kind(heads)}"><caption>{escape(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>"
            f"<tbody>{stacked.labelled(''.join(rows), heads)}</tbody></table></div>"
        )
        parts.append(_folded(registry, len(rows), listed))
    head = _("Cel mai apropiat serviciu de fiecare tip, la cel mult {m} min").format(m=round(minutes))
    note = _("Adăposturile cu adresă protejată nu apar aici; legătura se face prin DGASPC.")
    return f'<h2 class="hs-h2">{escape(head)}</h2>{"".join(parts)}<p class="hs-soft">{escape(note)}</p>'


def _kind_row(kind: ServiceKind, minutes: float) -> str:
    result = kind.nearest
    if result is None or result.minutes > minutes:
        how = ngettext("{n} serviciu fără deplasare", "{n} servicii fără deplasare", kind.not_travelled)
        cells = f"<td>{escape(how.format(n=kind.not_travelled))}</td><td>–</td><td>–</td>"
        return f'<tr><th scope="row">{escape(_(kind.name))}</th>{cells}</tr>'
    about = "" if result.position_precision == "address" else "≈ "
    places = places_badge(result).words
    sure = kind.confirmed
    if sure is not None and sure.service_id != result.service_id:
        places += "; " + _("cel mai apropiat loc confirmat: {name}, {minutes}").format(
            name=sure.name, minutes=wording.minute_words(sure.minutes)
        )
    return (
        f'<tr><th scope="row">{escape(_(kind.name))}</th><td>{escape(result.name)}</td>'
        f'<td class="hs-num">{about}{wording.minute_words(result.minutes)}</td>'
        f"<td>{escape(places + _full(kind))}</td></tr>"
    )
