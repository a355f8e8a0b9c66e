"""Whatever is done to a stored record behind the desk's back is found, and where."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

import attrs
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.audit import (
    AuditKind,
    agent_subject,
    ticket_subject,
    token_subject,
    without_person,
)
from helpdesk_core.kinds import EventKind
from helpdesk_core.people import Caller
from helpdesk_core.testing.builders import (
    NOW,
    a_customer,
    a_directory,
    a_raw_intake,
    an_id,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.recording import record
from helpdesk_core.use_cases.sealing import read_root, seal_chains
from helpdesk_core.use_cases.verifying import Root, Verification
from helpdesk_core.verifying import Fault, Finding
from helpdesk_memory import MemoryDesk
from helpdesk_memory.contents import PlacedEvent

SOMEBODY: Final = Caller(user=a_customer(5), origin="203.0.113.9")
Tamper: TypeAlias = Callable[[MemoryDesk, st.DataObject], None]


def a_busy_desk() -> MemoryDesk:
    """Three tickets of two events, two other chains; sealed in the middle and at the end."""
    desk = MemoryDesk(NOW)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()
    for _ in range(3):
        _ = submit_ticket(
            desk.ports, a_raw_intake(desk.store.directory, user_id=str(ACTIVE_AGENT)), SOMEBODY
        )
        with desk.ports.begin() as uow:
            for subject in (agent_subject(an_id(7)), token_subject(an_id(9))):
                record(desk.ports, uow, SOMEBODY, AuditKind.CHANGED, subject, changed="phone")
            uow.commit()
        _ = seal_chains(desk.ports)
        desk.clock.advance(hours=1)
    return desk


def found_in(desk: MemoryDesk, root: Root | None = None) -> list[Finding]:
    return list(Verification(desk.ports, root).findings())


def a_history(desk: MemoryDesk, data: st.DataObject) -> tuple[UUID, list[PlacedEvent]]:
    ticket_id = data.draw(st.sampled_from(sorted(desk.store.history)))
    return ticket_id, list(desk.store.history[ticket_id])


def change_an_event(desk: MemoryDesk, data: st.DataObject) -> None:
    ticket_id, history = a_history(desk, data)
    place = data.draw(st.integers(0, len(history) - 1))
    event = history[place].event
    assert event.mark
    changed = data.draw(
        st.sampled_from(
            [
                attrs.evolve(event, kind=EventKind.CANCELLED),
                attrs.evolve(event, at=event.at + timedelta(microseconds=1)),
                attrs.evolve(event, actor_id=an_id(77)),
                attrs.evolve(event, details={**event.details, "agentId": "8"}),
                attrs.evolve(event, details={**event.details, "reason": "8"}),
                attrs.evolve(event, mark=attrs.evolve(event.mark, who="Eve")),
                attrs.evolve(event, mark=attrs.evolve(event.mark, origin="192.0.2.1")),
                attrs.evolve(event, mark=attrs.evolve(event.mark, salt=bytes(16))),
                attrs.evolve(event, mark=attrs.evolve(event.mark, hash=bytes(32))),
                attrs.evolve(event, mark=attrs.evolve(event.mark, noted_at=NOW.replace(year=2020))),
                attrs.evolve(event, mark=None),
            ]
        )
    )
    history[place] = attrs.evolve(history[place], event=changed)
    desk.store.history[ticket_id] = tuple(history)


def remove_events(desk: MemoryDesk, data: st.DataObject) -> None:
    ticket_id, history = a_history(desk, data)
    first = data.draw(st.integers(0, len(history) - 1))
    last = data.draw(st.integers(first + 1, len(history)))
    desk.store.history[ticket_id] = tuple(history[:first] + history[last:])


def swap_events(desk: MemoryDesk, data: st.DataObject) -> None:
    ticket_id, history = a_history(desk, data)
    history[0], history[1] = (
        attrs.evolve(history[0], event=history[1].event),
        attrs.evolve(history[1], event=history[0].event),
    )
    desk.store.history[ticket_id] = tuple(history)


def remove_records(desk: MemoryDesk, data: st.DataObject) -> None:
    subject = data.draw(st.sampled_from(sorted(desk.store.audit, key=str)))
    chain = desk.store.audit[subject]
    first = data.draw(st.integers(0, len(chain) - 1))
    last = data.draw(st.integers(first + 1, len(chain)))
    desk.store.audit[subject] = chain[:first] + chain[last:]


def change_a_record(desk: MemoryDesk, data: st.DataObject) -> None:
    subject = data.draw(st.sampled_from(sorted(desk.store.audit, key=str)))
    chain = list(desk.store.audit[subject])
    place = data.draw(st.integers(0, len(chain) - 1))
    held = chain[place]
    chain[place] = data.draw(
        st.sampled_from(
            [
                attrs.evolve(held, kind="removed"),
                attrs.evolve(held, who=None),
                attrs.evolve(held, details={}),
                attrs.evolve(held, number=held.number + 7),
                attrs.evolve(held, salt=None, who=None, origin=None, commitment=bytes(32)),
            ]
        )
    )
    desk.store.audit[subject] = tuple(chain)


def hide_words(desk: MemoryDesk, data: st.DataObject) -> None:
    """As an erasure does it, but without saying so."""
    subject = data.draw(st.sampled_from(sorted(desk.store.audit, key=str)))
    chain = list(desk.store.audit[subject])
    place = data.draw(st.integers(0, len(chain) - 1))
    chain[place] = without_person(chain[place])
    desk.store.audit[subject] = tuple(chain)


def remove_a_whole_chain(desk: MemoryDesk, data: st.DataObject) -> None:
    ticket_id, _ = a_history(desk, data)
    del desk.store.history[ticket_id]
    del desk.store.tickets[ticket_id]


def move_the_end_too(desk: MemoryDesk, data: st.DataObject) -> None:
    """The last record goes, and the desk's own note of where the chain ends."""
    subject = data.draw(st.sampled_from(sorted(desk.store.audit, key=str)))
    chain = desk.store.audit[subject][:-1]
    desk.store.audit[subject] = chain
    held = desk.store.chain_ends[subject]
    assert chain[-1].hash
    moved = attrs.evolve(held, number=chain[-1].number, hash=chain[-1].hash)
    desk.store.chain_ends[subject] = moved


