"""How facts are said on a screen, beyond what `providers.wording` says: minutes, kilometres, counted places."""

from __future__ import annotations

import math
import re

from geo.language import _, ngettext, number
from providers import wording as facts

iso_day = facts.iso_day  # files say it too
_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<>#+\-.!|~$&:@=)]")


def label_text(text: str) -> str:
    r"""Return text of others so that a label, an option or a tooltip of Streamlit shows it as it was typed.

    Streamlit reads these as Markdown. Its plugins look for addresses and `:names:` once more in what Markdown has left,
    where no backslash helps: a word joiner (U+2060), which nobody sees, keeps them apart.

    >>> print(label_text("**x** [1](y)"))
    \*\*x\*\* \[1\](y\)
    """
    escaped = _MEANS_SOMETHING.sub(lambda sign: f"\\{sign[0]}", text)
    return re.sub(r"[:@]|w(?=ww)", lambda found: f"{found[0]}\u2060", escaped, flags=re.IGNORECASE)


def minutes(value: float) -> str:
    """Write a travel time: whole minutes, hours from 100 minutes on; never 0.

    >>> minutes(0.2), minutes(13.6), minutes(125)
    ('1 min', '14 min', '2 h 05 min')
    """
    whole = max(1, math.floor(value + 0.5))
    if whole < 100:  # noqa: PLR2004 - two digits are read at a glance, three are not
        return _("{n} min").format(n=whole)
    return _("{h} h {m} min").format(h=whole // 60, m=f"{whole % 60:02d}")


def kilometres(metres: float) -> str:
    """Write a distance: 9,8 km, and whole kilometres from 100 on; under 100 metres no false precision.

    >>> kilometres(9_840), kilometres(123_400), kilometres(12)
    ('9,8 km', '123 km', 'sub 0,1 km')
    """
    km = metres / 1000
    if metres < 100:  # noqa: PLR2004
        return _("sub {n} km").format(n=number(0.1, 1))
    return _("{n} km").format(n=number(km, 0 if km >= 100 else 1))  # noqa: PLR2004


def licensed_places(count: int, unit: str | None) -> str:
    """Say how many places are licensed, in the unit that the register counts them in."""
    if unit == "per_day":
        return ngettext("{n} persoană pe zi", "{n} persoane pe zi", count).format(n=count)
    if unit == "per_month":
        return ngettext("{n} persoană pe lună", "{n} persoane pe lună", count).format(n=count)
    return ngettext("{n} loc licențiat", "{n} locuri licențiate", count).format(n=count)


def services(count: int) -> str:
    """Say how many services: un serviciu, 3 servicii."""
    return ngettext("{n} serviciu", "{n} servicii", count).format(n=count)
