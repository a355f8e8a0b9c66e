"""What is said of a desk, from what was seen of it."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_memory import MovableClock
from helpdesk_server.vitals import (
    LONGEST_BACKLOG,
    LONGEST_WAIT,
    DatabaseSeen,
    Deliveries,
    DeliveryRecord,
    Vitals,
)

NOW = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
WELL = DatabaseSeen(is_up_to_date=True, oldest_waiting=None)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def record(clock: MovableClock) -> DeliveryRecord:
    return DeliveryRecord(clock)


@pytest.fixture
def vitals(clock: MovableClock, record: DeliveryRecord) -> Vitals:
    """Of a desk that delivers, and is well."""
    return Vitals(
        now=clock,
        database=lambda: WELL,
        deliveries=Deliveries(are_at_work=lambda: True, record=record),
        can_write_letters=lambda: True,
    )


def unhealthy(vitals: Vitals) -> set[str]:
    return {name for name, is_well in vitals.health().components.items() if not is_well}


def waiting(wait: timedelta | None) -> DatabaseSeen:
    return attrs.evolve(WELL, oldest_waiting=wait)


def test_a_desk_that_is_well_is_told_with_the_time(vitals: Vitals) -> None:
    health = vitals.health()

    assert (NOW, True) == (health.at, health.is_well)
    assert {"database", "notifications", "templates"} == health.components.keys()


def test_a_database_that_does_not_answer_takes_the_notices_with_it(vitals: Vitals) -> None:
    vitals.database = lambda: None

    assert {"database", "notifications"} == unhealthy(vitals)


def test_without_a_channel_no_notices_are_missed(vitals: Vitals) -> None:
    vitals.database, vitals.deliveries = (lambda: waiting(timedelta(days=9))), None

    assert (set(), ()) == (unhealthy(vitals), vitals.reasons_against())


def test_threads_that_died_deliver_nothing(vitals: Vitals, record: DeliveryRecord) -> None:
    vitals.deliveries = Deliveries(are_at_work=lambda: False, record=record)

    assert {"notifications"} == unhealthy(vitals)


@pytest.mark.parametrize(
    ("wait", "parts"),
    [(None, set()), (LONGEST_WAIT, set()), (LONGEST_WAIT + MOMENT, {"notifications"})],
)
def test_a_due_notice_may_wait_so_long(
    vitals: Vitals, wait: timedelta | None, parts: set[str]
) -> None:
    vitals.database = lambda: waiting(wait)

    assert parts == unhealthy(vitals)


@pytest.mark.parametrize(
    ("results", "minutes", "is_failing"),
    [
        (["failed"], 4, False),
        (["failed"], 6, True),
        (["failed", "failed"], 6, True),
        (["failed", "sent"], 6, False),
        (["failed", "refused"], 6, False),
        (["sent", "failed"], 6, True),
    ],
)
def test_deliveries_fail_when_for_long_every_one_failed(
    record: DeliveryRecord,
    clock: MovableClock,
    results: list[str],
    minutes: int,
    *,
    is_failing: bool,
) -> None:
    for result in results:
        record.tell(Delivery(result=DeliveryResult(result)))
    clock.advance(minutes=minutes)

    assert is_failing == record.has_failed_for(LONGEST_WAIT)


def test_when_deliveries_fail_for_long_notices_do_not_go_out(
    vitals: Vitals, record: DeliveryRecord, clock: MovableClock
) -> None:
    record.tell(Delivery(result=DeliveryResult.FAILED))
    clock.advance(minutes=6)

    assert {"notifications"} == unhealthy(vitals)


def test_letters_that_cannot_be_written_are_the_templates_fault(vitals: Vitals) -> None:
    vitals.can_write_letters = lambda: False

    assert {"templates"} == unhealthy(vitals)


def test_a_desk_that_is_well_is_ready(vitals: Vitals) -> None:
    assert () == vitals.reasons_against()


def test_a_database_that_does_not_answer_is_a_reason(vitals: Vitals) -> None:
    vitals.database = lambda: None

    assert ("the database does not answer",) == vitals.reasons_against()


def test_every_reason_is_told(vitals: Vitals) -> None:
    seen = DatabaseSeen(is_up_to_date=False, oldest_waiting=LONGEST_BACKLOG + MOMENT)
    vitals.database = lambda: seen

    assert (
        "the database is at another revision",
        "notices wait too long",
    ) == vitals.reasons_against()


def test_a_mail_server_that_is_away_keeps_no_request_out(
    vitals: Vitals, record: DeliveryRecord, clock: MovableClock
) -> None:
    record.tell(Delivery(result=DeliveryResult.FAILED))
    clock.advance(hours=1)

    assert () == vitals.reasons_against()


def test_what_waits_for_a_destination_that_is_down_keeps_no_request_out(
    vitals: Vitals, record: DeliveryRecord
) -> None:
    vitals.database = lambda: waiting(LONGEST_BACKLOG + MOMENT)
    vitals.deliveries = Deliveries(
        are_at_work=lambda: True, record=record, are_held_back=lambda: True
    )

    assert (set(), ()) == (unhealthy(vitals), vitals.reasons_against())


def test_a_server_that_stops_says_so_without_looking_any_further(vitals: Vitals) -> None:
    vitals.database, vitals.is_draining = (lambda: None), (lambda: True)

    assert ("the server is stopping",) == vitals.reasons_against()