def change_a_seal(desk: MemoryDesk, data: st.DataObject) -> None:
    seals = list(desk.store.seals)
    place = data.draw(st.integers(0, len(seals) - 1))
    seals[place] = attrs.evolve(seals[place], hash=bytes(32))
    desk.store.seals = tuple(seals)


def remove_a_seal(desk: MemoryDesk, data: st.DataObject) -> None:
    seals = list(desk.store.seals)
    del seals[data.draw(st.integers(0, len(seals) - 1))]
    desk.store.seals = tuple(seals)


def remove_a_checkpoint(desk: MemoryDesk, data: st.DataObject) -> None:
    made = list(desk.store.checkpoints)
    del made[data.draw(st.integers(0, len(made) - 2))]
    desk.store.checkpoints = tuple(made)


TAMPERINGS: Final[tuple[Tamper, ...]] = (
    change_an_event,
    remove_events,
    swap_events,
    remove_records,
    change_a_record,
    hide_words,
    remove_a_whole_chain,
    move_the_end_too,
    change_a_seal,
    remove_a_seal,
    remove_a_checkpoint,
)


def test_an_untouched_desk_verifies() -> None:
    desk = a_busy_desk()
    verification = Verification(desk.ports)

    assert ([], 5, 12, 3) == (
        list(verification.findings()),
        verification.chains,
        verification.records,
        verification.checkpoints,
    )


@given(st.sampled_from(TAMPERINGS), st.data())
def test_any_single_tampering_is_found(tamper: Tamper, data: st.DataObject) -> None:
    desk = a_busy_desk()
    tamper(desk, data)

    assert found_in(desk)


def test_what_is_found_says_where() -> None:
    desk = a_busy_desk()
    ticket_id, history = sorted(desk.store.history.items())[1]
    changed = attrs.evolve(history[1].event, kind=EventKind.CLOSED)
    desk.store.history[ticket_id] = (history[0], attrs.evolve(history[1], event=changed))

    assert [
        Finding(fault=Fault.CHANGED, subject=ticket_subject(ticket_id), number=1, position=1)
    ] == found_in(desk)


def test_a_root_kept_elsewhere_is_found_again_or_missed() -> None:
    desk = a_busy_desk()
    root = read_root(desk.ports)
    assert root

    kept = Root(number=root.number, hash=root.hash)
    other = Root(number=2, hash=bytes(32))
    assert ([], [Finding(fault=Fault.ROOT_UNKNOWN, number=2)]) == (
        found_in(desk, kept),
        found_in(desk, other),
    )


def test_a_desk_that_nobody_used_verifies() -> None:
    assert [] == found_in(MemoryDesk(NOW))


def test_a_second_round_seals_nothing_where_nothing_happened() -> None:
    desk = a_busy_desk()

    assert (0, 3) == (seal_chains(desk.ports), len(desk.store.checkpoints))
