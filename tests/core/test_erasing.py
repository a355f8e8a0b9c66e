"""An erasure that is broken off anywhere is finished by beginning again; no figure changes."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.errors import Forbidden, Invalid, NotFound, Unavailable
from helpdesk_core.people import OPERATOR, Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.testing.builders import NOW, a_directory, staff
from helpdesk_core.testing.people_erased import EMAIL, Scene, play, told
from helpdesk_core.testing.stores import stocked
from helpdesk_core.use_cases.erasing import erase_person
from helpdesk_core.use_cases.exporting import export_person
from helpdesk_core.use_cases.verifying import Verification
from helpdesk_memory import MemoryStore


def a_scene() -> Scene:
    store = MemoryStore(lambda: NOW)
    stocked(store)
    return play(store)


def failing_after(begin: Callable[[], UnitOfWork], commits: int) -> Callable[[], UnitOfWork]:
    """Units of work of which so many in all are committed."""
    left = [commits]

    class Failing:
        def __init__(self) -> None:
            self._uow = begin()

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a unit of work has
            return getattr(self._uow, name)

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> None:
            self._uow.__exit__(kind, error, trace)

        def commit(self) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Unavailable
            self._uow.commit()

    return Failing


def broken_off(ports: Ports, commits: int) -> None:
    failing = attrs.evolve(ports, begin=failing_after(ports.begin, commits))
    with pytest.raises(Unavailable):
        _ = erase_person(failing, EMAIL, OPERATOR)


@given(st.integers(0, 5))
def test_what_was_broken_off_is_finished_by_beginning_again(commits: int) -> None:
    scene = a_scene()
    broken_off(scene.ports, commits)

    assert [] == list(Verification(scene.ports).findings())
    _ = erase_person(scene.ports, EMAIL, OPERATOR)
    assert (set(), []) == (told(scene.kept()), list(Verification(scene.ports).findings()))


def test_an_erasure_takes_the_way_in_first() -> None:
    scene = a_scene()
    broken_off(scene.ports, 1)

    with scene.ports.begin() as uow:
        assert () == uow.sessions(limit=9)


@pytest.mark.parametrize("act", [erase_person, export_person])
def test_only_admins_may(act: Callable[[Ports, str, Caller], object]) -> None:
    scene = a_scene()

    with pytest.raises(Forbidden):
        _ = act(scene.ports, EMAIL, staff(a_directory()))


@pytest.mark.parametrize("act", [erase_person, export_person])
def test_what_is_no_address_is_refused(act: Callable[[Ports, str, Caller], object]) -> None:
    with pytest.raises(Invalid):
        _ = act(a_scene().ports, "budi", OPERATOR)


def test_an_admin_may_erase_themselves() -> None:
    scene = a_scene()
    admin = next(it for it in a_directory().agents.values() if it.role.value == "admin")
    _ = erase_person(scene.ports, admin.email, Caller(user=admin.as_user()))

    assert admin.email not in repr(scene.kept())
    with pytest.raises(NotFound):
        _ = erase_person(scene.ports, admin.email, OPERATOR)


def test_what_tickets_count_for_is_not_changed() -> None:
    scene = a_scene()
    with scene.ports.begin() as uow:
        before = [attrs.evolve(it) for it in map(uow.ticket, scene.tickets) if it]
    _ = erase_person(scene.ports, EMAIL, OPERATOR)

    assert [_counting(it) for it in before] == [
        _counting(scene.ticket(number)) for number in range(len(scene.tickets))
    ]


def _counting(ticket: Any) -> tuple[object, ...]:  # noqa: ANN401  # a ticket
    """Everything of a ticket from which a figure is made."""
    words = {"version", "seal", "submitter_name", "submitter_email", "description", "case"}
    fields = attrs.fields(type(ticket))
    return tuple(
        getattr(ticket, it.name) for it in fields if it.name not in words | {"rejection_reason"}
    )
