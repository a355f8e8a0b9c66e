"""From an address to the store of files behind it."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from helpdesk_core.ports import FileStore
from helpdesk_files.folder import FolderFiles

if TYPE_CHECKING:
    from obstore.store import S3Config

OPTIONS: Final = frozenset(
    {
        "access_key_id",
        "endpoint",
        "region",
        "secret_access_key",
        "session_token",
        "virtual_hosted_style_request",
    }
)
"""What may be said of a bucket in the query of its address."""
PATIENCE: Final = timedelta(seconds=30)
"""For one request to the service; and for one that is asked again, all together."""


def open_files(url: str) -> FileStore:
    """The store of files behind an address.

    `file:///folder` is a folder of this machine, which is made when it is missing.
    `s3://bucket/prefix?region=…&endpoint=…` is a bucket; what the query leaves out, keys above all,
    is taken from the environment (`AWS_ACCESS_KEY_ID` and so on) or from the machine's role.
    `memory://` forgets all at the end of the process. The latter two need the extra `s3`.

    Raises ValueError, in words for the operator, for any other address and for a folder that
    cannot be used. A bucket is not asked anything yet.
    """
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return FolderFiles(_folder(url))
    if scheme not in ("s3", "memory"):
        raise ValueError("must be file:///FOLDER, s3://BUCKET or memory://")
    try:
        import obstore  # noqa: F401, PLC0415  # only whoever keeps files in a bucket has it
    except ImportError:
        raise ValueError(f"{scheme}:// needs the extra: pip install 'helpdesk-core[s3]'") from None
    return _bucket(url) if scheme == "s3" else _memory()


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    folder = Path(unquote(parts.path))
    if parts.netloc not in ("", "localhost") or parts.query or not folder.is_absolute():
        raise ValueError("a folder is written file:///FOLDER, from the root of this machine")
    return folder


def _memory() -> FileStore:
    from obstore.store import MemoryStore  # noqa: PLC0415

    from helpdesk_files.bucket import BucketFiles  # noqa: PLC0415

    return BucketFiles(MemoryStore())


def _bucket(url: str) -> FileStore:
    from obstore.exceptions import BaseError  # noqa: PLC0415
    from obstore.store import S3Store  # noqa: PLC0415

    from helpdesk_files.bucket import BucketFiles  # noqa: PLC0415

    parts = urlsplit(url)
    if not parts.netloc:
        raise ValueError("a bucket is written s3://BUCKET or s3://BUCKET/PREFIX")
    config = _config(parts.query)
    try:
        store = S3Store(
            parts.netloc,
            prefix=unquote(parts.path).strip("/") or None,
            config=config,
            client_options={
                "timeout": PATIENCE,
                "connect_timeout": timedelta(seconds=5),
                "allow_http": str(config.get("endpoint", "")).startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        )
    except (BaseError, ValueError, TypeError) as wrong:
        raise ValueError(f"the bucket cannot be used: {wrong}") from None
    return BucketFiles(store)


def _config(query: str) -> "S3Config":
    said = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(said.keys() - OPTIONS):
        options = ", ".join(sorted(OPTIONS))
        raise ValueError(f"{', '.join(unknown)}: of a bucket may be said {options}")
    config: S3Config = {}
    for name, value in said.items():
        config[name] = value  # type: ignore[literal-required]
    return config
