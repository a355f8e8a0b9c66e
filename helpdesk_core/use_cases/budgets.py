"""What is sent at most, so that nobody's mailbox or telephone bill is at a stranger's mercy."""

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from helpdesk_core.kinds import EventKind
from helpdesk_core.limits import (
    CONFIRMATIONS,
    CONFIRMATIONS_A_DAY,
    SMS_A_DAY,
    SMS_A_NUMBER,
    SMS_A_TICKET,
    SMS_DIGESTS,
    Limit,
)
from helpdesk_core.notices import Notice
from helpdesk_core.ports import RateLimiter
from helpdesk_core.recipients import is_verified
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.text import fold
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.limiting import passes


def within_budget(
    notices: tuple[Notice, ...], ticket: Ticket, limiter: RateLimiter
) -> tuple[Notice, ...]:
    """The notices that are sent, in their order.

    What strangers can make the desk mail to an address that nobody verified is capped for each
    address: ten mails a day, confirmations of new tickets among them three an hour. Text messages
    are capped for each ticket and number, each number, and the desk; beyond, one in an hour tells
    each number that there is more (`facts["digest"]`). What is capped here still goes by every
    other channel, and stands in the ticket's history.
    """
    return tuple(_sent(notices, ticket, limiter))


def _sent(notices: tuple[Notice, ...], ticket: Ticket, limiter: RateLimiter) -> Iterator[Notice]:
    for notice in notices:
        if notice.channel is Channel.SMS:
            yield from _text_message(notice, limiter)
        elif _fits(limiter, _caps(notice, ticket), fold(notice.recipient)):
            yield notice


def _caps(notice: Notice, ticket: Ticket) -> tuple[Limit, ...]:
    if notice.audience is not Audience.CUSTOMER or is_verified(ticket):
        return ()
    return _BY_STRANGERS.get(notice.kind, ())


def _text_message(notice: Notice, limiter: RateLimiter) -> Iterator[Notice]:
    number = notice.recipient
    fits = (
        passes(limiter, SMS_A_TICKET, str(notice.ticket_id), number)
        and passes(limiter, SMS_A_NUMBER, number)
        and passes(limiter, SMS_A_DAY)
    )
    if fits:
        yield notice
    elif passes(limiter, SMS_DIGESTS, number):
        yield attrs.evolve(notice, facts={**notice.facts, "digest": "yes"})


_BY_STRANGERS: Final[Mapping[EventKind, tuple[Limit, ...]]] = {
    EventKind.SUBMITTED: (CONFIRMATIONS, CONFIRMATIONS_A_DAY),
    EventKind.ESCALATED: (CONFIRMATIONS_A_DAY,),
    EventKind.CANCELLED: (CONFIRMATIONS_A_DAY,),
}
"""What anybody may cause, and how often an address is mailed of it."""


def _fits(limiter: RateLimiter, limits: tuple[Limit, ...], key: str) -> bool:
    return all(passes(limiter, limit, key) for limit in limits)
