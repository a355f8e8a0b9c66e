"""The programs that the how-tos show do what they say."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django_desk import create_application
from flask.testing import FlaskClient
from flask_desk import create_flask_app
from sql_ports import sql_ports
from werkzeug.test import Client

from helpdesk_core import RawIntake, User, read_status, submit_ticket
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_memory import MemoryDesk

DEPARTMENT, KIND = str(UUID(int=1 << 64)), str(UUID(int=2 << 64))
DIRECTORY: dict[str, object] = {
    "countries": [{"key": "id", "name": "Indonesia", "abbreviation": "ID"}],
    "departments": [
        {"id": DEPARTMENT, "key": "it", "name": "IT", "abbreviation": "IT", "country": "id"}
    ],
    "agents": [{"email": "rani@example.com", "name": "Rani", "departments": ["it"]}],
    "kpiGroups": [{"key": "service", "name": "Service"}],
    "kpiTypes": [
        {
            "id": KIND,
            "key": "incident",
            "name": "Incident",
            "group": "service",
            "rule": "rr",
            "departments": ["it"],
            "parameters": {"responseSlaMin": 15, "resolutionSlaMin": 240},
        }
    ],
}
FORM = {
    "department": DEPARTMENT,
    "kind": KIND,
    "date": "2026-05-22",
    "description": "The printer hums",
    "name": "Budi",
    "email": "budi@example.com",
}
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}
BUDI = User(id=UUID(int=3 << 64), name="Budi", email="budi@example.com")


def a_desk() -> MemoryDesk:
    desk = MemoryDesk(datetime(2026, 5, 22, 5, 5, tzinfo=UTC))
    _ = load_directory(desk.ports, DIRECTORY)
    return desk


class TestFlask:
    @pytest.fixture
    def desk(self) -> MemoryDesk:
        return a_desk()

    @pytest.fixture
    def client(self, desk: MemoryDesk) -> FlaskClient:
        return create_flask_app(desk.ports, {"budi": BUDI}, "sample").test_client()

    def test_a_form_becomes_a_ticket_that_its_page_shows(self, client: FlaskClient) -> None:
        page = client.post("/support", data=FORM, follow_redirects=True)

        assert "The printer hums" in page.text

    def test_who_is_signed_in_is_the_submitter(self, client: FlaskClient, desk: MemoryDesk) -> None:
        with client.session_transaction() as session:
            session["user"] = "budi"

        _ = client.post("/support", data=FORM)

        assert [BUDI.id] == [ticket.submitted_by for ticket in desk.store.tickets.values()]

    def test_a_refusal_is_an_answer(self, client: FlaskClient) -> None:
        answer = client.post("/support", data=FORM | {"description": " "})

        assert (400, {"error": "Description is required"}) == (answer.status_code, answer.json)

    def test_the_api_is_mounted_beside_the_pages(self, client: FlaskClient) -> None:
        options = client.get("/desk/api/intake/options")

        assert ["IT"] == [department["name"] for department in options.get_json()["departments"]]


class TestDjango:
    @pytest.fixture(scope="class")
    @classmethod
    def client(cls) -> Client:
        """One program for all tests: Django can be configured once in a process."""
        application = create_application(a_desk().ports, "sample")
        return Client(lambda environ, start: application(environ | LOCAL, start))

    def test_a_form_becomes_a_ticket_that_its_page_shows(self, client: Client) -> None:
        ticket = client.post("/support", data=FORM).get_json()
        page = client.get(f"/support/{ticket['id']}").get_json()

        assert {"description": "The printer hums", "messages": []} == page

    def test_a_refusal_is_an_answer(self, client: Client) -> None:
        answer = client.post("/support", data=FORM | {"description": " "})

        assert (400, {"error": "Description is required"}) == (
            answer.status_code,
            answer.get_json(),
        )

    def test_a_stranger_may_not_write_on_a_ticket(self, client: Client) -> None:
        ticket = client.post("/support", data=FORM).get_json()
        answer = client.post(f"/support/{ticket['id']}/messages", data={"body": "Still humming"})

        assert 401 == answer.status_code

    def test_the_api_stands_beside_the_pages(self, client: Client) -> None:
        options = client.get("/api/intake/options")

        assert ["IT"] == [department["name"] for department in options.get_json()["departments"]]


def test_a_desk_in_a_file_holds_what_another_process_left(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.sqlite3'}"
    _ = load_directory(sql_ports(url), DIRECTORY)
    raw = RawIntake(
        dept_id=DEPARTMENT,
        kpi_type_id=KIND,
        ticket_date="2026-05-22",
        description="The printer hums",
        created_by_name="Budi",
        created_by_email="budi@example.com",
    )
    ticket = submit_ticket(sql_ports(url), raw).ticket

    assert ticket == read_status(sql_ports(url), ticket.id).ticket
