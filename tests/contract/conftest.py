"""Empty desks to prove the contracts over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile

import pytest

from helpdesk_sql import SqlStore, open_store, upgrade


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty desk in it, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def open_sqlite(empty_file: Path, tmp_path: Path) -> Iterator[Callable[[], SqlStore]]:
    """Opens an empty desk in SQLite; the one before it is then closed."""
    with ExitStack() as opened:

        def open_anew() -> SqlStore:
            opened.close()
            file = tmp_path / "desk.db"
            _ = copyfile(empty_file, file)
            store = open_store(f"sqlite:///{file}")
            opened.callback(store.close)
            return store

        yield open_anew
