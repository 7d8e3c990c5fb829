"""The frame of a plain page, and the small pieces that several pages share.

`Markup("…").format(value)` escapes every value: what comes from a register or a form stays text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from api import csrf
from api.assets import asset_url
from geo.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.view import View
    from providers.needs import EmergencyLine

NOTHING = Markup("")
_FINE = 200


def page(view: View, title: str, *body: Markup, status: int = 200) -> HTMLResponse:
    """Put the pieces of a page into the frame."""
    above = _hindrance(view) if status == _FINE else ()
    return HTMLResponse(_whole(view, title, Markup("\n").join((*above, *body))), status)


def _hindrance(view: View) -> tuple[Markup, ...]:
    """Say what stands in the way of writing, on pages for who works here."""
    words = view.desk.ledger.notice() if view.session is not None or view.home.is_demo else ""
    return (alert(words),) if words else ()


def _whole(view: View, title: str, body: Markup) -> Markup:
    other = "en" if view.language == "ro" else "ro"
    here = view.request.url.path if view.request.method == "GET" else "/simplu"
    return Markup(
        '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        '<title>{title} · {name}</title><link rel="stylesheet" href="{tokens}">'
        '<link rel="stylesheet" href="{style}"><link rel="icon" href="{icon}"></head><body>'
        '<a class="skip" href="#continut">{skip}</a>'
        '<header><p class="brand"><a href="/simplu">{name}</a></p>{menu}</header>{demo}'
        '<main id="continut"><h1>{title}</h1>\n{body}</main>'
        '<footer>{who}<p><a href="{here}?lang={other}" lang="{other}" hreflang="{other}">{other_name}</a> · '
        '<a href="/simplu/ajutor">{help}</a> · <a href="/intra/complet">{full}</a></p></footer></body></html>\n'
    ).format(
        lang=view.language,
        title=title,
        name=_("Harta serviciilor comunitare"),
        tokens=asset_url("tokens.css"),
        style=asset_url("plain.css"),
        icon=asset_url("icon.svg"),
        skip=_("Săriți la conținut"),
        menu=_menu(view),
        demo=_demo(view),
        body=body,
        who=_who(view),
        here=here,
        other=other,
        other_name={"en": "English", "ro": "Română"}[other],
        help=_("Ajutor"),
        full=_("Aplicația completă, cu hartă"),
    )


def _menu(view: View) -> Markup:
    if view.session is None and not view.home.is_demo:
        return NOTHING
    links = [("/simplu", _("Căutați"))]
    if view.session is None or view.session.actor.role in ("team", "county"):
        links.append(("/simplu/referiri", _("Referiri")))
    path = view.request.url.path
    items = Markup("").join(
        Markup('<a href="{}"{}>{}</a>').format(
            address, Markup(' aria-current="page"') if path == address else NOTHING, words
        )
        for address, words in links
    )
    return Markup('<nav aria-label="{}">{}</nav>').format(_("Secțiuni"), items)


def _demo(view: View) -> Markup:
    if not view.home.is_demo:
        return NOTHING
    return Markup('<aside class="demo" aria-label="{title}"><b>{title}</b> {words}</aside>').format(
        title=_("Date demonstrative."), words=_("Furnizorii, locurile, referirile și rapoartele sunt inventate.")
    )


def _who(view: View) -> Markup:
    if view.session is None:
        if not view.home.is_demo:
            return NOTHING
        return Markup('<p><a href="/intra">{}</a></p>').format(_("Alegeți un rol"))
    return Markup('<form method="post" action="/iesire">{}<p>{} <button class="link">{}</button></p></form>').format(
        hidden(view), role_words(view), _("Ieșiți")
    )


def role_words(view: View) -> str:
    """Say in whose name somebody works: the role and its area, never a person's name."""
    if view.session is None:
        return ""
    actor = view.session.actor
    if actor.role == "team" and actor.uat_siruta is not None:
        where = view.desk.gazetteer.place_of(None, actor.uat_siruta).label
        return _("Echipa comunitară {where}").format(where=where)
    if actor.role == "county":
        return _("Unitatea județeană {county}").format(county=actor.county)
    return {"national": _("Nivel național"), "admin": _("Administrator")}.get(actor.role, actor.role)


def hidden(view: View, fields: Iterable[tuple[str, str]] = ()) -> Markup:
    """Give the fields that a form carries along: its seal, and what was said before."""
    carried = [(csrf.FIELD, view.token), *fields]
    return Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in carried if value
    )


def refused(view: View, words: str, status: int = 409, *more: Markup) -> Response:
    """Make the page that says what is the matter."""
    back = Markup('<p><a href="/simplu">{}</a></p>').format(_("Căutați din nou"))
    return page(view, _("Nu se poate deocamdată"), alert(words), *(more or (back,)), status=status)


def alert(words: str) -> Markup:
    """Say what went wrong, where a screen reader says it first."""
    return Markup('<p class="alert" role="alert">{}</p>').format(words)


def done(words: str) -> Markup:
    """Say what was done."""
    return Markup('<p class="done" role="status">{}</p>').format(words)


def to_copy(address: str) -> Markup:
    """Show an address to be copied into a message."""
    return Markup(
        '<div class="box"><label for="adresa">{}</label><input type="text" id="adresa" readonly value="{}"></div>'
    ).format(_("Adresa de trimis"), address)


def quiet(words: str) -> Markup:
    """Say something in passing."""
    return Markup('<p class="soft">{}</p>').format(words)


def options(pairs: Iterable[tuple[str, str]], chosen: str = "") -> Markup:
    """List the options of a select."""
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else NOTHING, words
        )
        for value, words in pairs
    )


def radios(name: str, legend: str, pairs: Sequence[tuple[str, str]], chosen: str = "") -> Markup:
    """Ask to choose one of a few."""
    items = Markup("").join(
        Markup('<label class="pick"><input type="radio" name="{}" value="{}"{}> {}</label>').format(
            name, value, Markup(" checked") if value == chosen else NOTHING, words
        )
        for value, words in pairs
    )
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(legend, items)


def emergency(lines: Iterable[EmergencyLine]) -> Markup:
    """Put the national lines above everything else, each one tap away."""
    items = Markup("").join(
        Markup('<li><a href="tel:{}">{}</a> <b>{}</b><br>{}</li>').format(
            "".join(c for c in line.phone if c.isdigit() or c == "+"), line.phone, _(line.name), _(line.words)
        )
        for line in lines
    )
    if not items:
        return NOTHING
    return Markup('<section class="danger" aria-label="{}"><b>{}</b><ul>{}</ul></section>').format(
        _("Pericol imediat"), _("În pericol imediat sunați acum:"), items
    )
