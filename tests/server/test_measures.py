"""What is counted, as Prometheus reads it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from helpdesk_core.errors import Unavailable
from helpdesk_core.limits import LOOKUPS, Limit
from helpdesk_core.ports import ChannelStanding, Delivery, DeliveryResult
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_server.measures import MeasuredLimiter, Measures
from helpdesk_server.vitals import DatabaseSeen

KEY = ("192.0.2.1",)
SMS = ChannelStanding(
    channel=Channel.SMS,
    queued=3,
    failed=2,
    sent=5,
    dead=1,
    oldest_due=timedelta(minutes=1),
    last_error="",
)


@pytest.fixture
def measures() -> Measures:
    return Measures()


def figures(measures: Measures) -> Mapping[str, float]:
    """Each figure by its name and labels, as they are written."""
    families = text_string_to_metric_families(measures.counted().text.decode())
    return {
        f"{it.name}{sorted(it.labels.items()) or ''}": it.value
        for family in families
        for it in family.samples
    }


def test_answers_are_counted_by_method_route_and_status(measures: Measures) -> None:
    for status in (200, 200, 404):
        measures.answered(
            method="GET", route="/api/intake/status/{ticket_id}", status=status, duration=0.01
        )

    found = figures(measures)
    name = "helpdesk_requests_total[('method', 'GET'), ('route', '/api/intake/status/{ticket_id}')"
    assert (2, 1) == (found[f"{name}, ('status', '200')]"], found[f"{name}, ('status', '404')]"])


def test_what_matches_no_route_is_counted_as_one(measures: Measures) -> None:
    measures.answered(method="other", route=None, status=404, duration=0.01)

    assert (
        1
        == figures(measures)[
            "helpdesk_requests_total[('method', 'other'), ('route', '-'), ('status', '404')]"
        ]
    )


def test_durations_are_seconds(measures: Measures) -> None:
    measures.answered(method="GET", route="/health", status=200, duration=0.25)

    name = "helpdesk_request_duration_seconds_sum[('method', 'GET'), ('route', '/health')]"
    assert 0.25 == figures(measures)[name]


def test_deliveries_are_counted_by_channel_and_result(measures: Measures) -> None:
    measures.delivered(a_notice(), Delivery(result=DeliveryResult.FAILED, reason="ann@example.com"))

    name = "helpdesk_deliveries_total[('channel', 'mail'), ('result', 'failed')]"
    assert 1 == figures(measures)[name]
    assert b"example.com" not in measures.counted().text


def test_the_dead_are_counted_by_channel(measures: Measures) -> None:
    measures.died(a_notice())

    assert 1 == figures(measures)["helpdesk_dead_notices_total[('channel', 'mail')]"]


class Limiter:
    """Refuses, or cannot count."""

    def __init__(self, wait: timedelta | None) -> None:
        self.answer = wait

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        if self.answer is None:
            raise Unavailable
        return self.answer

    wait = hit


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(minutes=1)])
def test_a_measured_limiter_answers_as_the_one_within(measures: Measures, wait: timedelta) -> None:
    limiter = MeasuredLimiter(Limiter(wait), measures)

    assert (wait, wait) == (limiter.hit(LOOKUPS, KEY), limiter.wait(LOOKUPS, KEY))


def test_refusals_are_counted_by_limit(measures: Measures) -> None:
    MeasuredLimiter(Limiter(timedelta(0)), measures).hit(LOOKUPS, KEY)
    MeasuredLimiter(Limiter(timedelta(seconds=9)), measures).hit(LOOKUPS, KEY)

    assert 1 == figures(measures)["helpdesk_limit_refusals_total[('limit', 'lookups')]"]


def test_what_could_not_be_counted_is_counted_here(measures: Measures) -> None:
    with pytest.raises(Unavailable):
        MeasuredLimiter(Limiter(None), measures).hit(LOOKUPS, KEY)

    assert 1 == figures(measures)["helpdesk_limit_failures_total[('limit', 'lookups')]"]


def watched(seen: DatabaseSeen | None, channels: tuple[ChannelStanding, ...] | None) -> Measures:
    measures = Measures()
    measures.watch(database=lambda: seen, channels=lambda: channels, lines_dropped=lambda: 7)
    return measures


def test_the_outbox_and_the_log_are_told_of() -> None:
    seen = DatabaseSeen(is_up_to_date=True, oldest_waiting=timedelta(seconds=90))
    found = figures(watched(seen, (SMS,)))

    assert (1, 90, 3, 1, 60, 7) == (
        found["helpdesk_database_up"],
        found["helpdesk_outbox_oldest_due_seconds"],
        found["helpdesk_outbox_notices[('channel', 'sms'), ('state', 'queued')]"],
        found["helpdesk_outbox_notices[('channel', 'sms'), ('state', 'dead')]"],
        found["helpdesk_outbox_channel_oldest_due_seconds[('channel', 'sms')]"],
        found["helpdesk_log_lines_dropped_total"],
    )


def test_of_a_database_that_does_not_answer_only_that_is_told() -> None:
    found = figures(watched(None, None))

    assert 0 == found["helpdesk_database_up"]
    assert not [name for name in found if "outbox" in name]


def test_the_process_tells_of_itself(measures: Measures) -> None:
    assert figures(measures)["process_resident_memory_bytes"] > 0
