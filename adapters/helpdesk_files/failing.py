"""What a store's failures are to the desk."""

from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk_core.errors import Unavailable


@contextmanager
def unavailable(*failures: type[Exception]) -> Iterator[None]:
    """Within the block such a failure is Unavailable, with the failure as its cause."""
    try:
        yield
    except failures as failed:
        raise Unavailable from failed
