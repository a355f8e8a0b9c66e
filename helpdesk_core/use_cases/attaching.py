"""Files of tickets: adding, reading, and sweeping up what a crash left behind."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import BinaryIO, Final
from uuid import UUID

import attrs

from helpdesk_core.attachments import (
    Attachment,
    check_room,
    check_size,
    file_name,
    is_text,
    media_type_of,
    room_left,
    too_large,
)
from helpdesk_core.directory import Directory
from helpdesk_core.errors import Forbidden, InvalidTransition, NotFound, TooLarge
from helpdesk_core.limits import CUSTOMER_FILES, CUSTOMER_FILES_A_DAY, STAFF_FILES, UNKNOWN_CASES
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.secret_signs import SecretWatch
from helpdesk_core.text import read_uuid
from helpdesk_core.tickets import FINISHED, Change, Ticket, attach
from helpdesk_core.use_cases.cases import RawKey, case_key, opened_case
from helpdesk_core.use_cases.changing import Find, change_ticket
from helpdesk_core.use_cases.finding import Target, found_target
from helpdesk_core.use_cases.limiting import count, count_person, misses_counted

GRACE: Final = timedelta(hours=1)
"""A file without a ticket is left alone for so long: it may be about to get one."""
NO_LONGER_KEPT: Final = "This file is no longer kept"
SWEPT_AT_ONCE: Final = 500
"""Files that are asked about together."""


@attrs.frozen(kw_only=True)
class Attached:
    """A ticket, and the file that it has now."""

    ticket: Ticket
    attachment: Attachment


@attrs.frozen(kw_only=True)
class OpenFile:
    """A file that may be read once, from its start, and is to be closed."""

    attachment: Attachment
    content: BinaryIO


def attach_file(
    ports: Ports, target: Target, name: object, chunks: Iterable[bytes], caller: Caller
) -> Attached:
    """Add a file to a ticket, its bytes first: a ticket never has a file without its bytes.

    Raises NotSignedIn, Forbidden, Invalid, NotFound, NotAsExpected, TooLarge, TooMany, and
    Unavailable.
    """
    by = allow(caller, Act.ATTACH_FILES)
    count_person(ports.limiter, STAFF_FILES, caller, by)
    return _attached(ports, partial(found_target, target=target), name, chunks, caller)


def attach_file_as_customer(
    ports: Ports, raw: RawKey, name: object, chunks: Iterable[bytes], caller: Caller = STRANGER
) -> Attached:
    """Add a file to the case that the key opens, where customers may.

    Raises Forbidden where they may not, InvalidTransition on a finished case, TooMany, and as
    `attach_file`.
    """
    if not ports.cases.customers_may_attach:
        raise Forbidden("Customers may not attach files here")
    key = case_key(raw, ports)
    with misses_counted(ports.limiter, UNKNOWN_CASES, caller), ports.begin() as uow:
        _ = opened_case(uow, key)
    count(ports.limiter, CUSTOMER_FILES, caller)
    count(ports.limiter, CUSTOMER_FILES_A_DAY, caller)
    return _attached(ports, lambda uow: _at_work(opened_case(uow, key)), name, chunks, caller)


def open_attachment(
    ports: Ports, target: Target, attachment_id: object, caller: Caller
) -> OpenFile:
    """A file of the ticket. Raises NotSignedIn, Forbidden, NotFound, Unavailable."""
    _ = allow(caller, Act.READ_TICKETS)
    wanted = read_uuid(attachment_id)
    with ports.begin() as uow:
        held = uow.attachments(found_target(uow, target).id)
    attachment = next((each for each in held if each.id == wanted), None)
    if attachment and attachment.removed_at:
        raise NotFound(NO_LONGER_KEPT)
    content = ports.files.open(attachment.id) if ports.files and attachment else None
    if attachment is None or content is None:
        raise NotFound("Attachment not found")
    return OpenFile(attachment=attachment, content=content)


def sweep_files(ports: Ports) -> int:
    """Remove files that belong to no ticket, and answer with how many there were."""
    files = ports.files
    if files is None:
        return 0
    swept = 0
    for some in _batches(files.kept_before(ports.now() - GRACE)):
        with ports.begin() as uow:
            known = uow.attachment_ids(some)
        for file_id in some:
            if file_id not in known:
                files.remove(file_id)
                swept += 1
    return swept


def _attached(
    ports: Ports, find: Find, name: object, chunks: Iterable[bytes], caller: Caller
) -> Attached:
    by, files = caller.user, ports.files
    if files is None:
        raise Forbidden("This desk takes no files")
    named = file_name(name)
    media_type = media_type_of(named, ports.attachments)
    with ports.begin() as uow:
        held = uow.attachments(find(uow).id)
    check_room(held, ports.attachments)
    counted = _Counted(chunks, room_left(held, ports.attachments), too_large(ports.attachments))
    watch = SecretWatch() if is_text(media_type) else None
    file_id = ports.new_id()
    files.put(file_id, _watched(counted, watch) if watch else counted)
    attachment = Attachment(
        id=file_id,
        name=named,
        media_type=media_type,
        size=counted.size,
        digest=counted.digest(),
        added_by=by.id if by else None,
        created_at=ports.now(),
        looks_secret=watch is not None and watch.has_found(),
    )

    def decide(ticket: Ticket, _: Directory, uow: UnitOfWork) -> Change:
        others = uow.attachments(ticket.id)
        check_room(others, ports.attachments)
        check_size(attachment.size, others, ports.attachments)
        return attach(ticket, attachment, by=by)

    # A file that loses its race here belongs to no ticket, and is swept.
    change = change_ticket(ports, find, decide, caller)
    return Attached(ticket=change.ticket, attachment=attachment)


def _at_work(ticket: Ticket) -> Ticket:
    if ticket.status in FINISHED:
        raise InvalidTransition(f"A case that is {ticket.status.value} takes no files")
    return ticket


class _Counted:
    """Chunks on their way, counted and digested. Raises the refusal past so many bytes."""

    def __init__(self, chunks: Iterable[bytes], most: int, refusal: TooLarge) -> None:
        self._chunks = chunks
        self._most = most
        self._refusal = refusal
        self._digest = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._most:
                raise self._refusal
            self._digest.update(chunk)
            yield chunk

    def digest(self) -> bytes:
        return self._digest.digest()


def _watched(chunks: Iterable[bytes], watch: SecretWatch) -> Iterator[bytes]:
    for chunk in chunks:
        watch.look(chunk)
        yield chunk


def _batches(ids: Iterator[UUID]) -> Iterator[tuple[UUID, ...]]:
    while some := tuple(islice(ids, SWEPT_AT_ONCE)):
        yield some
