"""What every topic of the unit of work in memory does alike: gather writes, and unmake them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias, TypeVar

from helpdesk_memory.contents import Contents

Undo: TypeAlias = Callable[[], None]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Gathering:
    """The store, and the writes that were gathered; each answers with how to unmake it."""

    def __init__(self, store: Contents) -> None:
        self._store = store
        self._writes: list[Callable[[], Undo]] = []


def nothing_to_unmake() -> None:
    """Nothing was made."""


def put(table: dict[Key, Value], key: Key, value: Value) -> Undo:
    """Put a value in its place; answers with how to unmake it."""
    if key not in table:
        table[key] = value
        return lambda: _drop(table, key)
    held = table[key]
    table[key] = value
    return partial(table.__setitem__, key, held)


def taken_out(table: dict[Key, Value], keys: Iterable[Key]) -> Undo:
    """Take what is there of the keys out; answers with how to unmake it."""
    taken = {key: table.pop(key) for key in keys if key in table}
    return lambda: table.update(taken)


def _drop(table: dict[Key, Value], key: Key) -> None:
    del table[key]
