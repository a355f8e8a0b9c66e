"""How notices leave this process: the threads, the gate, and who is told of what came of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from random import random
from time import monotonic

import attrs
from structlog.typing import FilteringBoundLogger

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Courier, Delivery, DeliveryResult, Notifier, Outbox
from helpdesk_core.routing import Channel
from helpdesk_core.use_cases.delivering import deliver_next
from helpdesk_server.channels import not_served
from helpdesk_server.courier import PromptCourier
from helpdesk_server.delivery import DeliveryThreads
from helpdesk_server.gates import DestinationGate
from helpdesk_server.logs import log_named
from helpdesk_server.measures import Measures
from helpdesk_server.schedules import wait_after
from helpdesk_server.settings import Settings
from helpdesk_server.vitals import Deliveries, DeliveryRecord


@attrs.frozen(kw_only=True)
class Dispatch:
    """How notices leave; with a courier alone, they do not."""

    courier: Courier
    threads: DeliveryThreads | None = None
    deliveries: Deliveries | None = None


def dispatch(
    settings: Settings,
    outbox: Outbox,
    channels: Mapping[Channel, Notifier],
    measures: Measures,
    *,
    now: Callable[[], datetime],
) -> Dispatch:
    """The threads that deliver, and the courier that knows what they did."""
    if not channels:
        return Dispatch(courier=NoMailServer())
    log, record = log_named("delivery"), DeliveryRecord(now)

    def nudge() -> None:  # the courier and the threads need each other
        threads.nudge()

    gate = DestinationGate(
        seats=settings.delivery_threads, clock=monotonic, die=random, never=not_served(channels)
    )
    courier = PromptCourier(
        nudge=nudge,
        wait=settings.mail_wait,
        waiters=settings.threads // 2,
        is_prompt=partial(gate.is_prompt, Channel.MAIL.value, settings.mail_wait),
    )
    deliver_one = partial(
        deliver_next,
        outbox,
        channels,
        gate,
        now=now,
        wait=wait_after,
        tell=partial(_tell, log, (measures.delivered, record.tell_of, courier.tell)),
        died=partial(_tell_of_death, log, measures),
    )
    threads = DeliveryThreads(deliver_one, log=log, threads=settings.delivery_threads)
    return Dispatch(
        courier=courier if Channel.MAIL in channels else NoMailServer(),
        threads=threads,
        deliveries=Deliveries(
            are_at_work=threads.is_at_work, record=record, are_held_back=gate.holds_back
        ),
    )


def _tell(
    log: FilteringBoundLogger,
    others: tuple[Callable[[Notice, Delivery], None], ...],
    notice: Notice,
    delivery: Delivery,
) -> None:
    if delivery.result is not DeliveryResult.SENT:
        # Why, the outbox keeps: it may name people.
        log.warning(
            "not delivered",
            notice_id=str(notice.id),
            channel=notice.channel.value,
            result=delivery.result.value,
        )
    for other in others:
        other(notice, delivery)


def _tell_of_death(
    log: FilteringBoundLogger, measures: Measures, notice: Notice, _: Delivery
) -> None:
    """The operators' one line about a notice that nobody will ever get."""
    log.error("notice is dead", notice_id=str(notice.id), channel=notice.channel.value)
    measures.died(notice)
