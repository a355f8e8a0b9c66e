"""Operators are told once of each notice that dies."""

from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import attrs
import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_change, a_notice
from helpdesk_core.use_cases.delivering import KEPT_TRYING, deliver_next
from helpdesk_memory import MemoryDesk

FAILED, REFUSED = DeliveryResult.FAILED, DeliveryResult.REFUSED


class OpenGate:
    def claiming(self) -> AbstractContextManager[frozenset[str]]:
        return nullcontext(frozenset())

    def enter(self, destination: str) -> None:
        """Let everybody in."""

    def leave(self, destination: str, result: DeliveryResult) -> None:
        """Remember nobody."""


@attrs.frozen
class Answering:
    result: DeliveryResult

    def deliver(self, notice: Notice) -> Delivery:
        return Delivery(result=self.result, reason="why")


@pytest.mark.parametrize(
    ("result", "age", "deaths"),
    [
        (DeliveryResult.SENT, timedelta(0), []),
        (FAILED, timedelta(0), []),
        (FAILED, KEPT_TRYING[Channel.MAIL], ["why"]),
        (REFUSED, timedelta(0), ["why"]),
    ],
)
def test_what_is_given_up_is_told_once(
    desk: MemoryDesk, result: DeliveryResult, age: timedelta, deaths: list[str]
) -> None:
    with desk.ports.begin() as uow:
        uow.save(a_change(), (a_notice(1),))
        uow.commit()
    desk.clock.advance(minutes=age.total_seconds() // 60)
    told: list[str] = []

    for _ in range(2):
        _ = deliver_next(
            desk.outbox,
            {Channel.MAIL: Answering(result)},
            OpenGate(),
            now=desk.clock,
            wait=lambda _channel, _failed: timedelta(hours=1),
            tell=lambda _notice, _delivery: None,
            died=lambda _notice, delivery: told.append(delivery.reason),
        )

    assert deaths == told
