"""A desk over a store alone: nobody is limited, nobody is mailed, time stands still."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import attrs

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.limits import Limit
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.stores import Store


class Unlimited:
    """Lets everything pass."""

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:  # noqa: ARG002  # the port's
        """No wait."""
        return timedelta(0)

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:  # noqa: ARG002  # the port's
        """No wait."""
        return timedelta(0)


def ports_over(store: Store, **fields: Any) -> Ports:  # noqa: ANN401  # any field of the record
    """A desk over the store, at NOW; its ids count from 50000."""
    numbers = count(50_000)
    ports = Ports(
        begin=store.begin,
        now=lambda: NOW,
        new_id=lambda: UUID(int=next(numbers)),
        limiter=Unlimited(),
        courier=NoMailServer(),
    )
    return attrs.evolve(ports, **fields)
