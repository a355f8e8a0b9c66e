"""The addresses of stores of files."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from helpdesk_files import FolderFiles, open_files
from helpdesk_files.bucket import BucketFiles


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    files = open_files((tmp_path / "Åse's 100 % files").as_uri())

    assert isinstance(files, FolderFiles)
    assert (tmp_path / "Åse's 100 % files").is_dir()


def test_memory_needs_nothing() -> None:
    files = open_files("memory://")
    file_id = uuid4()
    files.put(file_id, [b"x"])

    opened = files.open(file_id)
    assert opened is not None
    opened.close()


def test_a_bucket_is_opened_without_being_asked() -> None:
    url = "s3://bucket/some/prefix?region=eu-central-1&endpoint=https://s3.example.com"

    assert isinstance(open_files(url), BucketFiles)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", r"must be file:///FOLDER, s3://BUCKET or memory://"),
        ("/var/files", r"must be file:///FOLDER"),
        ("http://bucket", r"must be file:///FOLDER"),
        ("file://files", r"a folder is written file:///FOLDER"),
        ("file://", r"a folder is written file:///FOLDER"),
        ("file:files", r"a folder is written file:///FOLDER"),
        ("file:///tmp?mode=1", r"a folder is written file:///FOLDER"),
        ("file:///dev/null/files", r"the folder /dev/null/files cannot be used: Not a directory"),
        ("s3://", r"a bucket is written s3://BUCKET"),
        ("s3:///prefix", r"a bucket is written s3://BUCKET"),
        ("s3://bucket?colour=red&regio=x", r"colour, regio: of a bucket may be said access_key_id"),
    ],
)
def test_any_other_address_is_refused_in_words_for_the_operator(url: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        open_files(url)


def test_no_fault_repeats_a_secret() -> None:
    with pytest.raises(ValueError, match="colour") as refused:
        open_files("s3://bucket?secret_access_key=hush&colour=red")

    assert "hush" not in str(refused.value)


def test_a_folder_needs_no_library(tmp_path: Path) -> None:
    """Whoever keeps files in a folder never loads what speaks to buckets, nor needs to have it."""
    script = f"""
import sys
sys.modules["obstore"] = None
from helpdesk_files import open_files
open_files({tmp_path.as_uri()!r})
try:
    open_files("s3://bucket")
except ValueError as fault:
    print(fault)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, timeout=30
    )

    assert "s3:// needs the extra: pip install 'helpdesk-core[s3]'\n" == said.stdout
