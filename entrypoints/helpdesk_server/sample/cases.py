"""Half a year of support cases for the sample desk, through the rules' own moves, from a seed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

import attrs

from helpdesk_core.cases import RawCase, open_case, validate_case
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.support import IssueType, Urgency
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.cases import new_number
from helpdesk_server.sample.promises import save_watched
from helpdesk_server.sample.scene import Scene
from helpdesk_server.sample.stories import CASE_STORIES, Story, Telling
from helpdesk_server.sample.words import words_to_say


def fill_cases(ports: Ports, *, until: datetime, seed: int = 1, cases: int = 66) -> int:
    """Give a desk that holds the sample directory a past of cases, which ends before `until`.

    As `history.fill`; of 22 cases or more, some are in every state. They are numbered as the desk
    numbers its cases; where that is at random, the same arguments make the same numbers.
    """
    die = Random(seed)  # noqa: S311  # sample data, to be drawn the same again
    salts = ports.random
    ports = attrs.evolve(ports, random=die.randbytes)
    with ports.begin() as uow:
        scene = Scene(
            directory=uow.directory(),
            words=words_to_say(),
            die=die,
            until=until,
            policy=ports.cases.policy,
        )
        for at, story in sorted(_plan(scene, cases), key=lambda it: it[0]):
            save_watched(uow, scene, _told(scene, uow, ports, at, story), random=salts)
        uow.commit()
    return cases


def client_addresses() -> tuple[str, ...]:
    """The addresses under which the cases of this past were opened."""
    return tuple(client.email for client in words_to_say().clients)


def _plan(scene: Scene, cases: int) -> Iterator[tuple[datetime, Story]]:
    """When each case was opened, at any hour, and what came of it."""
    stories = cycle([story for story in CASE_STORIES for _ in range(story.share)])
    for story in islice(stories, cases):
        age = timedelta(days=scene.die.uniform(story.youngest, story.oldest))
        yield (scene.until - age).replace(microsecond=0), story


def _told(
    scene: Scene, uow: UnitOfWork, ports: Ports, at: datetime, story: Story
) -> Iterator[Change]:
    """The opening of a case, and what comes of it as far as there was time."""
    telling, opened = _opened(scene, new_number(uow, ports, at.year), at)
    yield opened
    for act in story.acts:
        change = telling.tell(act)
        if change is None:
            return
        if change.events:
            yield change


def _opened(scene: Scene, number: str, at: datetime) -> tuple[Telling, Change]:
    client = scene.die.choice(scene.words.clients)
    issue = scene.die.choice(tuple(IssueType)).value
    subject, message = scene.die.choice(scene.words.questions[issue])
    raw = RawCase(
        name=client.name,
        email=client.email,
        organization=client.organization,
        phone=client.phone,
        customer_type=client.tier,
        issue_type=issue,
        urgency=scene.die.choice(tuple(Urgency)).value,
        client_or_project_name=client.project,
        subject=subject,
        message=message,
    )
    change = open_case(
        validate_case(raw),
        ticket_id=scene.new_id(at),
        number=number,
        policy=scene.policy,
        by=None,
        now=at,
    )
    department = scene.die.choice(scene.departments)
    agent = scene.die.choice(scene.directory.members_of(department.id))
    telling = Telling(scene, client, agent, change.ticket, at, routes_to=department.id)
    return telling, change
