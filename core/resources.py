"""Where the files beside the code are: data, catalogues of words, help, templates."""

from __future__ import annotations

import sysconfig
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "harta"


def resource_root() -> Path:
    """Return the folder that holds `data/`, `docs/help/`, `locale/`, `templates/`, `.streamlit/`, a guide in `docs/`.

    Returns
    -------
    Path
        The checkout where the code runs from one (also an editable install), else the place where the wheel
        puts its data files, `share/harta` of the environment.
    """
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else _INSTALLED


ROOT = resource_root()
DATA = ROOT / "data"
LOCALE = ROOT / "locale"
