"""The one rule of who sees what."""

from collections.abc import Iterable

from helpdesk_core.messages import Message
from helpdesk_core.people import User


def visible(messages: Iterable[Message], viewer: User | None) -> tuple[Message, ...]:
    """The messages that the viewer may read, in their order: notes among staff are for staff."""
    is_staff = viewer is not None and viewer.is_staff
    return tuple(message for message in messages if is_staff or not message.is_internal)
