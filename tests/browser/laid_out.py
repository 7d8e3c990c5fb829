"""What is wrong with how a screen is laid out: text out of the window, cut off, or over other text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# The maps draw by pixels, and the list under a field floats on purpose. What stays in its place while the page runs under it
# is compared with itself, and the page has to end above it.
FAULTS = """() => {
  const faults = [];
  const main = document.querySelector('[data-testid=stMain]') || document.documentElement;
  const room = document.documentElement.clientWidth;
  for (const box of new Set([main, document.documentElement]))
    if (box.scrollWidth > box.clientWidth + 1) faults.push(`scrolls sideways: ${box.scrollWidth} > ${box.clientWidth}`);
  const said = e => `<${e.tagName.toLowerCase()} ${e.className}> ${e.textContent.trim().slice(0, 60)}`;
  const clips = (e, axis) => ['hidden', 'clip'].includes(getComputedStyle(e)['overflow' + axis]);
  const rolls = (e, axis) => ['auto', 'scroll'].includes(getComputedStyle(e)['overflow' + axis]);
  // Where no press changes from the list to the map, the map has its room among the rest.
  for (const map of document.querySelectorAll('.stColumn .st-key-hs-map iframe')) {
    if (document.querySelector('button[data-view=map]')) break;
    const column = map.closest('.stColumn'), high = map.getBoundingClientRect().height;
    if (!map.checkVisibility() || high <= 250 || column.getBoundingClientRect().height < high) faults.push(`a map without room: ${high} px`);
  }
  const lines = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode, own = text.parentElement;
    if (!text.nodeValue.trim() || !own.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (own.closest('script, style, noscript, option, .hs-list, .skip, [data-testid=stSkipToContent]')) continue;
    if (getComputedStyle(own).position === 'fixed') continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    let frame = null, inside = false, fixed = null;
    const boxes = [];
    for (let e = own; e && e !== main && e !== document.body; e = e.parentElement) {
      const at = getComputedStyle(e);
      if (at.position === 'fixed') { fixed = e; break; }
      if (e.offsetWidth <= 1 || e.offsetHeight <= 1) { inside = true; break; } // for readers only
      if (rolls(e, 'X')) { frame = e; break; }
      if (clips(e, 'X') || clips(e, 'Y')) boxes.push(e);
    }
    if (inside) continue;
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      if (!frame && (r.right > room + 1 || r.left < -1)) faults.push(`out of the window: ${said(own)}`);
      for (const box of boxes) {
        const b = box.getBoundingClientRect();
        if (clips(box, 'X') && (r.right > b.right + 2 || r.left < b.left - 2)
            || clips(box, 'Y') && (r.bottom > b.bottom + 4 || r.top < b.top - 4)) { faults.push(`cut off: ${said(own)}`); break; }
      }
      lines.push([r, own, fixed || frame, fixed]);
    }
  }
  lines.sort((a, b) => a[0].top - b[0].top);
  for (let i = 0; i < lines.length; i++) for (let j = i + 1; j < lines.length && lines[j][0].top < lines[i][0].bottom; j++) {
    const [a, one, f] = lines[i], [b, other, g] = lines[j];
    if (one === other || f !== g) continue;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 3 && high > 0.4 * Math.min(a.height, b.height)) faults.push(`over each other: ${said(one)} | ${said(other)}`);
  }
  // Scrolled to its end, the page's last line stands above what is fixed at the bottom.
  const whole = main.scrollHeight > main.clientHeight + 1 ? main : document.documentElement;
  const left = whole.scrollHeight - whole.clientHeight - whole.scrollTop;
  for (const bar of new Set(lines.map(line => line[3]))) {
    const top = bar?.getBoundingClientRect().top;
    if (!bar || top < innerHeight / 2) continue;
    for (const [r, own, frame] of lines)
      if (!frame && r.bottom - left > top + 1) faults.push(`under the bar at the end of the page: ${said(own)}`);
    if (innerHeight - top > innerHeight / 3) faults.push(`takes a third of the window: ${said(bar)}`);
  }
  return [...new Set(faults)].slice(0, 12);
}"""
# (width, height, whether text is twice as large): a telephone with text twice as large, a window of 1280 zoomed to 200 %, the same window
# with text twice as large.
VIEWS = {
    "360 px, text 200 %": (360, 740, True),
    "1280 px, zoom 200 %": (640, 450, False),
    "1280 px, text 200 %": (1280, 900, True),
}


STRICTEST = ("360 px, text 200 %",)


def faults_of(page: Any, views: Iterable[str] = VIEWS) -> dict[str, list[str]]:
    """Look at a page in some views; gives the faults by view, and leaves the window as it was."""
    before = page.viewport_size
    found: dict[str, list[str]] = {}
    for name in views:
        width, height, is_large = VIEWS[name]
        page.set_viewport_size({"width": width, "height": height})
        # Below the style sheet, which a page's policy may forbid to add to.
        page.evaluate(
            "size => document.documentElement.style.setProperty('font-size', size, 'important')",
            "200%" if is_large else "",
        )
        # What measures itself does so a frame or two later, on a busy machine later still: a fault that stays is one.
        for patience in (80, 400, 1_500):
            page.wait_for_timeout(patience)
            faults = page.evaluate(FAULTS)
            if not faults:
                break
        if faults:
            found[name] = faults
    page.evaluate("document.documentElement.style.removeProperty('font-size')")
    page.set_viewport_size(before)
    return found


# What shows that something has focus: it, or what it stands in, looks different then. A script's focus counts as the
# keyboard's after a key was pressed.
UNSEEN = """() => {
  const faults = [];
  const said = e => `<${e.tagName.toLowerCase()} ${e.getAttribute('class') || ''}> ${(e.getAttribute('aria-label') || e.textContent).trim().slice(0, 50)}`;
  const seen = e => (e.offsetWidth > 1 || e.tagName === 'INPUT') && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length && !e.disabled
    && !e.closest('[inert], [aria-hidden=true]') && (e.tagName === 'INPUT' || e.parentElement.offsetWidth > 1);
  const chain = e => {
    const all = [];
    for (let p = e; p && all.length < 5; p = p.parentElement) all.push(p);
    return all;
  };
  const look = e => JSON.stringify(chain(e).map(p => {
    const s = getComputedStyle(p);
    return [s.outlineStyle === 'none' ? '' : s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.left];
  }));
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')].filter(seen);
  // One of a group takes the turn of all, and the arrows go on from there; steps of a field are also its arrow keys.
  const grouped = e => e.closest('[role=radiogroup], [role=group], [role=listbox], [role=combobox]') || e.type === 'radio';
  const skipped = e => e.tabIndex < 0 && !grouped(e) && !e.closest('[data-testid=stNumberInputContainer], .react-aria-ComboBox')
    && e.matches('a, button, input, select, textarea, summary, [role=button], [role=link]');
  for (const e of all.filter(skipped)) faults.push(`out of the keyboard's reach: ${said(e)}`);
  const at = document.activeElement;
  at?.blur?.();
  const before = new Map(all.filter(e => e.tabIndex >= 0).map(e => [e, look(e)]));
  for (const [e, calm] of before) {
    e.focus({preventScroll: true});
    if (document.activeElement === e && look(e) === calm) faults.push(`focus cannot be seen: ${said(e)}`);
    e.blur();
  }
  return [...new Set(faults)].slice(0, 12);
}"""


def unseen_focus(page: Any) -> list[str]:
    """Give everything to be pressed or filled in whose focus cannot be seen, or that the keyboard does not reach."""
    page.keyboard.press("Shift")
    return page.evaluate(UNSEEN)  # type: ignore[no-any-return]
