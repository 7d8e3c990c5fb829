"""The county pack as one HTML file that works without a network: nothing is loaded, nothing is sent.

What comes from registers is escaped, and the page's own policy lets only its own style and script run.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.i18n import _, language
from core.text import fold_loose
from reports.documents.county_pack import gather, said_at

if TYPE_CHECKING:
    from datetime import date

    from referrals.workflow.directory import Directory
    from reports.documents.county_pack import Pack, PackEntry, Section

_STYLE = """
:root{color-scheme:light dark;--ink:#16262b;--soft:#47585e;--line:#cfd8da;--ground:#f3f6f6;--accent:#0b5f66;
--card:#fff;--warn:#7a4a00;--warn-soft:#fdf1dc}
@media(prefers-color-scheme:dark){:root{--ink:#e6eeef;--soft:#a9bbc0;--line:#33474d;--ground:#10191c;--accent:#7fd3d9;
--card:#17252a;--warn:#f3c987;--warn-soft:#3a2c12}}
*{box-sizing:border-box}body{margin:0 auto;max-width:52rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;
color:var(--ink);background:var(--ground)}h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;display:inline}
h3{font-size:1rem;margin:1rem 0 .3rem;color:var(--accent)}a{color:var(--accent)}p{margin:.3rem 0;overflow-wrap:anywhere}
.soft{color:var(--soft);font-size:.9rem}.demo,.sos{background:var(--warn-soft);color:var(--warn);padding:.6rem .8rem;
border-radius:.5rem;margin:.6rem 0}.sos a{color:inherit;font-weight:700}.find{position:sticky;top:0;padding:.6rem 0;
background:var(--ground);z-index:1}.find input{width:100%;font:inherit;padding:.6rem .8rem;
border:2px solid var(--accent);border-radius:.5rem;background:var(--card);color:var(--ink)}
ul{list-style:none;margin:0;padding:0}
li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;margin:.4rem 0;
overflow-wrap:anywhere}summary{padding:.7rem 0;cursor:pointer;border-top:1px solid var(--line)}
a:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.tel{display:inline-block;min-height:1.8rem;font-weight:700;margin-right:.8rem}[hidden]{display:none!important}
@media print{.find{display:none}body{background:#fff}li{break-inside:avoid}}
"""
# Letters are compared without diacritics, as people type; each service carries its words ready (data-w).
_SCRIPT = """
(function(){var f=document.getElementById('cauta'),n=document.getElementById('cate');
if(!f)return;f.parentNode.hidden=false;
var all=[].slice.call(document.querySelectorAll('li[data-w]'));
function fold(t){return t.normalize('NFD').replace(/[\\u0300-\\u036f]/g,'').toLowerCase()
.replace(/[^a-z0-9]+/g,' ').replace(/a/g,'i');}
f.addEventListener('input',function(){var w=fold(f.value).split(/\\s+/).filter(Boolean),c=0;
all.forEach(function(e){var t=e.getAttribute('data-w');var ok=w.every(function(x){return t.indexOf(x)>=0;});
e.hidden=!ok;if(ok)c++;});
[].forEach.call(document.querySelectorAll('[data-g]'),function(g){g.hidden=!g.querySelector('li:not([hidden])');
if(w.length&&g.tagName==='DETAILS')g.open=true;});
n.textContent=w.length?n.getAttribute('data-t').replace('0',c):'';});})();
"""


def html(directory: Directory, county: str, *, made_on: date | None = None) -> str:
    """Make the pack of a county as one HTML file; UnknownPlaceError where there is no such county."""
    return page_of(gather(directory, county, made_on=made_on))


def page_of(pack: Pack) -> str:
    """Lay a pack out as HTML."""
    own = f"style-src {_digest(_STYLE)}; script-src {_digest(_SCRIPT)}"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="{policy}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer"><title>{title}</title><style>{style}</style></head><body>'
            "<header><h1>{title}</h1><p>{said}</p></header>{demo}{sos}{find}<main>{sections}</main>"
            "<footer><h2>{from_}</h2>{sources}</footer><script>{script}</script></body></html>\n"
        ).format(
            lang=language(),
            policy=policy,
            title=pack.title,
            style=Markup(_STYLE),  # noqa: S704  (ours, constant)
            said=said_at(pack),
            demo=_demo(pack),
            sos=_emergency(pack),
            find=_find(),
            sections=Markup("").join(_section(pack, section) for section in pack.sections),
            from_=_("Surse"),
            sources=Markup("").join(Markup('<p class="soft">{}</p>').format(line) for line in _sources(pack)),
            script=Markup(_SCRIPT),  # noqa: S704  (ours, constant)
        )
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _demo(pack: Pack) -> Markup:
    if not pack.is_demo:
        return Markup("")
    return Markup('<aside class="demo" aria-label="{title}"><b>{title}</b> {words}</aside>').format(
        title=_("Date demonstrative."), words=_("Furnizorii, telefoanele și locurile de mai jos sunt inventate.")
    )


def _emergency(pack: Pack) -> Markup:
    lines = Markup(" · ").join(
        Markup("<span>{} {}</span>").format(_tel(line.phone), _(line.name)) for line in pack.emergency
    )
    return Markup('<section class="sos" aria-label="{}"><b>{}</b> {}</section>').format(
        _("Pericol imediat"), _("În pericol imediat:"), lines
    )


def _find() -> Markup:
    return Markup(
        '<div class="find" role="search" hidden><label for="cauta">{label}</label>'
        '<input id="cauta" type="search" autocomplete="off">'
        '<span id="cate" class="soft" role="status" data-t="{count}"></span></div>'
    ).format(label=_("Căutați după localitate, nume sau fel de serviciu"), count=_("Găsite: {n}").format(n=0))


def _section(pack: Pack, section: Section) -> Markup:
    blocks = []
    for category in dict.fromkeys(entry.category for entry in section.entries):
        some = [entry for entry in section.entries if entry.category == category]
        head = Markup("<h3>{}</h3>").format(category) if len({e.category for e in section.entries}) > 1 else Markup("")
        items = Markup("\n").join(_item(pack, entry) for entry in some)
        blocks.append(Markup("<div data-g>{}<ul>{}</ul></div>").format(head, items))
    return Markup(
        '<details open data-g><summary><h2>{}</h2> <span class="soft">{}</span></summary>{}</details>\n'
    ).format(section.title, len(section.entries), Markup("").join(blocks))


def _item(pack: Pack, entry: PackEntry) -> Markup:
    place = ", ".join(part for part in (entry.locality, entry.address) if part)
    lines = [Markup("<b>{}</b>").format(entry.name)]
    kind = " · ".join(part for part in (entry.type_name, entry.organization) if part)
    lines.append(Markup('<span class="soft">{}</span>').format(kind))
    if place:
        lines.append(Markup("{}").format(place))
    if entry.phones:
        # A demonstration's numbers are nobody's: they are not to be tapped.
        numbers = (Markup("{}").format(p) if pack.is_demo else _tel(p) for p in entry.phones)
        lines.append(Markup(" ").join(numbers))
    if entry.email:
        lines.append(Markup("{}").format(entry.email))
    facts = [part for part in (entry.hours, entry.places, *entry.notes) if part]
    if facts:
        lines.append(Markup('<span class="soft">{}</span>').format(" · ".join(facts)))
    words = fold_loose(f"{entry.name} {kind} {entry.category} {place}")
    return Markup('<li data-w="{}">{}</li>').format(words, Markup("<br>").join(lines))


def _tel(phone: str) -> Markup:
    digits = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    if not digits:
        return Markup("{}").format(phone)
    return Markup('<a class="tel" href="tel:{}">{}</a>').format(digits, phone)


def _sources(pack: Pack) -> list[str]:
    lines = list(pack.sources)
    if pack.missing:
        lines.append(_("Registre încă neimportate aici: {names}.").format(names=", ".join(pack.missing)))
    return lines
