"""One table says who may call which use case, and the use cases keep to it."""

from collections.abc import Callable
from importlib import import_module
from inspect import isfunction, signature
from itertools import product
from pkgutil import iter_modules
from typing import Any, Final

import pytest

from helpdesk_core.errors import Forbidden, HelpdeskError, NotSignedIn
from helpdesk_core.people import STRANGER, Caller, Role
from helpdesk_core.permissions import USE_CASES, Act, Open, may_call
from helpdesk_core.testing.builders import a_customer
from helpdesk_core.use_cases.handling import RawUpdate
from helpdesk_memory import MemoryDesk
from tests.core.test_face import INNER


def use_cases() -> dict[str, Callable[..., object]]:
    """Every use case: what is given the ports."""
    package = import_module("helpdesk_core.use_cases")
    modules = [
        import_module(it.name) for it in iter_modules(package.__path__, "helpdesk_core.use_cases.")
    ]
    return {
        name: it
        for module in modules
        for name, it in vars(module).items()
        if isfunction(it)
        and it.__module__ == module.__name__
        and name not in INNER
        and not name.startswith("_")
        and next(iter(signature(it).parameters), None) == "ports"
    }


CASES: Final = use_cases()
CALLERS: Final = (None, *Role)
ASKING: Final = [name for name, rule in USE_CASES.items() if isinstance(rule, Act)]
GIVEN: Final[dict[str, object]] = {"raw": RawUpdate()}
"""What a use case looks at to know what is asked of it."""


def test_every_use_case_is_in_the_table_and_nothing_else() -> None:
    assert (set(), set()) == (set(CASES) - set(USE_CASES), set(USE_CASES) - set(CASES))


def test_what_is_done_inside_is_open_to_nobody_at_a_door() -> None:
    inside = {Open.TO_COMMANDS, Open.TO_PROGRAMS}
    closed = [name for name, rule in USE_CASES.items() if rule in inside]

    assert not any(may_call(name, role) for name, role in product(closed, CALLERS))


def test_what_takes_no_caller_asks_no_role() -> None:
    without = {
        name
        for name, it in CASES.items()
        if not {"caller", "visit"} & set(signature(it).parameters)
    }

    assert without.isdisjoint(ASKING)


@pytest.mark.parametrize(("name", "role"), list(product(ASKING, CALLERS)))
def test_who_may_not_call_a_use_case_is_told_so_before_anything_is_looked_at(
    desk: MemoryDesk, name: str, role: Role | None
) -> None:
    """Everything else that it is given is nonsense: only who may comes so far as to see it."""
    refusal = _refusal(CASES[name], desk, role)
    expected = None if may_call(name, role) else NotSignedIn if role is None else Forbidden

    assert expected == refusal


def _refusal(
    use_case: Callable[..., object], desk: MemoryDesk, role: Role | None
) -> type[HelpdeskError] | None:
    caller = Caller(user=a_customer(5, role=role)) if role else STRANGER
    others: dict[str, Any] = {
        name: GIVEN.get(name, object())
        for name, it in signature(use_case).parameters.items()
        if name not in {"ports", "caller"} and it.default is it.empty
    }
    try:
        _ = use_case(desk.ports, caller=caller, **others)
    except (NotSignedIn, Forbidden) as refused:
        return type(refused)
    except Exception:  # noqa: BLE001  # nonsense was looked at
        return None
    return None
