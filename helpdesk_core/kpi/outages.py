"""When a service was out, and the uptime of a unit over a span of time.

An outage is a half-open interval: it includes the instant at which it began, not the one at which
it ended, so that one that begins where another ends does not overlap it. Outages of one unit that
overlap are down once. The clock is the wall's: a service is up or down at night too.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Final

import attrs

from helpdesk_core.directory import FieldKind
from helpdesk_core.kpi.rules import Work
from helpdesk_core.text import read_instant

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_began: Final = attrgetter("began")


@attrs.frozen(order=True)
class Outage:
    """A service was out from `began` until `ended`, aware instants; None: it still is."""

    began: datetime
    ended: datetime | None


def outages_of(work: Work) -> tuple[Outage, ...]:
    """When the ticket says that a service was out; none where it says nothing, or nothing's length.

    A ticket with a life cycle tells it by its submission and the end of the work: the desk's own
    instants, which nobody chooses. Logged work tells it by its first two fields that are instants,
    found and closed; without the second it is out still.
    """
    ticket = work.ticket
    if ticket.status is not None:
        return _proper(Outage(ticket.submitted_at, ticket.closed_at))
    keys = [key for key, kind in work.scoring.fields if kind is FieldKind.INSTANT][:2]
    found, closed, *_ = *(read_instant(ticket.metrics.get(key)) for key in keys), None, None
    return () if found is None else _proper(Outage(found, closed))


def downtime(outages: Iterable[Outage], since: datetime, until: datetime) -> timedelta:
    """How long any of the outages lasted between two instants; what overlaps counts once."""
    down, reached = timedelta(), since
    for outage in sorted(outages, key=_began):
        begins = max(outage.began, reached)
        ends = until if outage.ended is None else min(outage.ended, until)
        if begins < ends:
            down += ends - begins
            reached = ends
    return down


def uptime(outages: Iterable[Outage], since: datetime, until: datetime) -> Fraction | None:
    """The share of the span in percent, exact, in which the unit was up; None of an empty span."""
    if since >= until:
        return None
    down = downtime(outages, since, until)
    return 100 - Fraction(100 * (down // _MICROSECOND), (until - since) // _MICROSECOND)


def written_outage(outage: Outage) -> list[int | None]:
    """The outage as whole microseconds since 1970."""
    ended = None if outage.ended is None else _microseconds(outage.ended)
    return [_microseconds(outage.began), ended]


def read_outage(written: Sequence[int | None]) -> Outage:
    """The outage that is written so."""
    began, ended = written
    return Outage(
        _EPOCH + timedelta(microseconds=began or 0),
        None if ended is None else _EPOCH + timedelta(microseconds=ended),
    )


def _proper(outage: Outage) -> tuple[Outage, ...]:
    return () if outage.ended is not None and outage.ended <= outage.began else (outage,)


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
