"""The notices that a change calls for: one pure function of what happened, and who is where.

Words and layout belong to the adapter that delivers. What a notice holds is what its words may be
made of, and nothing else: a customer whose address nobody verified is told nothing that a stranger
typed, so that the desk sends nobody's words to whom they choose.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.addressees import LANGUAGES as LANGUAGES  # noqa: PLC0414  # in which they are
from helpdesk_core.addressees import Addressees as Addressees  # noqa: PLC0414  # to whom they go
from helpdesk_core.addressees import may_be_mailed as may_be_mailed  # noqa: PLC0414  # as above
from helpdesk_core.directory import Directory
from helpdesk_core.notice_facts import facts_of
from helpdesk_core.queue import door_of
from helpdesk_core.recipients import Recipient, recipients_of
from helpdesk_core.routing import Audience, Channel, Route, Routing, routing_with
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, EventKind


@attrs.frozen(kw_only=True)
class Notice:
    """One message to one recipient, to be delivered at least once; `id` is the same on each try.

    `recipient` is an address, a phone number or the name of an endpoint, as the channel wants it.
    `facts` is what the words are made of: plain text, one line a fact but for `text`.
    """

    id: UUID
    ticket_id: UUID
    kind: EventKind
    audience: Audience
    channel: Channel
    recipient: str
    language: str = LANGUAGES[0]
    facts: Mapping[str, str]
    created_at: datetime

    @property
    def destination(self) -> str:
        """What is slow or broken together: a channel, or one endpoint of the webhooks."""
        is_endpoint = self.channel is Channel.WEBHOOK
        return f"{self.channel.value} {self.recipient}" if is_endpoint else self.channel.value


@attrs.frozen
class _Call:
    """One event calls for telling one recipient, by one row of the table."""

    event: Event
    route: Route
    recipient: Recipient

    @property
    def is_to_customer(self) -> bool:
        return self.route.audience is Audience.CUSTOMER


def notices_of(
    change: Change,
    directory: Directory,
    routing: Routing,
    addressees: Addressees,
    new_id: Callable[[], UUID],
) -> tuple[Notice, ...]:
    """The notices that a change calls for, in the order of its events and of the table.

    Of one change nobody is told twice by one channel: of several events that call for somebody the
    first one stands. Staff who gave their own address as a customer are told as staff.
    """
    told: dict[tuple[Channel, str], _Call] = {}
    for call in _calls(change, directory, routing, addressees):
        key = (call.route.channel, fold(call.recipient.at))
        first = told.setdefault(key, call)
        if first.is_to_customer and not call.is_to_customer:
            told[key] = call
    return tuple(_notice(call, change, directory, new_id()) for call in told.values())


def _calls(
    change: Change, directory: Directory, routing: Routing, addressees: Addressees
) -> Iterator[_Call]:
    routes = routing_with(directory.notice_rules, routing)[door_of(change.ticket)]
    for event in change.events:
        for route in routes.get(event.kind, ()):
            for recipient in recipients_of(route, change, event, directory, addressees):
                yield _Call(event, route, recipient)


def _notice(call: _Call, change: Change, directory: Directory, notice_id: UUID) -> Notice:
    audience, recipient = call.route.audience, call.recipient
    facts = facts_of(change, call.event, audience, directory)
    return Notice(
        id=notice_id,
        ticket_id=change.ticket.id,
        kind=call.event.kind,
        audience=audience,
        channel=call.route.channel,
        recipient=recipient.at,
        language=recipient.language,
        facts={**facts, "recipientName": recipient.name},
        created_at=call.event.at,
    )
