"""What goes into the audit trail, and who is named there."""

from itertools import pairwise
from typing import Any

import attrs

from helpdesk_core.audit import FIRST, AuditKind, AuditRecord, SubjectKind, hash_of, person_subject
from helpdesk_core.audit_lists import AuditWanted
from helpdesk_core.directory import Directory
from helpdesk_core.directory_entries import entries_between
from helpdesk_core.people import Caller, Role
from helpdesk_core.testing.builders import a_customer, a_directory, a_raw_intake, an_id
from helpdesk_core.use_cases.directory import add_user
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.recording import record
from helpdesk_core.use_cases.tokens import create_token, list_tokens, revoke_token
from helpdesk_memory import MemoryDesk

SOMEBODY = Caller(user=a_customer(5), origin="203.0.113.9")


def trail(desk: MemoryDesk) -> tuple[AuditRecord, ...]:
    """Everything recorded, oldest first."""
    with desk.ports.begin() as uow:
        return uow.audit_records(AuditWanted(), limit=100)[::-1]


def test_a_record_says_who_did_what_when_to_what_and_from_where(desk: MemoryDesk) -> None:
    with desk.ports.begin() as uow:
        subject = person_subject(an_id(5))
        record(desk.ports, uow, SOMEBODY, AuditKind.SIGNED_IN, subject, issuer="https://id.example")
        uow.commit()

    [found] = trail(desk)
    user = a_customer(5)
    assert (
        (f"{user.name} <{user.email}>, customer", user.id, "203.0.113.9"),
        ("signed_in", subject, desk.clock(), {"issuer": "https://id.example"}),
    ) == (
        (found.who, found.actor_id, found.origin),
        (found.kind, found.subject, found.at, found.details),
    )


def test_a_ticket_s_events_are_records_of_who_and_from_where(desk: MemoryDesk) -> None:
    ticket = submit_ticket(desk.ports, a_raw_intake(desk.store.directory), SOMEBODY).ticket

    assert {("203.0.113.9", f"ticket:{ticket.id}")} == {
        (it.origin, str(it.subject)) for it in trail(desk)
    }


def test_each_event_is_sealed_to_the_one_before_it_and_the_ticket_to_the_last(
    desk: MemoryDesk,
) -> None:
    ticket = submit_ticket(desk.ports, a_raw_intake(desk.store.directory), SOMEBODY).ticket
    records = trail(desk)
    with desk.ports.begin() as uow:
        held = uow.ticket(ticket.id)

    assert held
    assert (FIRST, held.seal) == (
        FIRST if records[0].hash == hash_of(records[0], FIRST) else None,
        records[-1].hash,
    )
    assert all(it.hash == hash_of(it, before.hash or FIRST) for before, it in pairwise(records))


def test_a_record_of_another_place_has_another_hash(desk: MemoryDesk) -> None:
    _ = submit_ticket(desk.ports, a_raw_intake(desk.store.directory), SOMEBODY)
    first = trail(desk)[0]

    assert first.hash != hash_of(attrs.evolve(first, position=first.position + 1), FIRST)


def kinds_of(desk: MemoryDesk, kind: SubjectKind) -> list[tuple[str, dict[str, str]]]:
    """What was recorded of subjects of that kind, and the details."""
    return [(it.kind, dict(it.details)) for it in trail(desk) if it.subject.kind is kind]


def test_a_change_of_the_directory_is_a_record_of_each_object(desk: MemoryDesk) -> None:
    _ = add_user(desk.ports, email="new@example.com", name="Novi")
    _ = add_user(desk.ports, email="new@example.com", name="Novi", role=Role.ADMIN)
    _ = add_user(desk.ports, email="new@example.com", name="Nova", role=Role.ADMIN)

    assert [
        ("added", {"name": "Novi", "role": "agent"}),
        ("role_changed", {"name": "Novi", "from": "agent", "to": "admin"}),
        ("changed", {"name": "Nova", "changed": "name"}),
    ] == kinds_of(desk, SubjectKind.AGENT)


def test_what_leaves_the_directory_is_recorded() -> None:
    held = a_directory()
    removed = attrs.evolve(held, calendars={}, notice_rules=())

    assert {(AuditKind.REMOVED, SubjectKind.CALENDAR)} == {
        (kind, subject.kind) for kind, subject, _ in entries_between(held, removed)
    }


def test_every_part_of_the_directory_is_looked_at() -> None:
    parts = {field.name for field in attrs.fields(Directory)} - {"version"}
    held, looked = a_directory(), set[str]()
    for part in parts:
        value = getattr(held, part)
        other = attrs.evolve(held, **{part: type(value)()}) if value else held
        if list(entries_between(held, other)) or not value:
            looked.add(part)

    assert parts == looked


def test_a_token_s_making_and_end_are_recorded_without_its_secret(desk: MemoryDesk) -> None:
    secret = create_token(desk.ports, email="a@example.com", role=Role.AGENT, random=bytes(32))
    [token] = list_tokens(desk.ports)
    revoke_token(desk.ports, token.id)

    assert [
        ("token_created", {"email": "a@example.com", "role": "agent"}),
        ("token_revoked", {}),
    ] == kinds_of(desk, SubjectKind.TOKEN)
    assert secret not in str(trail(desk))


def test_what_another_hand_left_in_the_details_is_no_crash_but_another_hash(
    desk: MemoryDesk,
) -> None:
    _ = submit_ticket(desk.ports, a_raw_intake(desk.store.directory), SOMEBODY)
    first = trail(desk)[0]
    left: list[Any] = [{}, {"a": "1"}, {"a": 1}, {"a": None}, {"a": ["1"]}, ["a"], 5, None, "a"]
    hashes = {hash_of(attrs.evolve(first, details=details), FIRST) for details in left}

    assert 9 == len(hashes)
