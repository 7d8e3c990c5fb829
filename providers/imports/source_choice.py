"""Of which source of its registry a file is an edition: the one that is named, or the only one that it can be.

docs/decisions/0029-sources.md says why nothing else is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import BadValueError, MapError
from core.i18n import _
from core.storage.import_kinds import KINDS, in_slot, is_source_name
from providers.registries.register_file import GENERAL

if TYPE_CHECKING:
    from core.storage.editions import EditionStore


class SourceNotNamedError(MapError, ValueError):
    """A registry has sources already, and nobody said of which one a file is an edition."""


def choose_source(store: EditionStore, kind: str, named: str | None, layout: str) -> str:
    """Return the source that a file of a kind belongs to; "" for a layer, which has none.

    The one that is named; the kind's default where the registry is empty; where exactly one source came in the same
    layout, and that is a publisher's own one, that source. What many publish alike (the general format) belongs to
    whom somebody names.

    Parameters
    ----------
    store
        The editions of the home.
    kind
        One of core.storage.import_kinds.READABLE.
    named
        What somebody said; None = nothing.
    layout
        In which of the registry's layouts the file came (`RawRegister.layout`).

    Raises
    ------
    BadValueError
        For a name that can be none, or one for a layer.
    SourceNotNamedError
        Naming the sources that there are.
    """
    row = KINDS[kind]
    if named is not None and not row.registry:
        raise BadValueError(
            _("{title}: aici nu sunt mai multe surse; lăsați numele sursei deoparte.").format(title=_(row.title))
        )
    if not row.registry:
        return ""
    if named is not None:
        if not is_source_name(named):
            raise BadValueError(
                _(
                    "„{name}” nu poate fi numele unei surse: litere mici, cifre și cratime, cel mult 20 de semne, "
                    "prima o literă (de exemplu dgaspc-bc)."
                ).format(name=named[:40])
            )
        return named
    latest = {in_slot(slot)[1]: store.latest_edition(slot) for slot in store.slots(kind)}
    there = {name: edition.manifest.layout for name, edition in latest.items() if edition is not None}
    if not there:
        return row.default_source
    alike = [name for name, theirs in there.items() if theirs == layout]
    if len(alike) == 1 and layout not in ("", GENERAL):
        return alike[0]
    raise SourceNotNamedError(
        _(
            "{title}: sunt deja importate sursele: {sources}. Spuneți a cui este acest fișier: numele uneia dintre ele "
            "(o înnoiește numai pe aceea) sau un nume nou (se adaugă alături), la terminal cu --source NUME. Nimic nu "
            "s-a schimbat."
        ).format(title=_(row.title), sources=", ".join(sorted(there)))
    )
