"""What if: another policy beside the real one, and tickets that are held to another from now on."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.cases import RawCase
from helpdesk_core.directory import Directory
from helpdesk_core.directory_file import merged
from helpdesk_core.errors import Invalid, InvalidDirectory
from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.people import Caller
from helpdesk_core.sla_clock import Promise, Verdict
from helpdesk_core.sla_policies import Policy, PolicyTarget
from helpdesk_core.sla_replay import NOTHING_YET, Compliance, replay
from helpdesk_core.testing.builders import NOW, a_directory, a_ticket, staff
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, move_ticket, update_ticket
from helpdesk_core.use_cases.replaying import (
    PORTION,
    Span,
    repin_ticket,
    repinnable,
    replay_under,
)
from helpdesk_memory import MemoryDesk

HOUR = timedelta(hours=1)


def cases_in(hours: int) -> dict[str, Any]:
    """A file that promises every case a resolution in so many hours."""
    target = {"metric": "resolution", "amount": f"{hours}h"}
    return {"policies": [{"key": "cases", "name": "Cases", "door": "support", "targets": [target]}]}


def with_cases_in(hours: int) -> Directory:
    return merged(cases_in(hours), a_directory())


def put_directory(desk: MemoryDesk, directory: Directory) -> None:
    with desk.ports.begin() as uow:
        uow.save_directory(attrs.evolve(directory, version=uow.directory().version + 1))
        uow.commit()


@pytest.fixture
def desk() -> MemoryDesk:
    """A desk that promises cases a resolution in 48 hours."""
    desk = MemoryDesk(NOW)
    put_directory(desk, with_cases_in(48))
    return desk


def opened(desk: MemoryDesk, *, resolved_after: timedelta | None = None) -> Ticket:
    raw = RawCase(name="Ana", email="ana@example.com", subject="Down", message="It is down")
    case = submit_case(desk.ports, raw)
    if resolved_after is not None:
        desk.clock.set(desk.clock() + resolved_after)
        _ = move_ticket(desk.ports, Target(ticket_id=case.id), Status.RESOLVED, staff())
    return case


def held(desk: MemoryDesk, ticket: Ticket) -> Ticket:
    return desk.store.tickets[ticket.id]


def events(desk: MemoryDesk, ticket: Ticket) -> tuple[Event, ...]:
    with desk.ports.begin() as uow:
        return uow.history(ticket.id)


def resolving_in(hours: int) -> Policy:
    promise = Promise(metric=Metric.RESOLUTION, amount=hours * HOUR)
    return Policy(name=f"In {hours}", targets=(PolicyTarget(promise=promise),))


class TestReplay:
    def test_every_verdict_that_differs_is_told_with_both_standings(self, desk: MemoryDesk) -> None:
        case = opened(desk, resolved_after=30 * HOUR)

        (found,) = replay_under(desk.ports, cases_in(24))
        (turn,) = found.turns
        assert (found.ticket.id, turn.metric) == (case.id, Metric.RESOLUTION)
        assert turn.before is not None
        assert turn.after is not None
        assert (turn.before.verdict, turn.after.verdict) == (Verdict.MET, Verdict.BREACHED)
        assert turn.after.due_at == NOW + 24 * HOUR

    def test_compliance_stands_beside_the_real_one(self, desk: MemoryDesk) -> None:
        for hours in (10, 30, 60):
            _ = opened(desk, resolved_after=hours * HOUR)

        real = replayed = NOTHING_YET
        for found in replay_under(desk.ports, cases_in(24)):
            real, replayed = real.plus(found.real), replayed.plus(found.replayed)
        assert real.share(Metric.RESOLUTION) == Fraction(2, 3)
        assert replayed.share(Metric.RESOLUTION) == Fraction(1, 3)

    def test_nothing_is_written(self, desk: MemoryDesk) -> None:
        _ = opened(desk, resolved_after=30 * HOUR)
        before = dict(desk.store.tickets), dict(desk.store.policies), desk.store.directory
        _ = list(replay_under(desk.ports, cases_in(24)))

        assert before == (desk.store.tickets, desk.store.policies, desk.store.directory)

    def test_under_what_it_is_held_to_nothing_differs(self, desk: MemoryDesk) -> None:
        _ = opened(desk, resolved_after=30 * HOUR)

        (found,) = replay_under(desk.ports, {})
        assert (found.turns, found.real) == ((), found.replayed)

    def test_a_span_has_its_first_instant_and_not_its_last(self, desk: MemoryDesk) -> None:
        cases = []
        for _ in range(3):
            cases.append(opened(desk))
            desk.clock.advance(hours=1)

        span = Span(since=NOW + HOUR, until=NOW + 2 * HOUR)
        assert [it.ticket.id for it in replay_under(desk.ports, {}, span)] == [cases[1].id]

    def test_all_tickets_are_gone_through_portion_by_portion(self, desk: MemoryDesk) -> None:
        first = held(desk, opened(desk))
        for number in range(PORTION + 1):
            other = attrs.evolve(
                a_ticket(1000 + number), submitted_at=NOW + (number + 1) * timedelta(seconds=1)
            )
            desk.store.tickets[other.id] = other

        found = [it.ticket.id for it in replay_under(desk.ports, {})]
        assert (found[0], len(found), len(set(found))) == (first.id, PORTION + 2, PORTION + 2)

    def test_a_file_that_is_wrong_is_refused_before_anything_is_read(
        self, desk: MemoryDesk
    ) -> None:
        with pytest.raises(InvalidDirectory):
            _ = replay_under(desk.ports, {"policies": [{"key": "cases"}]})

    def test_a_promise_that_was_never_made_is_a_turn_too(self) -> None:
        ticket = a_ticket()
        history = (Event(kind=EventKind.SUBMITTED, at=NOW, status=Status.OPEN),)

        found = replay(ticket, history, Policy(name="None"), resolving_in(4), NOW + HOUR)
        (turn,) = found.turns
        assert turn.before is None
        assert turn.after is not None
        assert turn.after.verdict is Verdict.PENDING

    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90))
    def test_a_longer_promise_never_makes_a_breach_of_what_was_met(
        self, hours: int, more: int, took: int
    ) -> None:
        history = (
            Event(kind=EventKind.SUBMITTED, at=NOW, status=Status.OPEN),
            Event(kind=EventKind.RESOLVED, at=NOW + took * HOUR, status=Status.RESOLVED),
        )
        policies = resolving_in(hours), resolving_in(hours + more)

        found = replay(a_ticket(), history, *policies, NOW + 999 * HOUR)
        assert [
            turn for turn in found.turns if turn.before and turn.before.verdict is Verdict.MET
        ] == []

    def test_of_nothing_there_is_no_share(self) -> None:
        assert Compliance().share(Metric.RESOLUTION) is None


class TestRepinning:
    def test_a_preview_shows_who_would_be_held_to_what(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        put_directory(desk, with_cases_in(24))
        desk.clock.advance(hours=30)

        (found,) = repinnable(desk.ports)
        (turn,) = found.turns
        assert (found.ticket.id, found.held.digest) == (case.id, case.pin)
        assert turn.after is not None
        assert (turn.after.verdict, held(desk, case)) == (Verdict.BREACHED, case)

    def test_a_ticket_that_is_held_to_it_already_is_left_out(self, desk: MemoryDesk) -> None:
        case = opened(desk)

        assert list(repinnable(desk.ports)) == []
        assert not repin_ticket(desk.ports, case.id, Caller())
        assert held(desk, case) == case

    def test_finished_tickets_are_left_out_unless_they_are_meant(self, desk: MemoryDesk) -> None:
        case = opened(desk, resolved_after=HOUR)
        put_directory(desk, with_cases_in(24))

        assert list(repinnable(desk.ports)) == []
        (found,) = repinnable(desk.ports, with_finished=True)
        assert found.ticket.id == case.id

    def test_a_policy_s_key_chooses_those_for_which_it_holds(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        promised = [{"metric": "resolution", "amount": "24h"}]
        policies = [
            {"key": "cases", "name": "Cases", "door": "support", "targets": promised},
            {"key": "high", "name": "High", "urgencies": ["HIGH"], "targets": promised},
        ]
        put_directory(desk, merged({"policies": policies}, desk.store.directory))

        assert [it.ticket.id for it in repinnable(desk.ports, key="Cases")] == [case.id]
        assert list(repinnable(desk.ports, key="high")) == []
        with pytest.raises(Invalid):
            _ = list(repinnable(desk.ports, key="low"))

    def test_re_pinning_is_an_event_with_both_versions(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        put_directory(desk, with_cases_in(24))

        assert repin_ticket(desk.ports, case.id, Caller())
        repinned = held(desk, case)
        last = events(desk, case)[-1]
        assert (last.kind, last.details["from"], last.details["to"]) == (
            EventKind.REPINNED,
            case.pin,
            repinned.pin,
        )
        assert repinned.pin in desk.store.policies

    def test_a_re_pinned_case_is_due_as_the_new_policy_has_it(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        put_directory(desk, with_cases_in(96))
        assert repin_ticket(desk.ports, case.id, Caller())

        repinned = held(desk, case)
        assert repinned.case is not None
        assert repinned.case.resolution_due_at == NOW + 96 * HOUR
        assert repinned.last_activity_at == case.last_activity_at

    def test_what_had_become_true_before_is_written_down_before_it(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        desk.clock.advance(hours=50)
        put_directory(desk, with_cases_in(96))
        _ = repin_ticket(desk.ports, case.id, Caller())

        kinds = [event.kind for event in events(desk, case)]
        assert kinds[-1] is EventKind.REPINNED
        assert EventKind.BREACHED in kinds[:-1]

    def test_a_re_pinned_ticket_keeps_its_policy_when_it_changes(self, desk: MemoryDesk) -> None:
        case = opened(desk)
        put_directory(desk, with_cases_in(24))
        assert repin_ticket(desk.ports, case.id, Caller())
        pin = held(desk, case).pin
        put_directory(desk, with_cases_in(12))
        _ = update_ticket(desk.ports, Target(ticket_id=case.id), RawUpdate(message="?"), staff())

        assert held(desk, case).pin == pin

    def test_a_ticket_that_is_gone_is_not_re_pinned(self, desk: MemoryDesk) -> None:
        assert not repin_ticket(desk.ports, a_ticket().id, Caller())
