"""What is said on a ticket."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import attrs


class AuthorType(Enum):
    """Which side a message comes from; the value is contract A's word."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"


@attrs.frozen(kw_only=True)
class Message:
    """One message. An internal one is a note among staff; no customer ever sees it.

    `attachment_ids` name files of the same ticket that it refers to, in the order it names them.
    """

    id: UUID
    author_type: AuthorType
    author_id: UUID | None
    author_name: str | None
    author_email: str | None
    body: str
    is_internal: bool = False
    attachment_ids: tuple[UUID, ...] = ()
    created_at: datetime
