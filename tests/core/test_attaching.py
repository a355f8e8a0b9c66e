"""Files of tickets: the bytes come first, so that a ticket never has a file without them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.attachments import Attachment, AttachmentRules
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.errors import (
    Forbidden,
    HelpdeskError,
    Invalid,
    InvalidTransition,
    NotAsExpected,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
)
from helpdesk_core.limits import (
    CUSTOMER_FILES,
    CUSTOMER_FILES_A_DAY,
    STAFF_FILES,
    UNKNOWN_CASES,
    Limit,
)
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.ports import CaseRules, Ports
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_customer,
    a_ticket,
    an_attachment,
    an_event,
    an_id,
    staff,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.testing.races import at_once
from helpdesk_core.tickets import FINISHED, Status
from helpdesk_core.use_cases.attaching import (
    GRACE,
    attach_file,
    attach_file_as_customer,
    open_attachment,
    sweep_files,
)
from helpdesk_core.use_cases.cases import RawKey
from helpdesk_core.use_cases.finding import Target
from helpdesk_memory import MemoryDesk, MemoryFiles

STAFF: Final = staff()
CASE: Final = Target(number=a_case().number)
OTHER: Final = Target(ticket_id=an_id(1001))
KEY: Final = RawKey(case_number=a_case().number)
SMALL: Final = AttachmentRules(largest_file=10, largest_ticket=25, most_files=3)
CONTENT: Final = (b"It ", b"", b"burns.")
HERE: Final = Caller(origin="192.0.2.1")


@pytest.fixture
def ports(desk: MemoryDesk) -> Ports:
    """A desk that holds a case and an intake ticket, whose customers may attach small files."""
    with desk.ports.begin() as uow:
        uow.save(a_change(a_case_ticket(1000)))
        uow.save(a_change(a_ticket(1001)))
        uow.commit()
    rules = CaseRules(customers_may_attach=True)
    return attrs.evolve(desk.ports, attachments=SMALL, cases=rules)


def rows(ports: Ports, ticket_id: UUID) -> tuple[Attachment, ...]:
    with ports.begin() as uow:
        return uow.attachments(ticket_id)


def kept(desk: MemoryDesk) -> set[UUID]:
    """The ids under which there are bytes."""
    return set(desk.files.kept_before(desk.clock() + timedelta(days=1)))


def add(ports: Ports, name: object = "a.txt", chunks: Iterable[bytes] = CONTENT) -> Attachment:
    return attach_file(ports, CASE, name, chunks, STAFF).attachment


def refused(act: Callable[[], object]) -> HelpdeskError:
    with pytest.raises(HelpdeskError) as refusal:
        _ = act()
    return refusal.value


def test_a_file_is_known_by_what_it_is_and_opened_byte_for_byte(ports: Ports) -> None:
    answer = attach_file(ports, CASE, " Log.TXT ", CONTENT, STAFF)
    opened = open_attachment(ports, CASE, str(answer.attachment.id).upper(), STAFF)

    assert (
        "Log.TXT",
        "text/plain",
        9,
        hashlib.sha256(b"It burns.").digest(),
        ACTIVE_AGENT,
        NOW,
        2,
        (answer.attachment, b"It burns."),
    ) == (
        answer.attachment.name,
        answer.attachment.media_type,
        answer.attachment.size,
        answer.attachment.digest,
        answer.attachment.added_by,
        answer.attachment.created_at,
        answer.ticket.version,
        (opened.attachment, opened.content.read()),
    )


def test_that_a_file_came_is_in_the_history(ports: Ports) -> None:
    attachment = add(ports)
    with ports.begin() as uow:
        event = uow.history(an_id(1000))[-1]

    assert ("attached", ACTIVE_AGENT, {"attachmentId": str(attachment.id), "name": "a.txt"}) == (
        event.kind.value,
        event.actor_id,
        event.details,
    )


class WatchedFiles(MemoryFiles):
    """Notes what the tickets knew of a file when its bytes were kept."""

    def __init__(self, desk: MemoryDesk) -> None:
        super().__init__(desk.clock)
        self._desk = desk
        self.known: list[frozenset[UUID]] = []

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        super().put(file_id, chunks)
        with self._desk.ports.begin() as uow:
            self.known.append(uow.attachment_ids((file_id,)))


def test_the_bytes_are_kept_before_the_ticket_knows_of_them(desk: MemoryDesk, ports: Ports) -> None:
    files = WatchedFiles(desk)
    attachment = add(attrs.evolve(ports, files=files))

    assert ([frozenset()], (attachment,)) == (files.known, rows(ports, an_id(1000)))


class FullFiles(MemoryFiles):
    """A store without room."""

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        raise Unavailable


def test_without_its_bytes_a_ticket_does_not_have_a_file(desk: MemoryDesk, ports: Ports) -> None:
    broken = attrs.evolve(ports, files=FullFiles(desk.clock))

    assert (Unavailable, ()) == (type(refused(lambda: add(broken))), rows(ports, an_id(1000)))


def test_an_upload_that_breaks_off_leaves_nothing(desk: MemoryDesk, ports: Ports) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"It "
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        _ = add(ports, chunks=breaks_off())

    assert (set(), ()) == (kept(desk), rows(ports, an_id(1000)))


def test_a_file_is_never_read_further_than_there_is_room(desk: MemoryDesk, ports: Ports) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield b"xxxx"

    refusal = refused(lambda: add(ports, chunks=endless()))

    assert (TooLarge, 3, set(), ()) == (
        type(refusal),
        len(read),
        kept(desk),
        rows(ports, an_id(1000)),
    )


@pytest.mark.parametrize(("size", "fits"), [(1, True), (10, True), (11, False)])
def test_a_file_may_be_as_large_as_the_limit(ports: Ports, size: int, *, fits: bool) -> None:
    if fits:
        assert size == add(ports, chunks=[b"x" * size]).size
        return

    assert TooLarge is type(refused(lambda: add(ports, chunks=[b"x" * size])))


def test_all_files_of_a_ticket_have_a_limit_too(ports: Ports) -> None:
    for size in (10, 10):
        _ = add(ports, chunks=[b"x" * size])

    assert TooLarge is type(refused(lambda: add(ports, chunks=[b"x" * 6])))
    assert 5 == add(ports, chunks=[b"x" * 5]).size


def test_a_ticket_takes_so_many_files_and_the_bytes_of_no_other(
    desk: MemoryDesk, ports: Ports
) -> None:
    for _ in range(3):
        _ = add(ports, chunks=[b"x"])
    refusal = refused(lambda: add(ports, chunks=[b"x"]))

    assert (Invalid, {"file": "too many"}, 3) == (type(refusal), refusal.details, len(kept(desk)))


def test_an_empty_file_is_refused(ports: Ports) -> None:
    refusal = refused(lambda: add(ports, chunks=[]))

    assert (Invalid, {"file": "empty"}, ()) == (
        type(refusal),
        refusal.details,
        rows(ports, an_id(1000)),
    )


@pytest.mark.parametrize("name", ["../a.txt", "a.exe", "", None, "\u202egnp.exe"])
def test_a_bad_name_is_refused_before_a_byte_is_read(
    desk: MemoryDesk, ports: Ports, name: object
) -> None:
    chunks = iter(CONTENT)

    assert (Invalid, set()) == (type(refused(lambda: add(ports, name, chunks))), kept(desk))
    assert [*CONTENT] == [*chunks]


def test_thirty_at_once_never_exceed_what_a_ticket_takes(ports: Ports) -> None:
    _ = at_once([partial(add, ports, chunks=[b"x" * 7])] * 30)
    sizes = [attachment.size for attachment in rows(ports, an_id(1000))]

    assert [7, 7, 7] == sizes


def test_a_file_that_lost_its_race_is_swept(desk: MemoryDesk, ports: Ports) -> None:
    _ = at_once([partial(add, ports)] * 10)
    _ = desk.clock.advance(hours=1, minutes=1)
    _ = sweep_files(ports)

    assert {attachment.id for attachment in rows(ports, an_id(1000))} == kept(desk)


def test_a_ticket_in_another_version_takes_no_file(ports: Ports) -> None:
    target = attrs.evolve(CASE, version=7)
    refusal = refused(lambda: attach_file(ports, target, "a.txt", CONTENT, STAFF))

    assert (NotAsExpected, ()) == (type(refusal), rows(ports, an_id(1000)))


def test_an_unknown_ticket_takes_no_bytes(desk: MemoryDesk, ports: Ports) -> None:
    target = Target(ticket_id=an_id(99))
    refusal = refused(lambda: attach_file(ports, target, "a.txt", CONTENT, STAFF))

    assert (NotFound, set()) == (type(refusal), kept(desk))


def test_a_desk_without_a_file_store_takes_no_files(ports: Ports) -> None:
    without = attrs.evolve(ports, files=None)

    assert Forbidden is type(refused(lambda: add(without)))
    assert 0 == sweep_files(without)


@pytest.mark.parametrize("wanted", [an_id(6002), "x", "", None, 7, "../a.txt", ["x"]])
def test_an_unknown_file_is_not_found(ports: Ports, wanted: object) -> None:
    _ = add(ports)
    refusal = refused(lambda: open_attachment(ports, CASE, wanted, STAFF))

    assert (NotFound, "Attachment not found") == (type(refusal), refusal.message)


def test_a_file_of_another_ticket_is_not_found(ports: Ports) -> None:
    attachment = add(ports)
    refusal = refused(lambda: open_attachment(ports, OTHER, str(attachment.id), STAFF))

    assert NotFound is type(refusal)


def test_a_file_whose_bytes_were_removed_is_not_found(desk: MemoryDesk, ports: Ports) -> None:
    attachment = add(ports)
    desk.files.remove(attachment.id)

    assert NotFound is type(
        refused(lambda: open_attachment(ports, CASE, str(attachment.id), STAFF))
    )


def test_a_customer_attaches_where_they_may_as_nobody(ports: Ports) -> None:
    answer = attach_file_as_customer(ports, KEY, "a.txt", CONTENT)

    assert (None, (answer.attachment,)) == (
        answer.attachment.added_by,
        rows(ports, an_id(1000)),
    )


def test_a_signed_in_customer_is_who_added_it(ports: Ports) -> None:
    customer = a_customer(5)
    answer = attach_file_as_customer(ports, KEY, "a.txt", CONTENT, Caller(user=customer))

    assert customer.id == answer.attachment.added_by


def test_customers_attach_nothing_unless_it_is_set(desk: MemoryDesk, ports: Ports) -> None:
    usual = attrs.evolve(ports, cases=CaseRules())
    keys = (KEY, RawKey(case_number="CW-2026-9"))
    acts = [partial(attach_file_as_customer, usual, key, "a.txt", CONTENT) for key in keys]

    assert ([Forbidden, Forbidden], set()) == ([type(refused(act)) for act in acts], kept(desk))


@pytest.mark.parametrize("status", [status for status in Status if status in FINISHED])
def test_a_finished_case_takes_no_customers_bytes(
    desk: MemoryDesk, ports: Ports, status: Status
) -> None:
    with ports.begin() as uow:
        uow.save(a_change(a_case_ticket(version=2, status=status), an_event(status=status)))
        uow.commit()
    refusal = refused(lambda: attach_file_as_customer(ports, KEY, "a.txt", CONTENT))

    assert (InvalidTransition, set()) == (type(refusal), kept(desk))


@pytest.mark.parametrize(
    "key",
    [RawKey(case_number="CW-2026-9"), RawKey(case_number=a_case().number, email="eve@example.com")],
)
def test_without_the_key_no_byte_is_kept(desk: MemoryDesk, ports: Ports, key: RawKey) -> None:
    refusal = refused(lambda: attach_file_as_customer(ports, key, "a.txt", CONTENT))

    assert (NotFound, "Case not found", set()) == (type(refusal), refusal.message, kept(desk))


def test_counted_numbers_want_the_address_besides(ports: Ports) -> None:
    rules = CaseRules(numbering=Numbering.SEQUENTIAL, customers_may_attach=True)
    counting = attrs.evolve(ports, cases=rules)

    assert {"email": "Email is required"} == (
        refused(lambda: attach_file_as_customer(counting, KEY, "a.txt", CONTENT)).details
    )


def test_a_customers_files_are_limited(ports: Ports) -> None:
    roomy = attrs.evolve(ports, attachments=AttachmentRules(most_files=100))
    for _ in range(CUSTOMER_FILES.amount):
        _ = attach_file_as_customer(roomy, KEY, "a.txt", CONTENT, HERE)

    assert TooMany is type(
        refused(lambda: attach_file_as_customer(roomy, KEY, "a.txt", CONTENT, HERE))
    )


def roomy(ports: Ports) -> Ports:
    return attrs.evolve(ports, attachments=AttachmentRules(most_files=10_000))


def counted_all_but_one(desk: MemoryDesk, limit: Limit, key: str) -> None:
    for _ in range(limit.amount - 1):
        _ = desk.ports.limiter.hit(limit, (key,))


def test_a_customers_files_of_a_day_are_limited_too(desk: MemoryDesk, ports: Ports) -> None:
    counted_all_but_one(desk, CUSTOMER_FILES_A_DAY, "192.0.2.1")
    act = partial(attach_file_as_customer, roomy(ports), KEY, "a.txt", CONTENT, HERE)
    _ = act()
    refusal = refused(act)

    assert (TooMany, 1) == (type(refusal), len(kept(desk)))
    assert refusal.message.startswith("Too many files for one day. Try again in ")


def test_a_day_later_a_customer_may_go_on(desk: MemoryDesk, ports: Ports) -> None:
    counted_all_but_one(desk, CUSTOMER_FILES_A_DAY, "192.0.2.1")
    act = partial(attach_file_as_customer, roomy(ports), KEY, "a.txt", CONTENT, HERE)
    _ = act()
    _ = desk.clock.advance(days=1, minutes=1)

    assert 9 == act().attachment.size


def test_one_of_the_staff_adds_so_many_files_from_wherever(desk: MemoryDesk, ports: Ports) -> None:
    counted_all_but_one(desk, STAFF_FILES, str(ACTIVE_AGENT))
    origins = ("192.0.2.1", "192.0.2.2")
    callers = [attrs.evolve(STAFF, origin=origin) for origin in origins]
    _ = attach_file(roomy(ports), CASE, "a.txt", CONTENT, callers[0])

    assert TooMany is type(
        refused(lambda: attach_file(roomy(ports), CASE, "a.txt", CONTENT, callers[1]))
    )
    assert 1 == len(kept(desk))


def test_the_files_of_one_of_the_staff_do_not_limit_another(desk: MemoryDesk, ports: Ports) -> None:
    """Though both come from one address."""
    counted_all_but_one(desk, STAFF_FILES, str(ACTIVE_AGENT))
    user = STAFF.user
    assert user
    other = attrs.evolve(user, id=an_id(999))
    for person in (user, other):
        caller = Caller(user=person, origin="192.0.2.1")
        _ = attach_file(roomy(ports), CASE, "a.txt", CONTENT, caller)

    assert 2 == len(kept(desk))


def test_forty_of_one_person_at_once_never_pass_the_limit(desk: MemoryDesk, ports: Ports) -> None:
    for _ in range(STAFF_FILES.amount - 5):
        _ = desk.ports.limiter.hit(STAFF_FILES, (str(ACTIVE_AGENT),))
    caller = attrs.evolve(STAFF, origin="192.0.2.1")
    act = partial(attach_file, roomy(ports), CASE, "a.txt", CONTENT, caller)
    _ = at_once([act] * 40)

    assert 5 == len(rows(ports, an_id(1000)))


def test_a_program_within_is_not_limited(desk: MemoryDesk, ports: Ports) -> None:
    counted_all_but_one(desk, STAFF_FILES, str(ACTIVE_AGENT))
    for _ in range(3):
        _ = add(roomy(ports))

    assert 3 == len(kept(desk))


def test_files_are_taken_while_nobody_can_count(uncounted: Ports, ports: Ports) -> None:
    uncounted = attrs.evolve(ports, limiter=uncounted.limiter)
    caller = attrs.evolve(STAFF, origin="192.0.2.1")

    assert 9 == attach_file(uncounted, CASE, "a.txt", CONTENT, caller).attachment.size


SECRET: Final = (b"Cook", b"ie: sid=0123", b"456789abcdef")


@pytest.mark.parametrize("ending", ["txt", "log", "md", "csv", "json", "har", "eml", "LOG"])
def test_a_text_with_a_cookie_in_it_is_taken_and_marked(ports: Ports, ending: str) -> None:
    attachment = add(roomy(ports), f"a.{ending}", SECRET)

    assert (True, (attachment,)) == (attachment.looks_secret, rows(ports, an_id(1000)))


def test_a_text_without_is_not_marked(ports: Ports) -> None:
    assert not add(ports).looks_secret


@pytest.mark.parametrize("ending", ["gz", "zip", "png", "pdf", "docx"])
def test_what_is_no_text_is_not_looked_into(ports: Ports, ending: str) -> None:
    assert not add(roomy(ports), f"a.{ending}", SECRET).looks_secret


def test_what_a_customer_sends_is_looked_through_too(ports: Ports) -> None:
    assert attach_file_as_customer(
        roomy(ports), KEY, "a.har", SECRET, STRANGER
    ).attachment.looks_secret


def test_guessing_numbers_by_files_is_limited_as_any_guessing(ports: Ports) -> None:
    wrong = RawKey(case_number="CW-2026-9")
    for _ in range(UNKNOWN_CASES.amount):
        _ = refused(lambda: attach_file_as_customer(ports, wrong, "a.txt", CONTENT, HERE))

    assert TooMany is type(
        refused(lambda: attach_file_as_customer(ports, KEY, "a.txt", CONTENT, HERE))
    )


def test_a_sweep_removes_what_belongs_to_no_ticket_and_says_how_many(
    desk: MemoryDesk, ports: Ports
) -> None:
    attachment = add(ports)
    for number in range(8000, 8600):
        desk.files.put(an_id(number), [b"orphan"])
    desk.clock.set(desk.clock() + GRACE + timedelta(seconds=1))

    assert (600, {attachment.id}, 0) == (sweep_files(ports), kept(desk), sweep_files(ports))


def test_a_sweep_leaves_alone_what_may_be_about_to_get_a_ticket(
    desk: MemoryDesk, ports: Ports
) -> None:
    desk.files.put(an_id(8000), [b"on its way"])
    desk.clock.set(desk.clock() + GRACE)

    assert (0, {an_id(8000)}) == (sweep_files(ports), kept(desk))


def test_a_sweep_never_removes_a_file_that_has_a_row(desk: MemoryDesk, ports: Ports) -> None:
    """Of whichever ticket, however old."""
    mine = add(ports)
    others = attach_file(ports, OTHER, "b.txt", CONTENT, STAFF).attachment
    customers = attach_file_as_customer(ports, KEY, "c.txt", CONTENT, STRANGER).attachment
    _ = desk.clock.advance(days=10_000)
    _ = sweep_files(ports)

    assert {mine.id, others.id, customers.id} == kept(desk)


class SlowFiles(MemoryFiles):
    """A store in which a ticket gets its file while the sweep looks at it."""

    def __init__(self, desk: MemoryDesk) -> None:
        super().__init__(desk.clock)
        self._desk = desk

    def kept_before(self, instant: object) -> Iterator[UUID]:
        yield an_id(6000)
        with self._desk.ports.begin() as uow:
            uow.save(a_change(a_case_ticket(1000, version=2), attachment=an_attachment(6000)))
            uow.commit()

    def open(self, file_id: UUID) -> BinaryIO | None:
        return super().open(file_id)


def test_a_row_that_comes_while_the_sweep_gathers_saves_its_file(
    desk: MemoryDesk, ports: Ports
) -> None:
    files = SlowFiles(desk)
    files.put(an_id(6000), CONTENT)
    _ = sweep_files(attrs.evolve(ports, files=files))

    assert None is not files.open(an_id(6000))
