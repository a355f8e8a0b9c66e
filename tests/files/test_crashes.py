"""A process that is taken away leaves a whole file or none, and nothing that is not swept."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WHOLE = len(b"halfwhole")


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What was left when the process was killed before each line of `put`, the last time after."""
    script = Path(__file__).with_name("dying.py")
    folder = tmp_path_factory.mktemp("files")
    said = subprocess.run(
        [sys.executable, script, folder], capture_output=True, check=True, text=True, timeout=60
    )
    found: list[dict[str, Any]] = json.loads(said.stdout)
    return found


def test_a_file_is_whole_or_absent_at_every_point(points: list[dict[str, Any]]) -> None:
    assert {None, WHOLE} == {each["seen"] for each in points}


def test_every_state_of_the_folder_was_seen(points: list[dict[str, Any]]) -> None:
    """Nothing yet; half or whole under another name; under both; under its own."""
    names = {tuple(each["names"]) for each in points}

    assert {(), (".part",), ("", ".part"), ("",)} == names
    assert len(points) > 20


def test_whatever_is_left_is_listed_and_goes_when_it_is_removed(
    points: list[dict[str, Any]],
) -> None:
    assert [(bool(each["names"]), 0) for each in points] == [
        (each["listed"], each["after"]) for each in points
    ]


def test_the_last_one_was_not_killed_and_left_the_file_alone(points: list[dict[str, Any]]) -> None:
    last = points[-1]

    assert ([""], WHOLE) == (last["names"], last["seen"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What became of a desk that was killed at each point of attaching a file, and then swept."""
    script = Path(__file__).with_name("dying_desk.py")
    folder = tmp_path_factory.mktemp("desk")
    said = subprocess.run(
        [sys.executable, script, folder], capture_output=True, check=True, text=True, timeout=120
    )
    found: dict[str, int] = json.loads(said.stdout)
    return found


def test_a_ticket_never_has_a_file_without_its_bytes(desk: dict[str, int]) -> None:
    assert 10 < desk["points"]
    assert 1 < desk["rows"] < desk["points"]
    assert desk["rows"] == desk["whole"]


def test_a_sweep_takes_what_belongs_to_no_ticket_and_nothing_else(desk: dict[str, int]) -> None:
    assert 0 < desk["swept"]
    assert (desk["before"] - desk["rows"], desk["rows"]) == (desk["swept"], desk["left"])
