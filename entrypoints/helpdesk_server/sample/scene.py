"""What the sample's history is told with: a directory, words, a die, and time in working hours."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.directory import Department, Directory, KpiType
from helpdesk_core.ids import uuid7
from helpdesk_core.people import User
from helpdesk_core.support import CustomerType
from helpdesk_core.text import fold
from helpdesk_core.working_hours import working_time

MINUTE: Final = timedelta(minutes=1)
_AT_ANY_HOUR: Final = 0.03
_FARTHEST: Final = 14 * 24 * 60  # minutes: no calendar of the sample pauses for two weeks


@attrs.frozen(kw_only=True)
class Customer:
    """Somebody who asks for work; only one who signs in is known by an id.

    `organization`, `phone`, `project` and `tier` are what a customer of the support desk tells.
    """

    name: str
    email: str
    is_signed_in: bool = False
    organization: str | None = None
    phone: str | None = None
    project: str | None = None
    tier: str = CustomerType.FREE.value

    @property
    def user(self) -> User:
        """The customer as somebody who is signed in; the id is that of the address's URL."""
        return User(
            id=uuid5(NAMESPACE_URL, f"mailto:{fold(self.email)}"), name=self.name, email=self.email
        )


@attrs.frozen(kw_only=True)
class Words:
    """What is said: descriptions by the key of a KPI type, and messages by their occasion.

    `questions` are those of cases, by the kind of issue, each with its subject.
    """

    customers: tuple[Customer, ...]
    clients: tuple[Customer, ...]
    descriptions: Mapping[str, Sequence[str]]
    questions: Mapping[str, Sequence[tuple[str, str]]]
    messages: Mapping[str, Sequence[str]]


@attrs.frozen(kw_only=True)
class Scene:
    """Everything a story is drawn from. The same die makes the same stories."""

    directory: Directory
    words: Words
    die: Random
    until: datetime
    policy: CasePolicy = CONTRACT_CASES

    def new_id(self, at: datetime) -> UUID:
        """An id of that instant."""
        return uuid7(at, self.die.getrandbits(74))

    def message(self, occasion: str) -> str:
        """Something to say on an occasion."""
        return self.die.choice(self.words.messages[occasion])

    def description(self, kpi_type: KpiType) -> str:
        """Something that a ticket of a KPI type may be about."""
        return self.die.choice(self.words.descriptions[kpi_type.key])

    def customer(self, *, signs_in: bool) -> Customer:
        """A customer; one who signs in where that is wanted."""
        return self.die.choice(
            [it for it in self.words.customers if it.is_signed_in or not signs_in]
        )

    @property
    def departments(self) -> tuple[Department, ...]:
        """The departments, in an order that is the same on every store."""
        return tuple(sorted(self.directory.departments.values(), key=lambda it: it.key))

    def working_instant(self, department: Department, youngest: float, oldest: float) -> datetime:
        """An instant between so many days ago, mostly moved on into the department's hours."""
        start = self.until - timedelta(days=self.die.uniform(youngest, oldest))
        start = start.replace(microsecond=0)
        wait = self.minutes(1, 240)
        at = after_work(self.directory.calendar_of(department.id), start, wait)
        return start if at > self.until or self.die.random() < _AT_ANY_HOUR else at

    def minutes(self, fewest: int, most: int) -> timedelta:
        """Any time between, to the second."""
        return timedelta(seconds=self.die.randint(fewest * 60, most * 60))


def after_work(calendar: Calendar | None, start: datetime, work: timedelta) -> datetime:
    """When so much working time has passed, rounded up to a minute from the start.

    Without a calendar every hour counts.
    """
    if calendar is None:
        return start + work
    minutes = bisect_left(
        range(_FARTHEST),
        work,
        key=lambda minute: working_time(calendar, start, start + minute * MINUTE),
    )
    return start + minutes * MINUTE
