"""Records of an XML file: the elements that repeat, also inside others, with what these say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.errors import UnreadableFileError
from core.i18n import _
from core.reading.fields import text_of
from core.reading.files import content_of
from core.reading.reading_account import account_now
from core.reading.sheets import MAX_ROWS

_Path = tuple[str, ...]


def read_xml_records(path: Path, *, is_title: Callable[[str], bool] | None = None) -> list[dict[str, str]]:
    """Read the records of an XML file: attributes and leaf elements by tag.

    Elements of one path (`registru/furnizor/servicii/serviciu`) are records, wherever their parents stand. A record has
    what the elements around it say of themselves as well (the provider of its services); where it has such a tag of its
    own, the outer one is called `<parent> / <tag>`. Entities, external references and document types are refused.

    Parameters
    ----------
    path
        The file.
    is_title
        Whether a tag is a wanted title: records are the elements that have most of them. None = those of which there
        are most.

    Returns
    -------
    list of dict of str to str
        In the order of the file. Tags that are in no record are written in the account of the import.

    Raises
    ------
    UnreadableFileError
        Naming the file: no XML, entities, too many records.
    """
    root = _root(path)
    by_path: dict[_Path, list[tuple[Any, tuple[Any, ...]]]] = {}
    for element, above, where in _walk(root):
        if above and (len(element) or element.attrib):
            by_path.setdefault(where, []).append((element, above))
    chosen = max(by_path, key=lambda where: _score(by_path, where, is_title), default=None)
    found = by_path[chosen] if chosen else []
    if len(found) > MAX_ROWS:
        raise UnreadableFileError(
            _("{file}: are {rows} rânduri; se primesc cel mult {limit}.").format(
                file=path.name, rows=len(found), limit=MAX_ROWS
            )
        )
    own = [_record(element) for element, _above in found]
    tags = {tag for record in own for tag in record}
    records = [_with_outer(record, above, tags) for record, (_element, above) in zip(own, found, strict=True)]
    _list_unread(path, root, found)
    return records


def _root(path: Path) -> Any:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(content_of(path), forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableFileError(
            _("{file}: XML-ul conține entități sau un tip de document; nu îl deschid.").format(file=path.name)
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            _("{file}: nu este XML valid ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None


def _walk(root: Any) -> Iterator[tuple[Any, tuple[Any, ...], _Path]]:
    """Yield each element with those around it, the nearest last, and its path of tags."""
    waiting: list[tuple[Any, tuple[Any, ...], _Path]] = [(root, (), (_tag(root.tag),))]
    while waiting:
        element, above, where = waiting.pop()
        yield element, above, where
        waiting.extend((child, (*above, element), (*where, _tag(child.tag))) for child in reversed(element))


def _score(
    by_path: dict[_Path, list[tuple[Any, tuple[Any, ...]]]], where: _Path, is_title: Callable[[str], bool] | None
) -> tuple[int, int]:
    """Count the titles that elements of a path have of their own, outside of other elements that repeat, and them."""
    elements = by_path[where]
    inner = {deeper for deeper, some in by_path.items() if deeper[: len(where)] == where and len(some) > len(elements)}
    if is_title is None:
        return 0, len(elements)
    tags: set[str] = set()
    for element, _above in elements[:_SAMPLE]:
        tags.update(tag for tag in _own_tags(element, where, inner) if is_title(tag))
    return len(tags), len(elements)


_SAMPLE = 50


def _own_tags(element: Any, where: _Path, inner: set[_Path]) -> Iterator[str]:
    yield from (_tag(name) for name in element.attrib)
    for child in element:
        below = (*where, _tag(child.tag))
        if below in inner:
            continue
        if len(child):
            yield from _own_tags(child, below, inner)
        else:
            yield below[-1]


def _record(element: Any) -> dict[str, str]:
    leaves: Iterator[tuple[str, str]] = ((_tag(c.tag), text_of(c.text)) for c in element.iter() if not len(c))
    record = {_tag(k): text_of(v) for k, v in element.attrib.items()}
    for name, value in leaves:
        record[name] = f"{record[name]}; {value}" if record.get(name) and value else record.get(name) or value
    return record


def _with_outer(record: dict[str, str], above: tuple[Any, ...], tags: set[str]) -> dict[str, str]:
    """Add what the elements around a record say of themselves, the nearest first."""
    whole = dict(record)
    for element in reversed(above[1:]):
        values = {_tag(name): text_of(value) for name, value in element.attrib.items()}
        values |= {_tag(child.tag): text_of(child.text) for child in element if not len(child) and not child.attrib}
        for tag, text in values.items():
            whole.setdefault(f"{_tag(element.tag)} / {tag}" if tag in tags else tag, text)
    return whole


def _list_unread(path: Path, root: Any, found: list[tuple[Any, tuple[Any, ...]]]) -> None:
    """Write in the account the texts that stand in no record and around none."""
    used = {id(part) for element, above in found for part in (*element.iter(), *above)}
    around = {id(part) for _element, above in found for part in above}
    own = account_now().of(str(path))
    for element, above, where in _walk(root):
        if id(element) in used or len(element) or (above and id(above[-1]) in around and len(above) > 1):
            continue
        if text_of(element.text):
            own.remark("/".join(where[-2:]), _("element în afara rândurilor"), 1, sheet="")


def _tag(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]
