"""The desk's front door: waitress with strict framing, total deadlines and an orderly stop."""

from helpdesk_server.wsgi_server.limits import ServerLimits
from helpdesk_server.wsgi_server.server import WsgiServer

__all__ = ["ServerLimits", "WsgiServer"]
