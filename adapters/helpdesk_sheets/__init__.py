"""Tables of figures as a workbook, by XlsxWriter."""

from helpdesk_sheets.workbook import workbook

__all__ = ["workbook"]
