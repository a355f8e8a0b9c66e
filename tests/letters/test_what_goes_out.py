"""What a whole desk's letters say: every notice of a case's life, and of a ticket's, written."""

from typing import Final

import attrs
import pytest

from helpdesk_core.cases import RawCase
from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.support import Urgency
from helpdesk_core.testing.builders import NOW, a_directory, a_raw_intake, staff
from helpdesk_core.testing.directories import ACTIVE_AGENT, OTHER_AGENT
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.cases import RawKey, cancel_case, escalate_case, submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawAssignment, RawUpdate, assign_ticket, update_ticket
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_letters import Letters
from helpdesk_memory import MemoryDesk

LETTERS: Final = Letters(public_url="https://desk.example.com")
TYPED: Final = "CANARY <b>https://evil.example</b>"
SAID: Final = "Please try again."


@pytest.fixture
def desk() -> MemoryDesk:
    desk = MemoryDesk(NOW)
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()
    return desk


def a_case_s_life(desk: MemoryDesk) -> None:
    """Opened, assigned twice, answered, noted, escalated and cancelled."""
    raw = RawCase(
        name=TYPED,
        email="ana@example.com",
        organization=TYPED,
        client_or_project_name=TYPED,
        subject=TYPED,
        message=TYPED,
        urgency=Urgency.HIGH.value,
    )
    ticket = submit_case(desk.ports, raw)
    for agent in (ACTIVE_AGENT, OTHER_AGENT):
        assign_ticket(desk.ports, target_of(ticket), RawAssignment(staff_id=str(agent)), staff())
    for update in (
        RawUpdate(message=SAID, status_change="IN_PROGRESS"),
        RawUpdate(message="A NOTE", is_internal=True),
        RawUpdate(message="A NOTE", is_internal=True, status_change="WAITING"),
    ):
        update_ticket(desk.ports, target_of(ticket), update, staff())
    assert ticket.case is not None
    key = RawKey(case_number=ticket.case.number)
    escalate_case(desk.ports, key, TYPED)
    cancel_case(desk.ports, key, TYPED)


def target_of(ticket: Ticket) -> Target:
    assert ticket.case is not None
    return Target(number=ticket.case.number)


def told(desk: MemoryDesk, channel: Channel) -> list[Notice]:
    found = desk.outbox.recent(limit=1000, channel=channel)
    return [standing.notice for standing in found]


def test_a_stranger_s_words_go_to_no_customer_and_into_no_text_message(desk: MemoryDesk) -> None:
    a_case_s_life(desk)
    mails = [it for it in told(desk, Channel.MAIL) if it.audience is Audience.CUSTOMER]
    letters = [attrs.astuple(LETTERS.write(notice)) for notice in mails]
    texts = [LETTERS.text_message(notice) for notice in told(desk, Channel.SMS)]

    assert len(letters) >= 5
    assert "CANARY" not in str(letters) + str(texts)
    assert "evil" not in str(letters) + str(texts)


def test_customers_read_what_staff_told_them_and_no_note(desk: MemoryDesk) -> None:
    a_case_s_life(desk)
    mails = [it for it in told(desk, Channel.MAIL) if it.audience is Audience.CUSTOMER]
    letters = [LETTERS.write(notice).text for notice in mails]

    assert 1 == sum(f"> {SAID}" in letter for letter in letters)
    assert "NOTE" not in str(letters)


def test_staff_read_what_was_typed_as_a_quotation_and_as_no_element(desk: MemoryDesk) -> None:
    a_case_s_life(desk)
    mails = [it for it in told(desk, Channel.MAIL) if it.audience is not Audience.CUSTOMER]
    letters = [LETTERS.write(notice) for notice in mails]

    assert any(f"> {TYPED}" in letter.text for letter in letters)
    assert not any("<b>" in letter.html for letter in letters)
    assert not any("CANARY" in letter.subject for letter in letters)


def test_a_ticket_s_agent_reads_what_was_typed(desk: MemoryDesk) -> None:
    raw = a_raw_intake(a_directory(), description=TYPED)
    submit_ticket(desk.ports, attrs.evolve(raw, user_id=str(ACTIVE_AGENT)))
    (notice,) = told(desk, Channel.MAIL)
    letter = LETTERS.write(notice)

    assert f"\n> {TYPED}\n" in letter.text
    assert "assigned to you" in letter.subject
