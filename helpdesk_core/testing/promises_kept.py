"""Policies are kept once and whole, and what is due is found, earliest first."""

from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window
from helpdesk_core.errors import StaleTicket
from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.ports import DuePlace
from helpdesk_core.sla_clock import Promise
from helpdesk_core.sla_policies import Policy, PolicyTarget
from helpdesk_core.testing.builders import (
    NOW,
    a_case_ticket,
    a_change,
    a_ticket,
)
from helpdesk_core.testing.races import at_once
from helpdesk_core.testing.stores import OverADesk, Store, put, read
from helpdesk_core.tickets import Change, Ticket

OFFICE: Final = Calendar(
    id=UUID(int=1),
    key="office",
    name="Office",
    zone="Asia/Jakarta",
    windows=(Window(0, 480, 720), Window(4, 1200, 300)),
    holidays=(Holiday(date(2026, 5, 27), "Waisak", begins=0, ends=720),),
    openings=(Opening(date(2026, 5, 30), "Stocktaking", 480, 600),),
)
ALMOST: Final = timedelta(hours=8, microseconds=1)
POLICY: Final = Policy(
    name="Ünion & Sons",
    targets=(
        PolicyTarget(promise=Promise(metric=Metric.RESOLUTION, amount=ALMOST, calendar=OFFICE)),
        PolicyTarget(
            promise=Promise(
                metric=Metric.PERIODIC_UPDATE,
                amount=ALMOST,
                pauses_in=frozenset({Status.WAITING, Status.OPEN}),
                answers=frozenset({EventKind.STARTED}),
                starts=frozenset({EventKind.ASSIGNED, EventKind.REOPENED}),
            ),
            warn_after=(timedelta(microseconds=1), timedelta(hours=4)),
        ),
    ),
    calendar=attrs.evolve(OFFICE, zone="UTC"),
)
SECOND: Final = timedelta(seconds=1)


class PromisesKept(OverADesk):
    """Promises. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_a_policy_comes_back_with_everything_that_it_means(self, store: Store) -> None:
        _keep(store, POLICY, Policy(name="Nothing"))

        assert POLICY == read(store, lambda uow: uow.policy(POLICY.digest))

    def test_a_policy_that_was_never_saved_is_none(self, store: Store) -> None:
        _keep(store, POLICY)

        assert read(store, lambda uow: uow.policy(Policy(name="Other").digest)) is None

    def test_a_policy_that_is_not_committed_is_not_kept(self, store: Store) -> None:
        with store.begin() as uow:
            uow.save_policy(POLICY)

        assert read(store, lambda uow: uow.policy(POLICY.digest)) is None

    def test_a_policy_whose_change_is_refused_is_not_kept_and_can_be_saved_again(
        self, desk: Store
    ) -> None:
        stale = a_change(a_ticket(version=7, pin=POLICY.digest))
        with desk.begin() as uow:
            uow.save_policy(POLICY)
            uow.save(stale)
            with pytest.raises(StaleTicket):
                uow.commit()

        assert read(desk, lambda uow: uow.policy(POLICY.digest)) is None
        _keep(desk, POLICY)
        assert POLICY == read(desk, lambda uow: uow.policy(POLICY.digest))

    def test_a_policy_may_be_saved_as_often_as_one_likes(self, store: Store) -> None:
        for _ in range(3):
            _keep(store, POLICY, POLICY)

        assert POLICY == read(store, lambda uow: uow.policy(POLICY.digest))

    def test_many_may_save_one_policy_at_once(self, store: Store) -> None:
        _ = at_once([lambda: _keep(store, POLICY)] * 8)

        assert POLICY == read(store, lambda uow: uow.policy(POLICY.digest))

    def test_what_is_due_is_found_earliest_first_and_by_id_where_equal(self, desk: Store) -> None:
        due = [_due(number, NOW + number // 3 * SECOND) for number in range(9)]
        shuffled = Random(7).sample(due, len(due))  # noqa: S311  # an order, no secret
        _keep_tickets(desk, *shuffled)

        assert tuple(due) == read(desk, lambda uow: uow.tickets_due(NOW + 9 * SECOND, limit=99))

    def test_what_is_due_at_that_instant_or_later_or_never_is_not_found(self, desk: Store) -> None:
        early = _due(0, NOW - timedelta(microseconds=1))
        _keep_tickets(desk, early, _due(1, NOW), _due(2, NOW + SECOND), a_ticket(1003))

        assert (early,) == read(desk, lambda uow: uow.tickets_due(NOW, limit=99))

    def test_what_is_due_is_read_in_portions(self, desk: Store) -> None:
        due = [_due(number, NOW + number // 3 * SECOND) for number in range(9)]
        _keep_tickets(desk, *due)

        found: list[Ticket] = []
        place = None
        while portion := read(
            desk,
            lambda uow: uow.tickets_due(NOW + 9 * SECOND, after=place, limit=2),  # noqa: B023
        ):
            found.extend(portion)
            assert portion[-1].next_due_at is not None
            place = DuePlace(portion[-1].next_due_at, portion[-1].id)
        assert due == found

    def test_a_case_is_due_as_any_other_ticket(self, desk: Store) -> None:
        case = a_case_ticket(next_due_at=NOW, pin=POLICY.digest)
        _keep_tickets(desk, case)

        assert (case,) == read(desk, lambda uow: uow.tickets_due(NOW + SECOND, limit=1))

    def test_what_is_due_no_more_is_found_no_more(self, desk: Store) -> None:
        due = _due(0, NOW)
        _keep_tickets(desk, due)
        put(desk, Change(ticket=attrs.evolve(due, version=2, next_due_at=None), events=()))

        assert () == read(desk, lambda uow: uow.tickets_due(NOW + SECOND, limit=1))


def _due(number: int, at: object) -> Ticket:
    return a_ticket(1000 + number, next_due_at=at, pin=POLICY.digest)


def _keep(store: Store, *policies: Policy) -> None:
    with store.begin() as uow:
        for policy in policies:
            uow.save_policy(policy)
        uow.commit()


def _keep_tickets(store: Store, *tickets: Ticket) -> None:
    put(store, *(a_change(ticket) for ticket in tickets))
