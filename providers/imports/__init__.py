"""A file in, an edition out: read, tidied, checked, compared, published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.imports.import_guards import NotConfirmedError as NotConfirmedError
    from providers.imports.import_report import ImportReport as ImportReport
    from providers.imports.importing import import_file as import_file
    from providers.imports.importing import prepare as prepare
    from providers.imports.prepared_edition import Prepared as Prepared

__all__ = ["ImportReport", "NotConfirmedError", "Prepared", "import_file", "prepare"]

__getattr__ = lazy_exports(
    __name__,
    {
        "ImportReport": "import_report",
        "Prepared": "prepared_edition",
        "NotConfirmedError": "import_guards",
        "import_file": "importing",
        "prepare": "importing",
    },
)
