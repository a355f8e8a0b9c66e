"""The desk over HTTP: a WSGI app that any server can carry."""

from helpdesk_http.app import create_app
from helpdesk_http.callers import Identify, nobody
from helpdesk_http.errors import error_body
from helpdesk_http.figure_bodies import dashboard_json, monthly_json
from helpdesk_http.figures import Workbook
from helpdesk_http.health import Counted, Health, Probes, QueueSeen
from helpdesk_http.log import Log, StandardLog
from helpdesk_http.middleware import ResponseHook
from helpdesk_http.uploads import longest_body

__all__ = [
    "Counted",
    "Health",
    "Identify",
    "Log",
    "Probes",
    "QueueSeen",
    "ResponseHook",
    "StandardLog",
    "Workbook",
    "create_app",
    "dashboard_json",
    "error_body",
    "longest_body",
    "monthly_json",
    "nobody",
]
