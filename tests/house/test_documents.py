"""What the documents say is what there is."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_core.use_cases.directory import load_directory
from helpdesk_memory import MemoryDesk

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def test_what_ci_runs_is_readmes_test_command(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^python3 .*/nox$", readme, re.MULTILINE)

    assert f"{{ {command}; }}" in (root / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_link_leads_somewhere(root: Path, document: str) -> None:
    links = LINK.findall((root / document).read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (root / link).exists()]


@pytest.fixture
def directory(root: Path) -> dict[str, Any]:
    """The example that README loads and the page about the directory file shows."""
    example = root / "docs" / "programs" / "desk.toml"
    return tomllib.loads(example.read_text(encoding="utf-8"))


def test_the_example_of_a_directory_file_loads_once(directory: dict[str, Any]) -> None:
    desk = MemoryDesk(datetime(2026, 5, 22, tzinfo=UTC))
    _ = load_directory(desk.ports, directory)

    assert () == load_directory(desk.ports, directory)


def test_the_example_of_a_directory_file_has_every_part(directory: dict[str, Any]) -> None:
    parts = {
        *("countries", "calendars", "departments", "agents"),
        *("kpiGroups", "kpiTypes", "policies"),
    }

    assert parts == set(directory)
