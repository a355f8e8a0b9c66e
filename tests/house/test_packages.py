"""The packages on disk, in the wheel and in the import contracts are the same ones."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

FOLDERS = ("adapters", "entrypoints")
OURS = {
    "helpdesk_core",
    "helpdesk_files",
    "helpdesk_holidays",
    "helpdesk_http",
    "helpdesk_letters",
    "helpdesk_limits",
    "helpdesk_memory",
    "helpdesk_numpy",
    "helpdesk_oidc",
    "helpdesk_outward",
    "helpdesk_server",
    "helpdesk_sheets",
    "helpdesk_sms",
    "helpdesk_smtp",
    "helpdesk_sql",
    "helpdesk_webhook",
}
CORE_USES = {"attrs", "helpdesk_core"}
TESTING_USES = CORE_USES | {"hypothesis", "pytest"}


def packages_in(folder: Path) -> set[str]:
    return {found.parent.name for found in folder.glob("*/__init__.py")}


def modules_of(package: Path) -> Iterator[Path]:
    return package.rglob("*.py")


def imported_by(module: Path) -> set[str]:
    """The top-level names that a module imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are written in full"
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def distribution_name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


def contract(pyproject: dict[str, Any], begins: str) -> dict[str, Any]:
    (found,) = (
        each
        for each in pyproject["tool"]["importlinter"]["contracts"]
        if each["name"].startswith(begins)
    )
    named: dict[str, Any] = found
    return named


def test_the_packages_on_disk_are_ours(root: Path) -> None:
    found = {"helpdesk_core"} & packages_in(root)
    for folder in FOLDERS:
        found |= packages_in(root / folder)

    assert OURS == found


def test_the_wheel_takes_ours(pyproject: dict[str, Any]) -> None:
    packages = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert sorted(OURS) == sorted(Path(package).name for package in packages)


def test_the_import_contracts_watch_ours(pyproject: dict[str, Any]) -> None:
    assert sorted(OURS) == sorted(pyproject["tool"]["importlinter"]["root_packages"])


def test_the_layers_between_packages_name_ours(pyproject: dict[str, Any]) -> None:
    layers = contract(pyproject, "Server above adapters")["layers"]

    assert sorted(OURS) == sorted(name for layer in layers for name in layer.split(" | "))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_of_packages_is_no_package(root: Path, folder: str) -> None:
    """Both names are taken on the package index; as packages they would overwrite one another."""
    assert not (root / folder / "__init__.py").exists()


@pytest.mark.parametrize("package", sorted(OURS))
def test_every_package_says_that_it_is_typed(root: Path, package: str) -> None:
    (home,) = (
        found for found in (root, *map(root.joinpath, FOLDERS)) if (found / package).is_dir()
    )

    assert (home / package / "py.typed").is_file()


def test_the_core_imports_the_standard_library_and_attrs(root: Path) -> None:
    shipped_tests = root / "helpdesk_core" / "testing"
    modules = [it for it in modules_of(root / "helpdesk_core") if shipped_tests not in it.parents]
    foreign = {
        str(it): imported_by(it) - CORE_USES for it in modules if imported_by(it) - CORE_USES
    }

    assert foreign == {}


def test_the_shipped_tests_import_hypothesis_and_pytest_besides(root: Path) -> None:
    modules = modules_of(root / "helpdesk_core" / "testing")
    foreign = {name for module in modules for name in imported_by(module)} - TESTING_USES

    assert set() == foreign


def test_the_core_is_forbidden_whatever_the_project_depends_on(pyproject: dict[str, Any]) -> None:
    extras = pyproject["project"]["optional-dependencies"]
    wanted = {distribution_name(it) for name in extras for it in extras[name]}
    wanted -= {"helpdesk-core", "hypothesis", "pytest"}
    importable = {
        package
        for package, distributions in packages_distributions().items()
        if wanted & {name.lower() for name in distributions} and not package.startswith("_")
    }

    assert importable <= set(contract(pyproject, "The core knows")["forbidden_modules"])
