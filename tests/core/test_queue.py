"""The queue of the staff: what may be asked of it, and that its pages walk everything once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.errors import HelpdeskError, Invalid, NotAsExpected, NotFound
from helpdesk_core.queue import (
    COUNTED,
    DEEPEST,
    Assignee,
    Door,
    Order,
    SortKey,
    SortOrder,
    Wanted,
    place_in,
)
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_directory,
    a_message,
    a_ticket,
    an_attachment,
    an_id,
    staff,
)
from helpdesk_core.testing.desk_inputs import any_queries, some_queries
from helpdesk_core.testing.directories import ACTIVE_AGENT, OTHER_AGENT
from helpdesk_core.testing.strategies import JsonValue
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.listing import (
    Page,
    Query,
    RawQuery,
    list_tickets,
    read_query,
    read_ticket,
)
from helpdesk_memory import MemoryDesk

STAFF: Final = staff()


def stocked(tickets: list[Ticket]) -> MemoryDesk:
    """A desk with these tickets."""
    desk = MemoryDesk(NOW)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        for ticket in tickets:
            uow.save(a_change(ticket))
        uow.commit()
    return desk


def queues() -> SearchStrategy[list[Ticket]]:
    """A few tickets of both doors, many of them alike."""
    return st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from(Urgency),
            st.sampled_from(CustomerType),
            st.sampled_from([*Status]),
            st.sampled_from([None, ACTIVE_AGENT, OTHER_AGENT]),
            st.integers(0, 2),
        ),
        max_size=12,
    ).map(lambda drawn: [_drawn(1000 + place, *each) for place, each in enumerate(drawn)])


def _drawn(  # noqa: PLR0913, PLR0917  # everything that is drawn
    number: int,
    is_case: bool,  # noqa: FBT001  # as above
    urgency: Urgency,
    tier: CustomerType,
    status: Status,
    agent: object,
    minutes: int,
) -> Ticket:
    case = a_case(number, urgency=urgency, customer_type=tier, priority_score=urgency.rank)
    at = NOW + timedelta(minutes=minutes)
    fields = {
        "status": status,
        "assigned_to": agent,
        "submitted_at": at,
        "last_activity_at": at + timedelta(hours=number % 2),
    }
    return a_case_ticket(number, case=case, **fields) if is_case else a_ticket(number, **fields)


def walked_by_cursor(desk: MemoryDesk, query: Query) -> list[Ticket]:
    page = list_tickets(desk.ports, query, STAFF)
    shown = [*page.tickets]
    while page.next:
        page = list_tickets(desk.ports, attrs.evolve(query, after=page.next), STAFF)
        shown += page.tickets
    return shown


def walked_by_page(desk: MemoryDesk, query: Query) -> list[Ticket]:
    shown: list[Ticket] = []
    number = 1
    while (page := list_tickets(desk.ports, attrs.evolve(query, page=number), STAFF)).tickets:
        shown += page.tickets
        number += 1
    return shown


def refused(act: Callable[[], object]) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return refusal.value


@given(queues(), some_queries(), st.none() | st.sampled_from(Door))
def test_cursors_walk_everything_that_is_wanted_once_and_in_order(
    tickets: list[Ticket], raw: RawQuery, door: Door | None
) -> None:
    query = attrs.evolve(read_query(raw, door=door), page=1)
    key = query.order.key
    wanted = sorted(
        (ticket for ticket in tickets if query.wanted.fits(ticket)),
        key=lambda ticket: attrs.astuple(place_in(key, ticket)),
        reverse=query.order.direction is SortOrder.DESCENDING,
    )

    assert wanted == walked_by_cursor(stocked(tickets), query)


@given(queues(), some_queries())
def test_pages_walk_as_cursors_do(tickets: list[Ticket], raw: RawQuery) -> None:
    query = attrs.evolve(read_query(raw), page=1)
    desk = stocked(tickets)

    assert walked_by_cursor(desk, query) == walked_by_page(desk, query)


@given(queues(), some_queries())
def test_every_page_tells_the_same_total(tickets: list[Ticket], raw: RawQuery) -> None:
    query = read_query(raw)
    page = list_tickets(stocked(tickets).ports, query, STAFF)

    assert (sum(map(query.wanted.fits, tickets)), False) == (page.total, page.is_capped)


@given(queues(), some_queries())
def test_there_is_a_next_place_exactly_when_others_follow(
    tickets: list[Ticket], raw: RawQuery
) -> None:
    query = read_query(raw)
    page = list_tickets(stocked(tickets).ports, query, STAFF)
    seen = (query.page - 1) * query.limit + len(page.tickets)

    assert (page.next is not None) == (len(page.tickets) > 0 and seen < page.total)


@given(queues(), st.sampled_from(SortKey), st.sampled_from(SortOrder))
def test_tickets_that_come_meanwhile_make_no_other_come_twice(
    tickets: list[Ticket], key: SortKey, direction: SortOrder
) -> None:
    query = Query(wanted=Wanted(), order=Order(key, direction), page=1, limit=2)
    desk = stocked(tickets)
    first = list_tickets(desk.ports, query, STAFF)
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(2000)))
        uow.commit()
    rest = walked_by_cursor(desk, attrs.evolve(query, after=first.next)) if first.next else []
    shown = [ticket.id for ticket in (*first.tickets, *rest)]

    assert len(shown) == len(set(shown))
    if first.next:
        assert {ticket.id for ticket in tickets} <= set(shown)


def test_ties_break_by_id(desk: MemoryDesk) -> None:
    with desk.ports.begin() as uow:
        for number in (1002, 1000, 1001):
            uow.save(a_change(a_case_ticket(number)))
        uow.commit()
    ascending = read_query(RawQuery(sort_by="urgency", sort_order="asc"))
    descending = read_query(RawQuery(sort_by="urgency"))
    ids = [an_id(1000), an_id(1001), an_id(1002)]

    assert (ids, ids[::-1]) == (
        [it.id for it in list_tickets(desk.ports, ascending, STAFF).tickets],
        [it.id for it in list_tickets(desk.ports, descending, STAFF).tickets],
    )


def test_the_queue_is_newest_first_and_twenty_a_page_unless_it_is_said() -> None:
    assert Query(
        wanted=Wanted(), order=Order(SortKey.CREATED_AT, SortOrder.DESCENDING), page=1, limit=20
    ) == read_query(RawQuery())


def test_a_query_reads_every_field() -> None:
    raw = RawQuery(
        status="OPEN",
        urgency="HIGH",
        customer_type="FREE",
        assigned_to=str(ACTIVE_AGENT),
        page="3",
        limit="100",
        sort_by="priorityScore",
        sort_order="asc",
    )

    assert Query(
        wanted=Wanted(
            door=Door.SUPPORT,
            status=Status.OPEN,
            urgency=Urgency.HIGH,
            customer_type=CustomerType.FREE,
            assignee=Assignee(ACTIVE_AGENT),
        ),
        order=Order(SortKey.PRIORITY_SCORE, SortOrder.ASCENDING),
        page=3,
        limit=100,
    ) == read_query(raw, door=Door.SUPPORT)


@pytest.mark.parametrize("key", ["createdAt", "lastActivity", "urgency", "status"])
def test_a_sort_key_is_one_of_the_contracts(key: str) -> None:
    assert key == read_query(RawQuery(sort_by=key)).order.key.value


@pytest.mark.parametrize(
    "key",
    [
        "created_at",
        "CREATEDAT",
        "createdAt desc",
        "createdAt;select 1",
        "(select pg_sleep(9))",
        "1",
        '"id"',
        "submitterEmail",
        "__class__",
        ["createdAt"],
        {"createdAt": 1},
        7,
    ],
    ids=ascii,
)
def test_no_other_sort_key_is_taken(key: JsonValue) -> None:
    words = "createdAt, lastActivity, urgency, status, priorityScore, caseNumber"
    refusal = refused(lambda: read_query(RawQuery(sort_by=key)))

    assert {"sortBy": f"Sort key must be one of {words}"} == refusal.details


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "+1", "1.5", "1e3", "1_0", "0x1", "1 ", "a", "\u0661", "\uff11", "9" * 10, "1,2"],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["page", "limit"])
def test_a_page_and_a_limit_are_whole_numbers_from_1(field: str, number: str) -> None:
    refusal = refused(lambda: read_query(RawQuery(**{field: number})))

    assert [field] == [*refusal.details]


@pytest.mark.parametrize("limit", ["101", "1000000"])
def test_a_page_holds_at_most_a_hundred(limit: str) -> None:
    refusal = refused(lambda: read_query(RawQuery(limit=limit)))

    assert {"limit": "Limit must be a whole number from 1 to 100"} == refusal.details


@pytest.mark.parametrize("value", ["me", "nobody", str(ACTIVE_AGENT)[:-1], ["none"], 7])
def test_an_assignee_is_a_staff_id_or_none(value: JsonValue) -> None:
    refusal = refused(lambda: read_query(RawQuery(assigned_to=value)))

    assert {"assignedTo": "Assigned to must be a staff id or none"} == refusal.details


def test_what_nobody_has_can_be_asked_for() -> None:
    assert Assignee(None) == read_query(RawQuery(assigned_to="none")).wanted.assignee


def test_every_fault_of_a_query_is_told_at_once() -> None:
    raw = RawQuery(
        status="NEW",
        urgency="x",
        customer_type="x",
        assigned_to="x",
        page="0",
        limit="0",
        sort_by="x",
        sort_order="up",
    )

    assert {
        "status",
        "urgency",
        "customerType",
        "assignedTo",
        "page",
        "limit",
        "sortBy",
        "sortOrder",
    } == refused(lambda: read_query(raw)).details.keys()


@given(any_queries())
def test_whatever_is_asked_is_read_or_refused_as_invalid(raw: RawQuery) -> None:
    try:
        limit = read_query(raw).limit
    except Invalid as fault:
        limit = len(fault.details)

    assert 1 <= limit <= 100


def page_at(desk: MemoryDesk, page: int, limit: int) -> Page:
    query = read_query(RawQuery(page=str(page), limit=str(limit)))
    return list_tickets(desk.ports, query, STAFF)


def test_as_deep_as_pages_go_is_shown(desk: MemoryDesk) -> None:
    assert () == page_at(desk, DEEPEST // 100 + 1, 100).tickets


@pytest.mark.parametrize("page", [DEEPEST // 100 + 2, 999_999_999])
def test_deeper_than_that_only_a_cursor_goes(desk: MemoryDesk, page: int) -> None:
    refusal = refused(lambda: page_at(desk, page, 100))

    assert (Invalid, "Use the cursor beyond 10000 entries", {"page": "too deep"}) == (
        type(refusal),
        refusal.message,
        refusal.details,
    )


def test_a_cursor_goes_as_deep_as_it_likes(desk: MemoryDesk) -> None:
    query = read_query(RawQuery(page="999999999"))
    place = place_in(SortKey.CREATED_AT, a_case_ticket())

    assert () == list_tickets(desk.ports, attrs.evolve(query, after=place), STAFF).tickets


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (COUNTED - 1, (COUNTED - 1, False)),
        (COUNTED, (COUNTED, False)),
        (COUNTED + 1, (COUNTED, True)),
    ],
)
def test_totals_are_exact_up_to_ten_thousand_and_say_when_they_are_capped(
    desk: MemoryDesk, held: int, told: tuple[int, bool]
) -> None:
    tickets = (a_ticket(number) for number in range(1000, 1000 + held))
    desk.store.tickets.update((ticket.id, ticket) for ticket in tickets)
    page = page_at(desk, 1, 1)

    assert told == (page.total, page.is_capped)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (SortKey.URGENCY, 0),
        (SortKey.PRIORITY_SCORE, -1),
        (SortKey.CASE_NUMBER, ""),
        (SortKey.STATUS, 0),
    ],
)
def test_what_a_ticket_has_none_of_counts_least(key: SortKey, value: object) -> None:
    assert value == place_in(key, a_ticket(status=None)).value


def test_staff_read_everything_of_one_ticket(desk: MemoryDesk) -> None:
    note = a_message(is_internal=True)
    change = a_change(a_case_ticket(), message=note, attachment=an_attachment())
    with desk.ports.begin() as uow:
        uow.save(change)
        uow.commit()
    read = read_ticket(desk.ports, Target(number=a_case().number), STAFF)

    assert (a_case_ticket(), a_directory(), (note,), change.events, (an_attachment(),)) == (
        read.ticket,
        read.directory,
        read.messages,
        read.history,
        read.attachments,
    )


def test_an_unknown_ticket_is_not_read(desk: MemoryDesk) -> None:
    assert NotFound is type(refused(lambda: read_ticket(desk.ports, Target(ticket_id="x"), STAFF)))


def test_a_ticket_is_read_in_the_version_that_is_asked_for(desk: MemoryDesk) -> None:
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket()))
        uow.commit()
    target = Target(ticket_id=an_id(1000), version=2)

    assert NotAsExpected is type(refused(lambda: read_ticket(desk.ports, target, STAFF)))
