"""For how long files are kept: the ticket first knows that one is gone, then its bytes go."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.attachments import AttachmentRules
from helpdesk_core.errors import NotFound, Unavailable
from helpdesk_core.ports import Ports
from helpdesk_core.retention import is_outlived
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_ticket,
    an_attachment,
    an_id,
    staff,
)
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.attaching import attach_file, open_attachment
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import move_ticket
from helpdesk_core.use_cases.keeping import tidy_files
from helpdesk_memory import MemoryDesk, MemoryFiles

STAFF: Final = staff()
CASE: Final = Target(number=a_case().number)
KEPT: Final = timedelta(days=30)
A_MOMENT: Final = timedelta(microseconds=1)


@pytest.fixture
def ports(desk: MemoryDesk) -> Ports:
    """A desk that holds a case, and keeps files for thirty days after its end."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(1000)))
        uow.commit()
    return attrs.evolve(desk.ports, attachments=AttachmentRules(kept=KEPT))


def add(ports: Ports) -> UUID:
    return attach_file(ports, CASE, "a.txt", [b"It burns."], STAFF).attachment.id


def move(ports: Ports, status: Status) -> None:
    _ = move_ticket(ports, CASE, status, STAFF)


def kept(desk: MemoryDesk) -> set[UUID]:
    """The ids under which there are bytes."""
    return set(desk.files.kept_before(desk.clock() + timedelta(days=1)))


def removed_at(ports: Ports) -> list[datetime | None]:
    with ports.begin() as uow:
        return [attachment.removed_at for attachment in uow.attachments(an_id(1000))]


@pytest.mark.parametrize(
    ("ended", "came", "outlived"),
    [
        (-A_MOMENT, -A_MOMENT, True),
        (timedelta(0), -A_MOMENT, False),
        (-A_MOMENT, timedelta(0), False),
        (None, -A_MOMENT, False),
    ],
)
def test_a_file_is_outlived_when_it_and_the_end_of_work_are_so_old(
    ended: timedelta | None, came: timedelta, *, outlived: bool
) -> None:
    ticket = a_ticket(closed_at=None if ended is None else NOW + ended)
    attachment = an_attachment(created_at=NOW + came)

    assert outlived == is_outlived(attachment, ticket, NOW)


def test_a_file_is_removed_once_only() -> None:
    gone = an_attachment(created_at=NOW - A_MOMENT, removed_at=NOW)

    assert not is_outlived(gone, ended_ticket(), NOW)


def ended_ticket() -> Ticket:
    return a_ticket(closed_at=NOW - A_MOMENT)


def test_bytes_go_when_a_case_has_been_closed_for_so_long(desk: MemoryDesk, ports: Ports) -> None:
    _ = add(ports)
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT + A_MOMENT)

    assert (1, set(), [desk.clock()]) == (tidy_files(ports), kept(desk), removed_at(ports))


def test_bytes_stay_to_the_very_end(desk: MemoryDesk, ports: Ports) -> None:
    file_id = add(ports)
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT)

    assert (0, {file_id}, [None]) == (tidy_files(ports), kept(desk), removed_at(ports))


def test_files_of_a_case_at_work_stay(desk: MemoryDesk, ports: Ports) -> None:
    file_id = add(ports)
    move(ports, Status.CLOSED)
    move(ports, Status.IN_PROGRESS)
    desk.clock.set(desk.clock() + 100 * KEPT)

    assert (0, {file_id}, [None]) == (tidy_files(ports), kept(desk), removed_at(ports))


def test_a_file_that_came_after_the_end_is_kept_as_long(desk: MemoryDesk, ports: Ports) -> None:
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT)
    file_id = add(ports)
    desk.clock.set(desk.clock() + KEPT)

    assert (0, {file_id}) == (tidy_files(ports), kept(desk))


def test_unless_it_is_said_files_are_kept_for_good(desk: MemoryDesk, ports: Ports) -> None:
    file_id = add(ports)
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + timedelta(days=20_000))

    assert (0, {file_id}) == (
        tidy_files(attrs.evolve(ports, attachments=AttachmentRules())),
        kept(desk),
    )


def test_what_is_no_longer_kept_says_so(desk: MemoryDesk, ports: Ports) -> None:
    file_id = add(ports)
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT + A_MOMENT)
    _ = tidy_files(ports)

    with pytest.raises(NotFound, match=r"^This file is no longer kept$"):
        _ = open_attachment(ports, CASE, str(file_id), STAFF)


def test_what_is_gone_takes_no_room(desk: MemoryDesk, ports: Ports) -> None:
    small = attrs.evolve(ports, attachments=AttachmentRules(most_files=1, kept=KEPT))
    _ = add(small)
    move(small, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT + A_MOMENT)
    _ = tidy_files(small)
    new = add(small)

    assert ({new}, [True, False]) == (kept(desk), [at is not None for at in removed_at(small)])


class StuckFiles(MemoryFiles):
    """A store from which nothing can be removed."""

    def remove(self, file_id: UUID) -> None:
        raise Unavailable


class DyingFiles(StuckFiles):
    """A store that is gone when it is asked what it keeps."""

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        raise Unavailable


@pytest.mark.parametrize("files", [StuckFiles, DyingFiles])
def test_a_crash_before_the_bytes_go_leaves_no_promise_and_the_next_round_ends_it(
    desk: MemoryDesk, ports: Ports, files: type[MemoryFiles]
) -> None:
    file_id = add(ports)
    move(ports, Status.CLOSED)
    desk.clock.set(desk.clock() + KEPT + A_MOMENT)
    broken = files(desk.clock)
    broken.put(file_id, [b"It burns."])
    desk.clock.set(desk.clock() + timedelta(hours=2))
    with pytest.raises(Unavailable):
        _ = tidy_files(attrs.evolve(ports, files=broken))

    assert ({file_id}, [desk.clock()]) == (kept(desk), removed_at(ports))
    assert (1, set()) == (tidy_files(ports), kept(desk))


def test_a_desk_without_a_file_store_has_nothing_to_tidy(ports: Ports) -> None:
    assert 0 == tidy_files(attrs.evolve(ports, files=None))
