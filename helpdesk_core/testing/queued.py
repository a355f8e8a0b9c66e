"""The queue: any filter, any order, any page of it is what `queue` defines."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import count, cycle
from random import Random
from typing import Final
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.queue import (
    Assignee,
    Door,
    Order,
    Place,
    SortKey,
    SortOrder,
    Wanted,
    place_in,
)
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import NOW, a_case, a_case_ticket, a_change, a_ticket, an_id
from helpdesk_core.testing.directories import ACTIVE_AGENT, ADMIN
from helpdesk_core.testing.stores import A_FEW_EXAMPLES, OverADesk, Store, put, read
from helpdesk_core.tickets import Status, Ticket

TICKETS: Final = 160
ORDERS: Final = tuple(Order(key, direction) for key in SortKey for direction in SortOrder)
FILTERS: Final = (
    Wanted(),
    *(Wanted(door=door) for door in Door),
    *(Wanted(status=status) for status in Status),
    *(Wanted(urgency=urgency) for urgency in Urgency),
    *(Wanted(customer_type=tier) for tier in CustomerType),
    *(Wanted(assignee=Assignee(agent)) for agent in (None, ACTIVE_AGENT, ADMIN, an_id(1))),
)

_WANTED: Final = st.builds(
    Wanted,
    door=st.none() | st.sampled_from(Door),
    status=st.none() | st.sampled_from(Status),
    urgency=st.none() | st.sampled_from(Urgency),
    customer_type=st.none() | st.sampled_from(CustomerType),
    assignee=st.none() | st.builds(Assignee, st.sampled_from([None, ACTIVE_AGENT, ADMIN])),
)
"""Any filter, also such as nothing fits."""


@attrs.frozen
class Queue:
    """A desk, and every ticket in it."""

    desk: Store
    tickets: list[Ticket] = attrs.field(repr=False)

    def add(self, *tickets: Ticket) -> None:
        """Store new tickets."""
        put(self.desk, *map(a_change, tickets))
        self.tickets.extend(tickets)


class Queued(OverADesk):
    """Lists of tickets. Part of `UnitOfWorkContract`, which says what to provide."""

    @pytest.fixture
    def queue(self, desk: Store) -> Queue:
        """A desk with tickets of every kind, most of them tied under every sort key."""
        queue = Queue(desk, [])
        queue.add(*drawn_tickets(TICKETS))
        return queue

    def test_an_empty_desk_lists_nothing(self, desk: Store) -> None:
        queue = Queue(desk, [])

        assert [()] * len(ORDERS) == [_listed(queue, Wanted(), order) for order in ORDERS]

    @pytest.mark.parametrize("order", ORDERS, ids=str)
    def test_every_filter_lists_what_fits_in_every_order(self, queue: Queue, order: Order) -> None:
        for wanted in FILTERS:
            assert _defined(queue.tickets, wanted, order) == _listed(queue, wanted, order)

    @A_FEW_EXAMPLES
    @given(data=st.data(), wanted=_WANTED, order=st.sampled_from(ORDERS))
    def test_any_page_is_what_its_definition_says(
        self, queue: Queue, data: st.DataObject, wanted: Wanted, order: Order
    ) -> None:
        """Behind any place, whether a ticket stands there or not."""
        after = data.draw(st.none() | _places(order.key, queue.tickets))
        skip, limit = data.draw(st.integers(0, 40)), data.draw(st.integers(1, 40))
        behind = _behind(_defined(queue.tickets, wanted, order), order, after)

        assert behind[skip : skip + limit] == _listed(
            queue, wanted, order, after=after, skip=skip, limit=limit
        )

    @A_FEW_EXAMPLES
    @given(wanted=_WANTED, order=st.sampled_from(ORDERS), limit=st.integers(3, 30))
    def test_walking_by_the_last_place_visits_each_ticket_once(
        self, queue: Queue, wanted: Wanted, order: Order, limit: int
    ) -> None:
        walked = [it for page in _walk(queue, wanted, order, limit) for it in page]

        assert list(_defined(queue.tickets, wanted, order)) == walked

    @pytest.mark.parametrize("order", ORDERS, ids=str)
    def test_tickets_that_come_meanwhile_disturb_no_walk(self, queue: Queue, order: Order) -> None:
        """Each that was there is visited once, whatever comes before or behind it."""
        there = set(_ids(queue.tickets))
        walked: list[UUID] = []
        for page in _walk(queue, Wanted(), order, limit=50):
            walked.extend(ticket.id for ticket in page)
            queue.add(*drawn_tickets(5))

        assert sorted(there) == sorted(ticket_id for ticket_id in walked if ticket_id in there)

    def test_a_changed_ticket_is_listed_as_it_is_now(self, queue: Queue) -> None:
        for number, ticket in enumerate(queue.tickets[:40]):
            queue.tickets[number] = _changed(ticket)
            put(queue.desk, a_change(queue.tickets[number]))

        for wanted, order in zip(FILTERS, cycle(ORDERS), strict=False):
            assert _defined(queue.tickets, wanted, order) == _listed(queue, wanted, order)

    @A_FEW_EXAMPLES
    @given(wanted=_WANTED, at_most=st.integers(1, TICKETS + 1))
    def test_what_is_wanted_is_counted_up_to_a_bound(
        self, queue: Queue, wanted: Wanted, at_most: int
    ) -> None:
        fitting = sum(wanted.fits(ticket) for ticket in queue.tickets)

        assert min(fitting, at_most) == read(
            queue.desk, lambda uow: uow.count_tickets(wanted, at_most=at_most)
        )

    def test_a_new_ticket_is_counted_at_once(self, queue: Queue) -> None:
        counted = []
        for _ in range(3):
            queue.add(*drawn_tickets(1))
            counted.append(read(queue.desk, lambda uow: uow.count_tickets(Wanted(), at_most=999)))

        assert [TICKETS + 1, TICKETS + 2, TICKETS + 3] == counted


_numbers: Final = count(1)


def drawn_tickets(amount: int) -> Iterator[Ticket]:
    """Tickets of both doors with few different values; no two calls give one twice."""
    for _ in range(amount):
        number = next(_numbers)
        random = Random(number)  # noqa: S311  # a ticket, no secret
        yield _drawn_case(number, random) if random.random() < 2 / 3 else _drawn(number, random)


def _drawn(number: int, random: Random) -> Ticket:
    moments = [NOW + timedelta(microseconds=random.randrange(3)) for _ in range(2)]
    return a_ticket(
        id=UUID(int=random.getrandbits(88) << 40 | number),
        status=random.choice([*Status, Status.OPEN, None]),
        assigned_to=random.choice([None, ACTIVE_AGENT, ADMIN]),
        submitted_at=moments[0],
        last_activity_at=max(moments),
    )


def _drawn_case(number: int, random: Random) -> Ticket:
    ticket = _drawn(number, random)
    case = a_case(
        number=f"{random.choice(['CW', 'cw', 'É'])}-{random.randrange(3)}-{number}",
        urgency=random.choice([*Urgency]),
        customer_type=random.choice([*CustomerType]),
        priority_score=random.choice([0, 45, 100]),
    )
    return attrs.evolve(
        a_case_ticket(),
        id=ticket.id,
        status=ticket.status or Status.OPEN,
        assigned_to=ticket.assigned_to,
        submitted_at=ticket.submitted_at,
        last_activity_at=ticket.last_activity_at,
        case=case,
    )


def _changed(ticket: Ticket) -> Ticket:
    """Another status, another urgency, in other hands, later."""
    return attrs.evolve(
        ticket,
        version=ticket.version + 1,
        status=Status.REJECTED if ticket.status is not Status.REJECTED else Status.OPEN,
        assigned_to=None if ticket.assigned_to else ADMIN,
        last_activity_at=ticket.last_activity_at + timedelta(days=1),
        case=ticket.case
        and attrs.evolve(ticket.case, urgency=ticket.case.urgency.one_higher(), priority_score=99),
    )


def _defined(tickets: Iterable[Ticket], wanted: Wanted, order: Order) -> tuple[Ticket, ...]:
    return tuple(
        sorted(
            (ticket for ticket in tickets if wanted.fits(ticket)),
            key=lambda ticket: attrs.astuple(place_in(order.key, ticket)),
            reverse=order.direction is SortOrder.DESCENDING,
        )
    )


def _behind(tickets: tuple[Ticket, ...], order: Order, after: Place | None) -> tuple[Ticket, ...]:
    if after is None:
        return tickets
    start = attrs.astuple(after)
    places = ((attrs.astuple(place_in(order.key, ticket)), ticket) for ticket in tickets)
    if order.direction is SortOrder.DESCENDING:
        return tuple(ticket for place, ticket in places if place < start)
    return tuple(ticket for place, ticket in places if place > start)


def _places(key: SortKey, tickets: list[Ticket]) -> st.SearchStrategy[Place]:
    """Where a ticket stands, or where none does but some have that value."""
    # By their numbers: Hypothesis would otherwise write them all into the strategy's name.
    numbers = st.integers(0, len(tickets) - 1)
    stands = numbers.map(lambda number: place_in(key, tickets[number]))
    return stands | st.builds(
        lambda place, ticket_id: attrs.evolve(place, id=ticket_id), stands, st.uuids()
    )


def _listed(  # noqa: PLR0913  # what the port is asked, and where
    queue: Queue,
    wanted: Wanted,
    order: Order,
    *,
    after: Place | None = None,
    skip: int = 0,
    limit: int = 1000,
) -> tuple[Ticket, ...]:
    return read(
        queue.desk,
        lambda uow: uow.tickets_in_order(wanted, order, after=after, skip=skip, limit=limit),
    )


def _walk(queue: Queue, wanted: Wanted, order: Order, limit: int) -> Iterator[tuple[Ticket, ...]]:
    after = None
    while page := _listed(queue, wanted, order, after=after, limit=limit):
        yield page
        after = place_in(order.key, page[-1])


def _ids(tickets: Iterable[Ticket]) -> Iterator[UUID]:
    return (ticket.id for ticket in tickets)
