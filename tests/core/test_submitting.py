"""A submission at the desk: what is stored, how often it may be made, how its mail fares."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from helpdesk_core.errors import Invalid, TooMany
from helpdesk_core.intake import RawIntake
from helpdesk_core.notices import Notice
from helpdesk_core.people import Caller
from helpdesk_core.ports import MailOutcome, MailStatus, NoticeState, Ports
from helpdesk_core.routing import NOBODY_IS_TOLD
from helpdesk_core.testing.builders import NOW, a_customer, a_directory, a_raw_intake, an_id
from helpdesk_core.testing.directories import ACTIVE_AGENT, MUTED_AGENT
from helpdesk_core.tickets import Event, Status, Ticket
from helpdesk_core.use_cases.intake import Submitted, submit_ticket
from helpdesk_memory import MemoryDesk

HERE = Caller(origin="192.0.2.1")
ELSEWHERE = Caller(origin="192.0.2.2")


def raw(**fields: Any) -> RawIntake:  # noqa: ANN401  # any field of the record
    return a_raw_intake(a_directory(), **fields)


def submitted(desk: MemoryDesk, caller: Caller = HERE, **fields: Any) -> Submitted:  # noqa: ANN401
    return submit_ticket(desk.ports, raw(**fields), caller)


def stored(desk: MemoryDesk, answer: Submitted) -> tuple[Ticket | None, tuple[Event, ...]]:
    with desk.ports.begin() as uow:
        return uow.ticket(answer.ticket.id), uow.history(answer.ticket.id)


def queued(desk: MemoryDesk) -> list[str]:
    """Who waits to be told, in the order in which they are due."""
    claims = desk.outbox.claim(limit=10, lease=timedelta(minutes=1))
    return [claim.notice.recipient for claim in claims]


def refused(desk: MemoryDesk, caller: Caller = HERE, **fields: Any) -> TooMany:  # noqa: ANN401
    with pytest.raises(TooMany) as refusal:
        _ = submitted(desk, caller, **fields)
    return refusal.value


def mistyped(desk: MemoryDesk, times: int) -> None:
    """Refused so often for what was sent."""
    for _ in range(times):
        with pytest.raises(Invalid):
            _ = submitted(desk, description="")


@attrs.frozen
class MailServer:
    """A courier who saw this come of every mail."""

    outcome_of_all: MailOutcome

    def outcome(self, notice: Notice) -> MailOutcome:
        """The same, for any notice."""
        return self.outcome_of_all


def test_a_submission_is_stored_as_it_is_answered(desk: MemoryDesk) -> None:
    answer = submitted(desk)
    ticket, history = stored(desk, answer)

    assert (answer.ticket, ["submitted"]) == (ticket, [event.kind.value for event in history])


def test_a_submission_is_open_from_now_on(desk: MemoryDesk) -> None:
    ticket, _ = stored(desk, submitted(desk))

    assert ticket is not None
    assert (Status.OPEN, NOW, NOW, None, "Ana", "ana@example.com", None) == (
        ticket.status,
        ticket.submitted_at,
        ticket.last_activity_at,
        ticket.assigned_to,
        ticket.submitter_name,
        ticket.submitter_email,
        ticket.submitted_by,
    )


def test_a_signed_in_submission_is_the_submitters_for_good(desk: MemoryDesk) -> None:
    caller = Caller(user=a_customer(5), origin="192.0.2.1")
    ticket, _ = stored(desk, submitted(desk, caller))

    assert ticket is not None
    assert (an_id(5), "Customer 5") == (ticket.submitted_by, ticket.submitter_name)


def test_a_submission_to_nobody_mails_nobody(desk: MemoryDesk) -> None:
    answer = submitted(desk)

    assert (None, []) == (answer.mail, queued(desk))


def test_a_submission_to_an_agent_is_in_progress_and_mails_them_once(desk: MemoryDesk) -> None:
    ticket, history = stored(desk, submitted(desk, user_id=str(ACTIVE_AGENT)))

    assert ticket is not None
    assert (Status.IN_PROGRESS, NOW, ["submitted", "assigned"], ["one@example.com"]) == (
        ticket.status,
        ticket.assigned_at,
        [event.kind.value for event in history],
        queued(desk),
    )


@pytest.mark.parametrize(
    "outcome",
    [
        MailOutcome(status=MailStatus.SENT),
        MailOutcome(status=MailStatus.ERROR, reason="The mail server refused the message"),
    ],
)
def test_what_came_of_the_mail_is_told(desk: MemoryDesk, outcome: MailOutcome) -> None:
    ports = attrs.evolve(desk.ports, courier=MailServer(outcome))

    assert outcome == submit_ticket(ports, raw(user_id=str(ACTIVE_AGENT))).mail


def test_a_mail_is_skipped_where_there_is_no_mail_server(desk: MemoryDesk) -> None:
    skipped = MailOutcome(status=MailStatus.SKIPPED, reason="No mail server is configured")

    assert skipped == submitted(desk, user_id=str(ACTIVE_AGENT)).mail


def test_a_mail_is_skipped_for_an_agent_who_wants_none(desk: MemoryDesk) -> None:
    skipped = MailOutcome(status=MailStatus.SKIPPED, reason="The agent has switched mail off")
    answer = submitted(desk, user_id=str(MUTED_AGENT))

    assert (skipped, []) == (answer.mail, queued(desk))


def test_no_mail_is_spoken_of_where_nobody_is_told_anything() -> None:
    desk = MemoryDesk(NOW, routing=NOBODY_IS_TOLD)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()

    assert None is submitted(desk, user_id=str(ACTIVE_AGENT)).mail


def test_nothing_is_stored_of_what_is_refused(desk: MemoryDesk) -> None:
    mistyped(desk, 1)

    assert (0, 0) == (len(desk.store.tickets), desk.outbox.counts()[NoticeState.QUEUED])


def test_the_sixth_submission_within_an_hour_is_refused(desk: MemoryDesk) -> None:
    for _ in range(5):
        _ = submitted(desk)
    _ = desk.clock.advance(minutes=20)
    refusal = refused(desk)

    assert (2400, "Too many submissions. Try again in 2400 seconds.", 5) == (
        refusal.retry_after,
        refusal.message,
        len(desk.store.tickets),
    )


def test_the_wait_is_told_in_whole_seconds_rounded_up(desk: MemoryDesk) -> None:
    for _ in range(5):
        _ = submitted(desk)
    desk.clock.set(NOW + timedelta(hours=1) - timedelta(microseconds=1))

    assert 1 == refused(desk).retry_after


def test_after_the_wait_the_next_is_accepted(desk: MemoryDesk) -> None:
    for _ in range(5):
        _ = submitted(desk)
    _ = desk.clock.advance(hours=1)
    _ = submitted(desk)

    assert 6 == len(desk.store.tickets)


def test_each_address_has_a_limit_of_its_own(desk: MemoryDesk) -> None:
    for _ in range(5):
        _ = submitted(desk)
    _ = submitted(desk, ELSEWHERE)

    assert 6 == len(desk.store.tickets)


def test_whoever_calls_from_inside_the_program_is_not_counted(desk: MemoryDesk) -> None:
    for _ in range(6):
        _ = submitted(desk, Caller())

    assert 6 == len(desk.store.tickets)


def test_what_is_refused_does_not_eat_what_may_be_submitted(desk: MemoryDesk) -> None:
    mistyped(desk, 20)
    for _ in range(5):
        _ = submitted(desk)

    assert 5 == len(desk.store.tickets)


def test_at_the_limit_a_fault_is_still_named(desk: MemoryDesk) -> None:
    for _ in range(5):
        _ = submitted(desk)
    with pytest.raises(Invalid) as refusal:
        _ = submitted(desk, description="")

    assert "Description is required" == refusal.value.message


def test_refused_submissions_have_a_wide_limit_of_their_own(desk: MemoryDesk) -> None:
    mistyped(desk, 120)

    assert (
        "Too many submissions. Try again in 3600 seconds." == refused(desk, description="").message
    )


def test_a_ticket_is_never_lost_to_counters_that_are_down(
    desk: MemoryDesk, uncounted: Ports
) -> None:
    answer = submit_ticket(uncounted, raw(), HERE)

    assert answer.ticket == stored(desk, answer)[0]


def test_a_fault_is_named_though_the_counters_are_down(uncounted: Ports) -> None:
    with pytest.raises(Invalid):
        _ = submit_ticket(uncounted, raw(description=""), HERE)


def test_a_submission_is_judged_again_when_the_directory_changed_meanwhile(
    desk: MemoryDesk,
) -> None:
    def an_id_while_the_agent_leaves() -> UUID:
        held = desk.store.directory
        if ACTIVE_AGENT in held.agents:
            staying = {key: held.agents[key] for key in held.agents if key != ACTIVE_AGENT}
            with desk.ports.begin() as uow:
                uow.save_directory(attrs.evolve(held, version=held.version + 1, agents=staying))
                uow.commit()
        return desk.ports.new_id()

    ports = attrs.evolve(desk.ports, new_id=an_id_while_the_agent_leaves)
    with pytest.raises(Invalid) as refusal:
        _ = submit_ticket(ports, raw(user_id=str(ACTIVE_AGENT)))

    assert ("Selected user is not assigned to that department or is inactive", 0) == (
        refusal.value.message,
        len(desk.store.tickets),
    )
