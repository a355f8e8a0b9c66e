"""The public face of the core: a list that is whole, and free until it is used."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

import helpdesk_core
from helpdesk_core import errors, face

INNER = {
    "CaseKey",
    "case_key",
    "count",
    "count_person",
    "count_saved",
    "counted_at",
    "enter",
    "found_at_intake_door",
    "found_case",
    "found_target",
    "found_ticket",
    "has_address",
    "intake_door",
    "misses_counted",
    "named_id",
    "named_tickets",
    "records_of_ticket",
    "traces_of",
    "new_number",
    "nobody_mourns",
    "calendar_held_to",
    "held_to",
    "opened_case",
    "policy_of",
    "promised",
    "Promised",
    "Stored",
    "passes",
    "record",
    "recounted",
    "refusals_counted",
    "save_directory",
    "store",
    "wanted",
    "wanted_month",
    "until_first",
    "until_fresh",
    "watched_door",
    "within_budget",
    "with_free_number",
}
"""What use cases and doors share, and nobody else needs."""


def loaded_by(program: str) -> set[str]:
    """The modules that a fresh interpreter holds after the program."""
    shown = f"{program}\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_each_name_is_there_once() -> None:
    assert sorted(set(face.__all__)) == sorted(face.__all__)


def test_every_name_is_had_from_the_package() -> None:
    had = {name: getattr(helpdesk_core, name) for name in helpdesk_core.__all__}

    assert {name: getattr(face, name) for name in face.__all__} == had


def test_a_star_import_brings_every_name() -> None:
    names: dict[str, object] = {}
    exec("from helpdesk_core import *", names)  # noqa: S102

    assert set(face.__all__) == names.keys() - {"__builtins__"}


def test_the_package_lists_its_names() -> None:
    assert set(face.__all__) <= set(dir(helpdesk_core))


def test_an_unknown_name_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'helpdesk_core' has no attribute 'nonsense'"):
        _ = helpdesk_core.nonsense  # type: ignore[attr-defined]


def test_every_refusal_is_on_the_face() -> None:
    family = {name for name, it in vars(errors).items() if isinstance(it, type)}

    assert set() == {it for it in family if it not in face.__all__} - {"timedelta", "ClassVar"}


def test_every_use_case_is_on_the_face() -> None:
    use_cases = import_module("helpdesk_core.use_cases")
    functions = {
        name
        for found in iter_modules(use_cases.__path__, "helpdesk_core.use_cases.")
        for name, it in vars(import_module(found.name)).items()
        if getattr(it, "__module__", None) == found.name
        and callable(it)
        and not name.startswith("_")
    }

    assert set() == functions - set(face.__all__) - INNER


def test_the_package_alone_loads_nothing_it_does_not_use() -> None:
    without = loaded_by("pass")

    assert {"helpdesk_core"} == loaded_by("import helpdesk_core") - without


def test_a_module_alone_does_not_load_the_face() -> None:
    assert "helpdesk_core.use_cases" not in loaded_by("import helpdesk_core.sla")
