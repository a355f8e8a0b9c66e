"""A bucket: what a crash leaves, what an unreachable service is, where nothing is believed."""

import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import obstore
import pytest
from obstore.store import MemoryStore

from helpdesk_core.errors import DuplicateId, Unavailable
from helpdesk_core.testing.file_store import MIB, pieces
from helpdesk_files import open_files
from helpdesk_files.bucket import BucketFiles

FILE_ID = UUID("019e4e2f-5d4c-7c3b-8a1f-2b9d1c6f7eab")
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def files(store: MemoryStore) -> BucketFiles:
    return BucketFiles(store)


def names(store: MemoryStore) -> list[str]:
    return [each["path"] for some in obstore.list(store) for each in some]


@pytest.mark.parametrize("size", [3, 6 * MIB])
def test_a_file_is_one_object(files: BucketFiles, store: MemoryStore, size: int) -> None:
    files.put(FILE_ID, pieces(size))

    assert [f"ab/{FILE_ID}"] == names(store)


def test_the_claim_of_an_upload_that_was_cut_off_is_listed_and_removed(
    files: BucketFiles, store: MemoryStore
) -> None:
    obstore.put(store, f"ab/{FILE_ID}.part", b"")

    assert files.open(FILE_ID) is None
    assert [FILE_ID] == list(files.kept_before(TOMORROW))
    files.remove(FILE_ID)
    assert [] == names(store)


def test_a_claimed_id_is_taken(files: BucketFiles, store: MemoryStore) -> None:
    obstore.put(store, f"ab/{FILE_ID}.part", b"")

    with pytest.raises(DuplicateId):
        files.put(FILE_ID, pieces(6 * MIB))


def test_what_is_not_of_our_making_is_passed_over(files: BucketFiles, store: MemoryStore) -> None:
    for name in ("README", f"ab/{FILE_ID}.bak", f"ab/x{FILE_ID}"):
        obstore.put(store, name, b"x")

    assert [] == list(files.kept_before(TOMORROW))


@pytest.fixture
def nobody() -> str:
    """The address of a bucket of a service that refuses every connection."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"s3://desk?region=us-east-1&endpoint=http://127.0.0.1:{port}&access_key_id=a&secret_access_key=b"


@pytest.mark.parametrize("size", [3, 6 * MIB])
def test_a_service_that_cannot_be_reached_is_unavailable(nobody: str, size: int) -> None:
    files = open_files(nobody)

    with pytest.raises(Unavailable):
        files.put(FILE_ID, pieces(size))
    with pytest.raises(Unavailable):
        files.open(FILE_ID)
    with pytest.raises(Unavailable):
        files.remove(FILE_ID)
    with pytest.raises(Unavailable):
        list(files.kept_before(TOMORROW))


def test_a_bucket_that_is_not_there_is_unavailable(s3: str) -> None:
    with pytest.raises(Unavailable):
        open_files(s3.replace("s3://desk-", "s3://desk-not-")).put(FILE_ID, [b"x"])


def test_files_stay_under_the_prefix(s3: str) -> None:
    """Two desks may share a bucket: neither sees nor sweeps what the other keeps."""
    ours, theirs = open_files(s3), open_files(s3.replace("/files?", "/other%20desk?"))
    ours.put(FILE_ID, [b"ours"])

    assert ([], None) == (list(theirs.kept_before(TOMORROW)), theirs.open(FILE_ID))
    theirs.put(FILE_ID, [b"theirs"])
    opened = ours.open(FILE_ID)
    assert opened is not None
    with closing(opened):
        assert b"ours" == opened.read()


def test_an_interrupted_fetch_is_unavailable(
    files: BucketFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk of this machine: what was fetched of the file is let go."""
    files.put(FILE_ID, pieces(6 * MIB))
    monkeypatch.setattr("tempfile.tempdir", str(Path("/nowhere at all")))

    with pytest.raises(Unavailable):
        files.open(FILE_ID)
