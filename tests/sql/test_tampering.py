"""Whoever writes to the database behind the desk's back is found out, on either database."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk_core.audit import commitment_of, without_person
from helpdesk_core.people import OPERATOR
from helpdesk_core.testing.people_erased import EMAIL, TELLING, play
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.erasing import erase_person
from helpdesk_core.use_cases.verifying import Verification
from helpdesk_core.verifying import Fault, Finding
from helpdesk_sql import SqlStore
from helpdesk_sql.tables import metadata

PLACES = {
    "THE FIRST": "(ticket_id, version, position) = (SELECT ticket_id, version, position "
    "FROM ticket_events ORDER BY ticket_id, version, position LIMIT 1)",
    "THE LAST": "(ticket_id, version, position) = (SELECT ticket_id, version, position "
    "FROM ticket_events ORDER BY ticket_id DESC, version DESC, position DESC LIMIT 1)",
    "THE RECORD": "(subject, number) = "
    "(SELECT subject, number FROM audit_records ORDER BY subject, number LIMIT 1)",
}
"""What the statements below are about, written out."""

TAMPERINGS = {
    "a kind": "UPDATE ticket_events SET kind = 'closed' WHERE THE FIRST",
    "who": "UPDATE ticket_events SET who = 'Eve <eve@example.org>, agent' WHERE THE LAST",
    "from where": "UPDATE ticket_events SET origin = '192.0.2.1' WHERE THE FIRST",
    "a detail": """UPDATE ticket_events SET details = '{"reason": "x"}' WHERE THE FIRST""",
    "a status": "UPDATE ticket_events SET status = 'CLOSED' WHERE THE FIRST",
    "no salt": "UPDATE ticket_events SET salt = NULL WHERE THE FIRST",
    "no hash": "UPDATE ticket_events SET hash = NULL WHERE THE LAST",
    "an event less": "DELETE FROM ticket_events WHERE THE FIRST",
    "the end less": "DELETE FROM ticket_events WHERE THE LAST",
    "no events": "DELETE FROM ticket_events WHERE ticket_id = "
    "(SELECT id FROM tickets ORDER BY id LIMIT 1)",
    "a record": "UPDATE audit_records SET kind = 'signed_out' WHERE THE RECORD",
    "a record less": "DELETE FROM audit_records WHERE THE RECORD",
    "an end": "UPDATE audit_chains SET hash = (SELECT salt FROM audit_records LIMIT 1)",
    "no ends": "DELETE FROM audit_chains",
    "a seal less": "DELETE FROM audit_seals WHERE subject = (SELECT max(subject) FROM audit_seals)",
    "another seal": "UPDATE audit_seals SET number = number + 1",
    "a checkpoint": "UPDATE audit_checkpoints SET seals = seals + 1",
}


TICKET_TABLES = ("tickets", "ticket_events", "messages", "attachments", "outbox")


def run(desk: SqlStore, statement: str) -> int:
    """Run it as somebody who has the database's password."""
    for word, place in PLACES.items():
        statement = statement.replace(word, place)
    with desk.engine.connect() as connection:
        return connection.exec_driver_sql(statement).rowcount


def findings(desk: SqlStore) -> list[Finding]:
    return list(Verification(ports_over(desk)).findings())


def raw(desk: SqlStore) -> str:
    """Everything in the database as its driver gives it, in small letters."""
    with desk.engine.connect() as connection:
        rows: list[Any] = [
            row for table in metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]
    return repr(rows).lower()


def test_an_untouched_desk_is_sound(desk: SqlStore) -> None:
    _ = play(desk)

    assert [] == findings(desk)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_done_by_hand_is_found(desk: SqlStore, what: str) -> None:
    _ = play(desk)
    met = run(desk, TAMPERINGS[what])

    assert met > 0
    assert findings(desk)


def test_a_whole_ticket_that_is_gone_is_found_by_its_seal(desk: SqlStore) -> None:
    scene = play(desk)
    with desk.engine.connect() as connection:
        for table in reversed(metadata.sorted_tables):
            column = "id" if table.name == "tickets" else "ticket_id"
            if column in table.c and table.name in TICKET_TABLES:
                connection.execute(sa.delete(table).where(table.c[column] == scene.tickets[3]))

    assert [(Fault.GONE, f"ticket:{scene.tickets[3]}")] == [
        (it.fault, str(it.subject)) for it in findings(desk)
    ]


def test_no_row_of_any_table_tells_of_an_erased_person(desk: SqlStore) -> None:
    scene = play(desk)
    assert all(word in raw(desk) for word in TELLING)
    _ = erase_person(scene.ports, EMAIL, OPERATOR)

    held = raw(desk)
    assert [] == [word for word in TELLING if word in held]


def test_no_byte_of_a_sqlite_file_tells_of_an_erased_person(sqlite_desk: SqlStore) -> None:
    scene = play(sqlite_desk)
    _ = erase_person(scene.ports, EMAIL, OPERATOR)
    file = Path(str(sqlite_desk.engine.url.database))

    assert sqlite_desk.empty_log()
    held = b"".join(it.read_bytes() for it in file.parent.glob(f"{file.name}*")).lower()
    assert [] == [word for word in TELLING if word.encode() in held]


def test_words_removed_without_an_erasure_are_found(desk: SqlStore) -> None:
    """Even by somebody who knows how an erasure is written down."""
    scene = play(desk)
    with scene.ports.begin() as uow:
        [record] = uow.chain_records(None, limit=1)
        uow.replace_record(without_person(record))
        uow.commit()

    assert commitment_of(record) == commitment_of(without_person(record))
    assert [Fault.HIDDEN] == [it.fault for it in findings(desk)]
