"""A desk from before the trail keeps its past, sealed as it was found."""

from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from helpdesk_core.testing.builders import staff
from helpdesk_core.testing.stores import read
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import move_ticket
from helpdesk_core.use_cases.sealing import seal_chains
from helpdesk_core.use_cases.verifying import Verification, trail_begun
from helpdesk_sql import SqlStore, open_store, upgrade
from helpdesk_sql.schema import alembic_config
from helpdesk_sql.urls import read_url

TICKETS = 3
EVENTS = 2
"""Of each ticket."""

OLD_TICKET = """
INSERT INTO tickets (id, version, status, ticket_date, description, submitter_name,
  submitter_email, submitted_at, is_holiday_work, metrics, last_activity_at,
  submitter_email_key, submitter_name_key, hall, bay, lane)
VALUES (:id, 2, 'IN_PROGRESS', :at, 'Old', 'Ana', 'ana@example.com', :at, :no, '{}', :at,
  'ana@example.com', 'ana', 0, 0, 0)
"""
OLD_EVENT = """
INSERT INTO ticket_events (ticket_id, version, position, kind, at, status, details)
VALUES (:id, :version, 0, :kind, :at, 'OPEN', '{"reason": "of old"}')
"""


@pytest.fixture
def old_desk(empty_url: str) -> str:
    """A desk as it was before there was a trail: three tickets of two events each."""
    engine = sa.create_engine(read_url(empty_url), poolclass=sa.NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0008")
    with engine.begin() as connection:
        for number in range(TICKETS):
            ticket: dict[str, Any] = {
                "id": number.to_bytes(16, "big") if is_sqlite else f"{number:032x}",
                "at": 1_700_000_000_000_000 if is_sqlite else "2023-11-14T22:13:20Z",
                "no": False,
            }
            connection.execute(sa.text(OLD_TICKET), ticket)
            for version, kind in ((1, "submitted"), (2, "assigned")):
                event = {**ticket, "version": version, "kind": kind}
                connection.execute(sa.text(OLD_EVENT), event)
    return empty_url


def opened(url: str) -> SqlStore:
    upgrade(url)
    return open_store(url)


def test_the_past_is_sealed_as_it_was_found(old_desk: str) -> None:
    with closing(opened(old_desk)) as desk:
        verification = Verification(ports_over(desk))
        found = list(verification.findings())
        begun = trail_begun(ports_over(desk))

    assert begun
    assert ([], TICKETS + 1, TICKETS * EVENTS + 1, {"events": "6"}) == (
        found,
        verification.chains,
        verification.records,
        begun.details,
    )


def test_a_ticket_of_old_goes_on_in_its_chain(old_desk: str) -> None:
    with closing(opened(old_desk)) as desk:
        ports = ports_over(desk)
        ticket_id = read(desk, lambda uow: uow.chain_ends(None, limit=1))[0].subject.id
        _ = move_ticket(ports, Target(ticket_id=ticket_id), Status.CLOSED, staff())
        _ = seal_chains(ports)

        assert [] == list(Verification(ports).findings())


def test_a_past_that_is_changed_afterwards_is_found(old_desk: str) -> None:
    with closing(opened(old_desk)) as desk:
        with desk.engine.connect() as connection:
            connection.exec_driver_sql("UPDATE ticket_events SET details = '{}' WHERE version = 1")

        assert TICKETS == len(list(Verification(ports_over(desk)).findings()))


def test_a_new_desk_has_no_past(empty_url: str) -> None:
    with closing(opened(empty_url)) as desk:
        assert trail_begun(ports_over(desk)) is None
        assert [] == list(Verification(ports_over(desk)).findings())
