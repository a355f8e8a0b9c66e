"""The probes' exact answers, and who may read what was counted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from helpdesk_core.people import Role
from helpdesk_http import Counted, Health, Probes, QueueSeen
from tests.http.conftest import PEOPLE, House, uuid_of

NOON = datetime(2025, 1, 27, 15, 30, 0, 999_999, tzinfo=UTC)
WELL: Mapping[str, bool] = {"database": True, "notifications": True, "templates": True}


def probes(components: Mapping[str, bool] = WELL, **others: Any) -> Probes:  # noqa: ANN401
    return Probes(health=lambda: Health(at=NOON, components=components), version="1.2.3", **others)


def test_a_healthy_desk_answers_in_the_contracts_words(house: House) -> None:
    house.open(probes=probes())
    result = house.get("/health")

    assert 200 == result.status_code
    assert (
        b'{"status":"healthy","timestamp":"2025-01-27T15:30:00Z","service":"helpdesk",'
        b'"version":"1.2.3","components":{"database":"healthy","notifications":"healthy",'
        b'"templates":"healthy"}}'
    ) == result.content


@pytest.mark.parametrize("part", WELL)
def test_a_desk_with_an_unhealthy_part_is_unhealthy(house: House, part: str) -> None:
    house.open(probes=probes({**WELL, part: False}))
    result = house.get("/health")

    assert (503, "unhealthy", {**dict.fromkeys(WELL, "healthy"), part: "unhealthy"}) == (
        result.status_code,
        result.json["status"],
        result.json["components"],
    )


def test_nobody_keeps_how_a_desk_was(house: House) -> None:
    house.open(probes=probes())

    assert "no-store" == house.get("/health").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_probe_may_ask_without_a_body(house: House, path: str) -> None:
    house.open(probes=probes(reasons_against=tuple))
    result = house.ask("HEAD", path)

    assert (200, b"") == (result.status_code, result.content)


def test_a_ready_desk_has_no_reasons_against(house: House) -> None:
    queues = {"mail": QueueSeen(waiting=3, dead=1, oldest_due_seconds=7)}
    house.open(probes=probes(reasons_against=tuple, queues=lambda: queues))
    result = house.get("/ready")

    assert (
        200,
        b'{"ready":true,"reasons":[],"queues":{"mail":{"waiting":3,"dead":1,"oldestDueSeconds":7}}}',
    ) == (result.status_code, result.content)


def test_a_desk_that_is_not_ready_says_why(house: House) -> None:
    house.open(probes=probes(reasons_against=lambda: ("the server is stopping",)))
    result = house.get("/ready")

    assert (503, b'{"ready":false,"reasons":["the server is stopping"],"queues":{}}') == (
        result.status_code,
        result.content,
    )


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_without_probes_there_is_nothing_to_ask(house: House, path: str) -> None:
    assert 404 == house.get(path).status_code


@pytest.mark.parametrize("path", ["/ready", "/metrics"])
def test_who_is_given_health_alone_has_no_more(house: House, path: str) -> None:
    house.open(probes=probes())

    assert 404 == house.get(path).status_code


def counting() -> Probes:
    return probes(counted=lambda: Counted(text=b"tickets 1\n", content_type="text/plain; v=1"))


@pytest.mark.parametrize(
    ("person", "status"), [("", 401), ("customer", 403), ("agent", 403), ("manager", 200)]
)
def test_what_was_counted_is_for_those_who_may_read_metrics(
    house: House, monkeypatch: pytest.MonkeyPatch, person: str, status: int
) -> None:
    manager = attrs.evolve(PEOPLE["agent"], id=uuid_of("7"), role=Role.MANAGEMENT)
    monkeypatch.setitem(PEOPLE, "manager", manager)
    house.open(probes=counting())

    assert status == house.get("/metrics", person=person).status_code


def test_what_was_counted_is_text_of_its_own_type(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = attrs.evolve(PEOPLE["agent"], id=uuid_of("7"), role=Role.ADMIN)
    monkeypatch.setitem(PEOPLE, "admin", admin)
    house.open(probes=counting())
    result = house.get("/metrics", person="admin")

    assert ("text/plain; v=1", b"tickets 1\n") == (result.headers["Content-Type"], result.content)
