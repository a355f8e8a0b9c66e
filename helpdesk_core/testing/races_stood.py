"""What twenty threads at once do to a store: one wins, or all do, and nobody sees half."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Country, Department, Directory, KpiType
from helpdesk_core.errors import DuplicateId, StaleDirectory, StaleTicket
from helpdesk_core.messages import Message
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import (
    a_change,
    a_directory,
    a_message,
    a_notice,
    a_ticket,
    a_token,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.races import RACERS, at_once
from helpdesk_core.testing.stores import OverADesk, Store, put, read
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import EventKind
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket

Named = TypeVar("Named", Country, Department, Agent, KpiType)


class RacesStood(OverADesk):
    """Threads. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_of_twenty_changes_of_one_version_one_wins(self, desk: Store) -> None:
        put(desk, a_change())

        outcomes = at_once([partial(_change_second, desk, number) for number in range(RACERS)])
        assert [StaleTicket] * (RACERS - 1) == _refusals(outcomes)

    def test_the_history_is_the_winner_s_alone(self, desk: Store) -> None:
        put(desk, a_change())
        outcomes = at_once([partial(_change_second, desk, number) for number in range(RACERS)])
        winner = outcomes.index(None)

        with desk.begin() as uow:
            assert uow.ticket(an_id(1000)) == a_ticket(version=2, description=str(winner))
            assert [event.kind for event in uow.history(an_id(1000))] == [
                EventKind.SUBMITTED,
                EventKind.NOTED,
            ]
            assert [message.id for message in uow.messages(an_id(1000))] == [an_id(2000 + winner)]

    def test_of_twenty_new_tickets_of_one_id_one_wins(self, desk: Store) -> None:
        outcomes = at_once([partial(put, desk, a_change())] * RACERS)

        assert [DuplicateId] * (RACERS - 1) == _refusals(outcomes)

    def test_of_twenty_directories_of_one_version_one_wins(self, desk: Store) -> None:
        outcomes = at_once([partial(_put_directory, desk, a_directory(version=2))] * RACERS)

        assert [StaleDirectory] * (RACERS - 1) == _refusals(outcomes)

    def test_of_twenty_first_directories_one_wins(self, store: Store) -> None:
        outcomes = at_once([partial(_put_directory, store, a_directory(version=1))] * RACERS)

        assert [StaleDirectory] * (RACERS - 1) == _refusals(outcomes)

    def test_of_twenty_tokens_of_one_digest_one_wins(self, desk: Store) -> None:
        outcomes = at_once(
            [partial(_put_token, desk, an_id(4000 + number)) for number in range(RACERS)]
        )

        assert [DuplicateId] * (RACERS - 1) == _refusals(outcomes)

    def test_twenty_replies_at_once_all_succeed(self, desk: Store) -> None:
        """Whoever comes late decides again, so that the history is whole."""
        put(desk, a_change())
        ports = ports_over(desk)

        said = at_once([partial(_reply, ports, number) for number in range(RACERS)])
        with desk.begin() as uow:
            assert set(said) == set(uow.messages(an_id(1000)))
            assert len(uow.history(an_id(1000))) == 1 + RACERS
            assert getattr(uow.ticket(an_id(1000)), "version", None) == 1 + RACERS

    def test_nobody_s_refusal_takes_a_neighbour_with_it(self, desk: Store) -> None:
        """Ten that are refused commit at once with ten that are not."""
        put(desk, a_change(message=a_message(2000)), notices=(a_notice(3000),))

        good = [partial(_put_new, desk, number) for number in range(1001, 1011)]
        bad = [partial(_put_new, desk, number, message=2000) for number in range(1011, 1021)]
        outcomes = at_once([act for pair in zip(good, bad, strict=True) for act in pair])
        stored = read(desk, lambda uow: uow.tickets_by_name("Racer", limit=100))
        assert ([DuplicateId] * 10, {an_id(number) for number in range(1001, 1011)}) == (
            _refusals(outcomes),
            {ticket.id for ticket in stored},
        )

    def test_nobody_reads_half_a_directory(self, desk: Store) -> None:
        """While one thread changes every name in it, others read."""
        _put_directory(desk, _named_throughout(2))
        versions = range(3, 13)

        def write() -> bool:
            for version in versions:
                _put_directory(desk, _named_throughout(version))
            return True

        def read_whole_ones() -> bool:
            return _reads_whole_ones(desk)

        assert [True] * 5 == at_once([write, *[read_whole_ones] * 4])

    def test_nobody_reads_half_a_change(self, desk: Store) -> None:
        """A message that is seen belongs to a ticket that is."""
        numbers = range(1001, 1041)

        def write() -> bool:
            for number in numbers:
                _put_new(desk, number)
            return True

        def reads_whole_ones() -> bool:
            return all(_is_whole_or_absent(desk, an_id(number)) for number in numbers)

        assert [True] * 5 == at_once([write, *[reads_whole_ones] * 4])


def _reply(ports: Ports, number: int) -> Message:
    target = Target(ticket_id=an_id(1000))
    return update_ticket(ports, target, RawUpdate(message=f"reply {number}"), staff()).message


def _change_second(store: Store, number: int) -> None:
    put(
        store,
        a_change(
            a_ticket(version=2, description=str(number)),
            an_event(EventKind.NOTED),
            message=a_message(2000 + number),
        ),
    )


def _put_new(store: Store, number: int, *, message: int | None = None) -> None:
    ticket = a_ticket(number, submitter_name="Racer")
    said = a_message(message or number)
    put(store, a_change(ticket, message=said), notices=(a_notice(number, ticket_id=ticket.id),))


def _put_directory(store: Store, directory: Directory) -> None:
    with store.begin() as uow:
        uow.save_directory(directory)
        uow.commit()


def _put_token(store: Store, token_id: UUID) -> None:
    with store.begin() as uow:
        uow.save_token(attrs.evolve(a_token(4000), id=token_id))
        uow.commit()


def _refusals(outcomes: Sequence[object]) -> list[type]:
    return [type(outcome) for outcome in outcomes if outcome is not None]


def _named_throughout(version: int) -> Directory:
    """A directory in which everything is called by its version."""
    held = a_directory(version=version)
    return attrs.evolve(
        held,
        countries=_renamed(held.countries, version),
        departments=_renamed(held.departments, version),
        agents=_renamed(held.agents, version),
        kpi_types=_renamed(held.kpi_types, version),
    )


def _renamed(records: Mapping[UUID, Named], version: int) -> dict[UUID, Named]:
    return {key: attrs.evolve(record, name=f"v{version}") for key, record in records.items()}


def _reads_whole_ones(store: Store) -> bool:
    return all(_is_of_one_version(read(store, lambda uow: uow.directory())) for _ in range(20))


def _is_of_one_version(directory: Directory) -> bool:
    records: list[Country | Department | Agent | KpiType] = [
        *directory.countries.values(),
        *directory.departments.values(),
        *directory.agents.values(),
        *directory.kpi_types.values(),
    ]
    return {record.name for record in records} == {f"v{directory.version}"}


def _is_whole_or_absent(store: Store, ticket_id: UUID) -> bool:
    with store.begin() as uow:
        if not uow.messages(ticket_id):
            return True
        return uow.ticket(ticket_id) is not None and len(uow.history(ticket_id)) == 1
