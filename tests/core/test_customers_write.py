"""A customer writes on their ticket: the order of the checks, the limit, who is told."""

from datetime import timedelta
from uuid import UUID

import attrs
import pytest

from helpdesk_core.errors import Forbidden, HelpdeskError, Invalid, NotFound, NotSignedIn, TooMany
from helpdesk_core.messages import Message
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW, a_change, a_customer, a_message, a_ticket, an_id
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.chat import post_message
from helpdesk_memory import MemoryDesk

CUSTOMER = a_customer(5)
SUBMITTER = Caller(user=CUSTOMER, origin="192.0.2.1")
ANOTHER = Caller(user=a_customer(6), origin="192.0.2.1")

THEIRS = a_ticket(1, submitted_by=CUSTOMER.id)
ANONYMOUS = a_ticket(2)
LOGGED = a_ticket(3, status=None, submitted_by=CUSTOMER.id)
NO_TICKET = an_id(99)


@pytest.fixture(autouse=True)
def tickets(desk: MemoryDesk) -> None:
    """One ticket of each kind is stored."""
    put(desk, THEIRS, ANONYMOUS, LOGGED)


def put(desk: MemoryDesk, *tickets: Ticket) -> None:
    with desk.ports.begin() as uow:
        for ticket in tickets:
            uow.save(a_change(ticket))
        uow.commit()


def said_on(desk: MemoryDesk, ticket_id: UUID) -> tuple[Message, ...]:
    with desk.ports.begin() as uow:
        return uow.messages(ticket_id)


@pytest.mark.parametrize(
    ("ticket_id", "caller", "body", "kind", "sentence"),
    [
        (None, STRANGER, None, Invalid, "Ticket id is required"),
        (" ", STRANGER, None, Invalid, "Ticket id is required"),
        ("nonsense", STRANGER, None, NotSignedIn, "Sign in to reply to this ticket."),
        (NO_TICKET, STRANGER, None, NotSignedIn, "Sign in to reply to this ticket."),
        (LOGGED.id, STRANGER, None, NotSignedIn, "Sign in to reply to this ticket."),
        (NO_TICKET, SUBMITTER, None, NotFound, "Ticket not found"),
        ("nonsense", SUBMITTER, None, NotFound, "Ticket not found"),
        (LOGGED.id, SUBMITTER, None, Invalid, "Discussion is available only for intake tickets"),
        (
            ANONYMOUS.id,
            SUBMITTER,
            None,
            Forbidden,
            (
                "This ticket was submitted without sign-in. Customer replies are not available "
                "— the agent will follow up via email."
            ),
        ),
        (
            THEIRS.id,
            ANOTHER,
            None,
            Forbidden,
            "Only the original submitter can reply to this ticket.",
        ),
        (THEIRS.id, SUBMITTER, None, Invalid, "Message is required"),
        (THEIRS.id, SUBMITTER, " ", Invalid, "Message is required"),
        (THEIRS.id, SUBMITTER, "x" * 2001, Invalid, "Message must be 2000 characters or fewer"),
    ],
)
def test_the_first_check_in_the_contracts_order_refuses(  # noqa: PLR0913  # a row of the table
    desk: MemoryDesk,
    ticket_id: object,
    caller: Caller,
    body: object,
    *,
    kind: type[HelpdeskError],
    sentence: str,
) -> None:
    with pytest.raises(HelpdeskError) as refused:
        _ = post_message(desk.ports, ticket_id, body, caller)

    assert (kind, sentence) == (type(refused.value), refused.value.message)


def test_a_refused_message_costs_nothing(desk: MemoryDesk) -> None:
    for _ in range(30):
        with pytest.raises(Invalid):
            _ = post_message(desk.ports, THEIRS.id, "", SUBMITTER)

    assert "Hello" == post_message(desk.ports, THEIRS.id, "Hello", SUBMITTER).body


def test_what_is_answered_is_stored(desk: MemoryDesk) -> None:
    message = post_message(desk.ports, str(THEIRS.id), " Hello ", SUBMITTER)

    assert ((message,), "Hello", "Customer 5", NOW) == (
        said_on(desk, THEIRS.id),
        message.body,
        message.author_name,
        message.created_at,
    )


def test_messages_are_kept_in_the_order_in_which_they_came(desk: MemoryDesk) -> None:
    for body in ("One", "Two", "Three"):
        _ = post_message(desk.ports, THEIRS.id, body, SUBMITTER)
        _ = desk.clock.advance(minutes=1)

    assert ["One", "Two", "Three"] == [message.body for message in said_on(desk, THEIRS.id)]


def test_a_message_on_a_closed_ticket_tells_the_agent_and_reopens_nothing(
    desk: MemoryDesk,
) -> None:
    closed = a_ticket(
        4,
        status=Status.CLOSED,
        closed_at=NOW,
        submitted_by=CUSTOMER.id,
        assigned_to=ACTIVE_AGENT,
    )
    put(desk, closed)
    _ = post_message(desk.ports, closed.id, "It is on fire again", SUBMITTER)
    with desk.ports.begin() as uow:
        ticket = uow.ticket(closed.id)
    (claim,) = desk.outbox.claim(limit=9, lease=timedelta(minutes=1))

    assert ticket is not None
    assert (Status.CLOSED, NOW, "one@example.com", "It is on fire again") == (
        ticket.status,
        ticket.closed_at,
        claim.notice.recipient,
        claim.notice.facts["text"],
    )


def test_the_21st_message_on_a_ticket_within_an_hour_is_refused(desk: MemoryDesk) -> None:
    for _ in range(20):
        _ = post_message(desk.ports, THEIRS.id, "Hello", SUBMITTER)
    with pytest.raises(TooMany) as refused:
        _ = post_message(desk.ports, THEIRS.id, "Hello", SUBMITTER)

    assert (3600, 20) == (refused.value.retry_after, len(said_on(desk, THEIRS.id)))


def test_each_ticket_has_a_limit_of_its_own(desk: MemoryDesk) -> None:
    put(desk, a_ticket(4, submitted_by=CUSTOMER.id))
    for _ in range(20):
        _ = post_message(desk.ports, THEIRS.id, "Hello", SUBMITTER)
    _ = post_message(desk.ports, an_id(4), "Hello", SUBMITTER)

    assert 1 == len(said_on(desk, an_id(4)))


def test_a_message_is_never_lost_to_counters_that_are_down(
    desk: MemoryDesk, uncounted: Ports
) -> None:
    message = post_message(uncounted, THEIRS.id, "Hello", SUBMITTER)

    assert (message,) == said_on(desk, THEIRS.id)


def test_what_others_said_before_stays(desk: MemoryDesk) -> None:
    reply = a_message(7, created_at=NOW)
    with desk.ports.begin() as uow:
        uow.save(a_change(attrs.evolve(THEIRS, version=2), message=reply))
        uow.commit()
    _ = desk.clock.advance(minutes=1)
    message = post_message(desk.ports, THEIRS.id, "Hello", SUBMITTER)

    assert (reply, message) == said_on(desk, THEIRS.id)
