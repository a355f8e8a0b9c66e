"""An S3-compatible service on this machine."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from time import monotonic, sleep
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

PATIENCE = 30.0  # seconds

_numbers = count(1)


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """The address of the service; it is a process of its own, whose memory is not ours."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    service = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        service.kill()
        _ = service.wait(PATIENCE)


def answers(port: int) -> bool:
    """Whether somebody listens there before patience ends."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return True
        sleep(0.05)
    return False


@pytest.fixture
def s3(s3_service: str) -> str:
    """The address of an empty bucket, as a setting has it."""
    name = f"desk-{next(_numbers)}"
    made = Request(f"{s3_service}/{name}", method="PUT")  # noqa: S310  # our own service
    with urlopen(made, timeout=PATIENCE) as answer:  # noqa: S310
        assert answer.status == 200
    return (
        f"s3://{name}/files?region=us-east-1&endpoint={quote(s3_service, safe='')}"
        "&access_key_id=key&secret_access_key=secret"
    )
