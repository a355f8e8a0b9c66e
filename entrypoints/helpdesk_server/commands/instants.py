"""Instants on the command line."""

from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk_core.text import read_instant
from helpdesk_server.command_line import Refused


def read_wall(text: str, zone: ZoneInfo) -> datetime:
    """The instant of an ISO text, which without Z or an offset is on the wall of the zone.

    Of a time that the clocks show twice it is the first. Raises Refused.
    """
    instant = read_instant(text)
    if instant is None:
        raise Refused(f"{text!r} is no date or time such as 2026-05-22T12:05 or …T05:05:00Z")
    written = datetime.fromisoformat(text.strip())
    return written.replace(tzinfo=zone) if written.tzinfo is None else instant


def on_the_wall(instant: datetime, zone: ZoneInfo) -> str:
    """The instant as a clock of the zone shows it, to the second, with its offset."""
    return instant.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def in_utc(instant: datetime) -> str:
    """The instant in UTC, to the millisecond, as on every wire."""
    utc = instant.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"
