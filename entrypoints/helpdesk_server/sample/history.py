"""Half a year of tickets for the sample desk, through the rules' own moves, from a seed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Final

from helpdesk_core.directory import Directory, FieldKind, KpiType, Scalar
from helpdesk_core.intake import RawIntake, submit, validate
from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.people import Caller
from helpdesk_core.persons import THE_DESK, Identity, Person, by_mail
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.tickets import Change
from helpdesk_server.sample.promises import save_watched
from helpdesk_server.sample.scene import Customer, Scene
from helpdesk_server.sample.stories import HALF_A_YEAR, STORIES, Story, Telling
from helpdesk_server.sample.words import words_to_say

LOGGED_SHARE: Final = 5
"""Of so many tickets one was logged by an agent."""

_SATURDAY: Final = 5


def is_empty(ports: Ports) -> bool:
    """True for a desk whose directory was never stored, and that has thus no ticket either."""
    with ports.begin() as uow:
        return uow.directory().version == 0


def fill(ports: Ports, *, until: datetime, seed: int = 1, tickets: int = 300) -> int:
    """Give a desk that holds the sample directory a past, which ends before `until`.

    The same arguments make the same past, ids included; of 34 tickets or more, some are in every
    state. Nobody is told of anything. All is stored together or nothing is: DuplicateId when this
    very past is there already. Answers with the number of tickets.
    """
    with ports.begin() as uow:
        scene = Scene(
            directory=uow.directory(),
            words=words_to_say(),
            die=Random(seed),  # noqa: S311  # sample data, to be drawn the same again
            until=until,
        )
        for customer in scene.words.customers:
            if customer.is_signed_in:
                _introduce(uow, customer, until)
        save_watched(uow, scene, _history(scene, tickets), random=ports.random)
        uow.commit()
    return tickets


def customer_addresses() -> tuple[str, ...]:
    """The addresses under which the tickets of this past were submitted."""
    return tuple(customer.email for customer in words_to_say().customers)


def _introduce(uow: UnitOfWork, customer: Customer, at: datetime) -> None:
    """Whoever signs in with the customer's address is from now on the customer of this past."""
    user = customer.user
    uow.save_person(
        Person(id=user.id, name=user.name, email=user.email, created_at=at, signed_in_at=at)
    )
    subject = by_mail(user.email).subject
    uow.save_identity(Identity(issuer=THE_DESK, subject=subject, person_id=user.id, created_at=at))


def _history(scene: Scene, tickets: int) -> Iterator[Change]:
    """The changes of every ticket, each ticket's in their order."""
    stories = cycle([story for story in STORIES for _ in range(story.share)])
    rules = cycle(_loggable(scene.directory))
    for number in range(tickets):
        if number % LOGGED_SHARE == 0:
            yield _logged(scene, next(rules))
        else:
            yield from _told(scene, next(stories))


def _told(scene: Scene, story: Story) -> Iterator[Change]:
    """A submission, and what comes of it as far as there was time."""
    telling, submitted = _submitted(scene, story)
    yield submitted
    for act in story.acts:
        change = telling.tell(act)
        if change is None:
            return
        if change.events:
            yield change


def _submitted(scene: Scene, story: Story) -> tuple[Telling, Change]:
    department = scene.die.choice(scene.departments)
    agent = scene.die.choice(scene.directory.members_of(department.id))
    customer = scene.customer(signs_in=story.wants_chat)
    kpi_type = scene.die.choice(scene.directory.kpi_types_for(department.id))
    at = scene.working_instant(department, story.youngest, story.oldest)
    raw = RawIntake(
        dept_id=str(department.id),
        user_id=str(agent.id) if story.names_agent else None,
        kpi_type_id=str(kpi_type.id),
        ticket_date=at.isoformat(),
        description=scene.description(kpi_type),
        created_by_name=customer.name,
        created_by_email=customer.email,
        is_holiday_work=at.weekday() >= _SATURDAY,
    )
    caller = Caller(user=customer.user if customer.is_signed_in else None)
    intake = validate(raw, scene.directory, caller)
    change = submit(intake, ticket_id=scene.new_id(at), now=at)
    return Telling(scene, customer, agent, change.ticket, at), change


def _logged(scene: Scene, kpi_type: KpiType) -> Change:
    """Work of a KPI type, logged by a member of one of its departments."""
    department = scene.die.choice(
        [it for it in scene.departments if it.id in kpi_type.department_ids]
    )
    at = scene.working_instant(department, 0, HALF_A_YEAR)
    figures = {it.key: _FIGURES[it.kind](scene, at) for it in kpi_type.metric_schema}
    if "foundAt" in figures:
        figures["foundAt"] = _instant(at - scene.minutes(4, 150))
    return log_work(
        LoggedWork(
            department=department,
            kpi_type=kpi_type,
            ticket_date=at,
            description=scene.description(kpi_type),
            metrics=figures,
        ),
        scene.die.choice(scene.directory.members_of(department.id)),
        ticket_id=scene.new_id(at),
        now=at,
    )


def _loggable(directory: Directory) -> tuple[KpiType, ...]:
    kpi_types = (it for it in directory.kpi_types.values() if not it.is_calculated)
    return tuple(sorted(kpi_types, key=lambda it: (it.display_order, it.key)))


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


_FIGURES: Final[Mapping[FieldKind, Callable[[Scene, datetime], Scalar]]] = {
    FieldKind.COUNT: lambda scene, _: scene.die.randint(1, 12),
    FieldKind.PERCENT: lambda scene, _: min(100.0, round(scene.die.uniform(96, 104), 1)),
    FieldKind.SCORE: lambda scene, _: scene.die.choice((3, 4, 4, 5, 5, 5)),
    FieldKind.TIME: lambda scene, _: (
        f"{scene.die.choice((14, 15, 16, 16, 16, 17))}:{scene.die.randint(10, 59)}"
    ),
    FieldKind.INSTANT: lambda _, at: _instant(at),
    FieldKind.TEXT: lambda scene, _: scene.message("milestone"),
}
"""A plausible figure for each kind of field."""
