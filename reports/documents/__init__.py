"""Documents: reports, diagnosis, slips, county packs, exports, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.documents.county_pack import Pack as Pack
    from reports.documents.county_pack import make_pack as make_pack
    from reports.documents.export import Exported as Exported
    from reports.documents.help_texts import help_of as help_of
    from reports.documents.report_writing import write_all as write_all
    from reports.documents.report_writing import write_report as write_report
    from reports.documents.slip import Slip as Slip
    from reports.documents.slip import slip_of as slip_of

__all__ = ["Exported", "Pack", "Slip", "help_of", "make_pack", "slip_of", "write_all", "write_report"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Exported": "export",
        "Pack": "county_pack",
        "Slip": "slip",
        "help_of": "help_texts",
        "make_pack": "county_pack",
        "slip_of": "slip",
        "write_all": "report_writing",
        "write_report": "report_writing",
    },
)
