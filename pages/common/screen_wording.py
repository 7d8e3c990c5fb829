"""How facts are said on a screen, beyond what `providers.rules.wording` says."""

from __future__ import annotations

import re

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


def action_label(words: str, name: str) -> str:
    """Label a button that many services have: what is read, and for the ear also of which service.

    Parameters
    ----------
    words
        What is read on the button.
    name
        Of the service; style.css hides it from the eye.

    Returns
    -------
    str
        A label as Streamlit reads it.
    """
    return f"{words} :gray[{label_text(name)}]"
