"""Files that belong to a ticket: what is known of one, and what is taken in."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.errors import Invalid, TooLarge
from helpdesk_core.fields import required_line

LONGEST_FILE_NAME: Final = 200
"""Characters (code points)."""


@attrs.frozen(kw_only=True)
class Attachment:
    """A file of a ticket. Its bytes are kept under its id; `name` is only text.

    `size` is in bytes, `digest` the SHA-256 of the bytes. `added_by` is None for the customer of
    a case. `looks_secret` warns that there may be cookies, tokens or keys in it. `removed_at` is
    when its bytes were let go of; None as long as they are kept.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    digest: bytes
    added_by: UUID | None
    created_at: datetime
    looks_secret: bool = False
    removed_at: datetime | None = None


@attrs.frozen(kw_only=True)
class AttachmentRules:
    """What is taken in, and how long it is kept. Sizes are in bytes.

    `media_types` maps the end of a file's name, in small letters and without the dot, to what the
    file is served as, whatever its sender called it. `kept` is how long a file is kept when the
    work on its ticket has ended, see `retention`; None for as long as the ticket.
    """

    largest_file: int = 10 * 1024 * 1024
    largest_ticket: int = 25 * 1024 * 1024
    most_files: int = 20
    media_types: Mapping[str, str] = MappingProxyType(
        {
            "csv": "text/csv",
            "doc": "application/msword",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "eml": "message/rfc822",
            "gif": "image/gif",
            "gz": "application/gzip",
            "har": "application/json",
            "jpeg": "image/jpeg",
            "jpg": "image/jpeg",
            "json": "application/json",
            "log": "text/plain",
            "md": "text/plain",
            "odt": "application/vnd.oasis.opendocument.text",
            "pdf": "application/pdf",
            "png": "image/png",
            "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "txt": "text/plain",
            "webp": "image/webp",
            "xls": "application/vnd.ms-excel",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "zip": "application/zip",
        }
    )
    kept: timedelta | None = None


USUAL_FILES: Final = AttachmentRules()
"""What people send a helpdesk: pictures, documents, logs; 10 MiB a file and 25 MiB a ticket."""


def file_name(value: object) -> str:
    """The name a file was given, as one line of text without anything that hides or misleads.

    Raises Invalid for none at all, for one that is too long, and for one that would be shown as
    another: with control or format characters (a reversed `gnp.exe`), or with a path.
    """
    name = required_line(value, field="name", label="File name", longest=LONGEST_FILE_NAME)
    if not all(map(_is_shown, name)) or set(name) & set("/\\") or not name.strip("."):
        raise Invalid("File name cannot be used", name="not a plain file name")
    return name


def _is_shown(character: str) -> bool:
    """True for what a reader sees, spaces of any width too: some machines put them into names."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def media_type_of(name: str, rules: AttachmentRules) -> str:
    """What a file of that name is served as. Raises Invalid for a kind that is not taken."""
    _, dot, ending = name.rpartition(".")
    media_type = rules.media_types.get(ending.lower()) if dot else None
    if media_type is None:
        kinds = ", ".join(sorted(rules.media_types))
        raise Invalid(f"Files of this kind are not taken; these are: {kinds}", name="kind")
    return media_type


def is_text(media_type: str) -> bool:
    """True for what people read as it is: logs, tables, JSON, mail. Nothing is unpacked."""
    return media_type.startswith("text/") or media_type in ("application/json", "message/rfc822")


def check_room(held: tuple[Attachment, ...], rules: AttachmentRules) -> None:
    """Raise Invalid when a ticket that holds these takes no other file."""
    if len(_kept(held)) >= rules.most_files:
        raise Invalid(f"A ticket takes {rules.most_files} files or fewer", file="too many")


def room_left(held: tuple[Attachment, ...], rules: AttachmentRules) -> int:
    """How many bytes the next file of a ticket that holds these may have."""
    taken = sum(attachment.size for attachment in _kept(held))
    return max(0, min(rules.largest_file, rules.largest_ticket - taken))


def _kept(held: tuple[Attachment, ...]) -> list[Attachment]:
    return [attachment for attachment in held if attachment.removed_at is None]


def check_size(size: int, held: tuple[Attachment, ...], rules: AttachmentRules) -> None:
    """Raise TooLarge for a file that has no room, Invalid for an empty one."""
    if size == 0:
        raise Invalid("File is empty", file="empty")
    if size > room_left(held, rules):
        raise too_large(rules)


def too_large(rules: AttachmentRules) -> TooLarge:
    """What is said of a file that has no room."""
    return TooLarge(
        f"A file must be {rules.largest_file} bytes or fewer, "
        f"and all files of a ticket {rules.largest_ticket}"
    )
