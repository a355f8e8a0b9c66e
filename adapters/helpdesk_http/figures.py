"""The figures, for management and for agents: the dashboard, a month's report, what is behind it.

A month is also handed out as a file: a table of text (CSV) or a sheet.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Protocol

import attrs
import falcon

from helpdesk_core.kpi.sheets import Table, csv_text, report_tables
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.behind_figures import RawRow, tickets_behind
from helpdesk_core.use_cases.figures import Monthly, RawFigures, read_dashboard, read_monthly
from helpdesk_http.answers import send
from helpdesk_http.callers import Callers
from helpdesk_http.dispositions import attachment_header
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.figure_bodies import DashboardBody, MonthlyBody
from helpdesk_http.figure_tickets import TicketsBehindBody, read_behind
from helpdesk_http.wire import read_raw

CSV: Final = "text/csv; charset=utf-8; header=present"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Workbook(Protocol):
    """Writes tables as a workbook."""

    def __call__(self, tables: Iterable[Table], *, created: datetime) -> bytes:
        """The workbook's bytes, made at an aware instant."""


@attrs.frozen(kw_only=True)
class FileForm:
    """How a report is written as a file."""

    ending: str
    media_type: str
    written: Callable[[Monthly], bytes]
    name: str = "monthly-report"


def csv_form() -> FileForm:
    """The rows of the report as CSV in UTF-8, with a mark by which sheets know that it is."""
    return FileForm(
        ending="csv",
        media_type=CSV,
        written=lambda monthly: csv_text(report_tables(monthly.report)[0]).encode("utf-8-sig"),
    )


def xlsx_form(workbook: Workbook) -> FileForm:
    """The whole report as a workbook."""
    return FileForm(
        ending="xlsx",
        media_type=XLSX,
        written=lambda monthly: workbook(report_tables(monthly.report), created=monthly.at),
    )


class DashboardResource:
    """Where management looks first."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show this month beside the last, the trend, the uptime and what to look at."""
        send(req, resp, DashboardBody.of(read_dashboard(self._ports, self._callers(req))))

    on_head = on_get


class MonthlyResource:
    """Where a month's report is read."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show the report."""
        raw = read_raw(req.params, RawFigures)
        send(req, resp, MonthlyBody.of(read_monthly(self._ports, raw, self._callers(req))))

    on_head = on_get


class TicketsBehindResource:
    """Where it is read which tickets are behind a row."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show one page of them."""
        raw, after = read_raw(req.params, RawRow), read_behind(req.params.get("cursor"))
        found = tickets_behind(self._ports, raw, self._callers(req), after=after)
        send(req, resp, TicketsBehindBody.of(found))

    on_head = on_get


class MonthlyFileResource:
    """Where a month's report is fetched as a file."""

    def __init__(self, ports: Ports, callers: Callers, form: FileForm) -> None:
        self._ports = ports
        self._callers = callers
        self._form = form

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Hand out the file."""
        raw = read_raw(req.params, RawFigures)
        monthly, form = read_monthly(self._ports, raw, self._callers(req)), self._form
        name = f"{form.name}-{monthly.report.month}.{form.ending}"
        resp.data = form.written(monthly)
        resp.content_type = form.media_type
        resp.set_header("Content-Disposition", attachment_header(name))

    on_head = on_get
