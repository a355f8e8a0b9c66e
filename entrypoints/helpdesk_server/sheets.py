"""Writing workbooks, where the extra for it is installed."""

from collections.abc import Iterable
from datetime import datetime
from importlib.util import find_spec

from helpdesk_core.kpi.sheets import Table
from helpdesk_http import Workbook


def sheets() -> Workbook | None:
    """What writes workbooks, None where it is not installed. It is loaded when first used."""
    return _workbook if find_spec("xlsxwriter") else None


def _workbook(tables: Iterable[Table], *, created: datetime) -> bytes:
    from helpdesk_sheets import workbook  # noqa: PLC0415  # few processes write one

    return workbook(tables, created=created)
