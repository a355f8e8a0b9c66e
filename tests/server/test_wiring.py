"""The parts of a desk, put together as `serve` does, and know one another."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from structlog.testing import capture_logs

from helpdesk_core.intake import RawIntake
from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, MailOutcome, MailStatus
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.intake import list_intake_options, submit_ticket
from helpdesk_letters import Letters
from helpdesk_server.console import console_of
from helpdesk_server.sample import directory_document
from helpdesk_server.serving import raise_descriptor_limit
from helpdesk_server.settings import from_environ
from helpdesk_server.wiring import Desk, new_id, now, plug
from helpdesk_sql import upgrade

PATIENCE = 10.0  # seconds until a test has failed
LONG = "10"  # seconds a courier waits; no test does
QUEUED = MailOutcome(
    status=MailStatus.SKIPPED, reason="The mail is queued and will be sent shortly"
)


class MailServer:
    """Answers each mail with a result, once the gate is open."""

    def __init__(self, result: DeliveryResult = DeliveryResult.SENT) -> None:
        self.result = result
        self.reached = Event()
        self.gate = Event()
        self.gate.set()

    def deliver(self, notice: Notice) -> Delivery:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        return Delivery(result=self.result, reason=f"<{notice.recipient}> unknown")


@pytest.fixture
def mail_server() -> MailServer:
    return MailServer()


@pytest.fixture
def desk(database: str, mail_server: MailServer) -> Iterator[Desk]:
    """A desk of two threads that holds the sample directory, and delivers."""
    upgrade(database)
    environ = {
        "HELPDESK_DATABASE_URL": database,
        "HELPDESK_THREADS": "2",
        "HELPDESK_MAIL_WAIT": LONG,
    }
    desk = plug(from_environ(environ), notifiers={Channel.MAIL: mail_server})
    load_directory(desk.ports, directory_document())
    assert desk.delivery
    desk.delivery.start()
    yield desk
    mail_server.gate.set()
    assert desk.delivery.stop(within=PATIENCE)
    desk.close()


def submit(desk: Desk) -> MailOutcome | None:
    """Submit a ticket that names an agent; answers with what is said of the mail."""
    option = list_intake_options(desk.ports).departments[0]
    raw = RawIntake(
        dept_id=str(option.department.id),
        kpi_type_id=str(option.kpi_types[0].id),
        user_id=str(option.members[0].id),
        ticket_date="2026-05-22",
        description="The printer is on fire",
        created_by_name="Ana",
        created_by_email="ana@example.com",
    )
    return submit_ticket(desk.ports, raw).mail


def test_a_submission_hears_that_its_mail_was_sent(desk: Desk) -> None:
    assert MailOutcome(status=MailStatus.SENT) == submit(desk)


def test_a_mail_that_fails_is_an_error_and_a_line_that_names_nobody(
    desk: Desk, mail_server: MailServer
) -> None:
    mail_server.result = DeliveryResult.FAILED

    with capture_logs() as lines:
        outcome = submit(desk)

    assert outcome
    assert MailStatus.ERROR is outcome.status
    assert [("not delivered", "mail", "failed")] == [
        (line["event"], line["channel"], line["result"]) for line in lines
    ]
    assert "example.com" not in str(lines)


def test_half_of_the_threads_may_wait_for_their_mail(desk: Desk, mail_server: MailServer) -> None:
    mail_server.gate.clear()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(submit, desk)
        assert mail_server.reached.wait(PATIENCE)

        second = pool.submit(submit, desk).result(timeout=PATIENCE / 2)
        mail_server.gate.set()

    assert (QUEUED, MailOutcome(status=MailStatus.SENT)) == (second, first.result())


def test_without_channels_nothing_is_delivered_and_that_is_said(database: str) -> None:
    upgrade(database)
    desk = plug(from_environ({"HELPDESK_DATABASE_URL": database}))
    load_directory(desk.ports, directory_document())
    outcome = submit(desk)
    desk.close()

    assert desk.delivery is None
    assert MailOutcome(status=MailStatus.SKIPPED, reason="No mail server is configured") == outcome


def test_ids_are_of_their_moment_and_never_twice() -> None:
    ids = {new_id() for _ in range(1000)}

    assert 1000 == len(ids)
    assert {7} == {each.version for each in ids}
    assert new_id().int >> 80 <= int(now().timestamp() * 1000)


def test_the_process_may_open_as_many_sockets_as_the_system_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        raise_descriptor_limit()
        raised, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert min(hard, 65_536) == raised


def printed(channel: Channel, recipient: str, text: str) -> tuple[Delivery, str]:
    """What comes of a notice on the terminal, and what is shown there."""
    shown: list[str] = []
    console = console_of(Letters(public_url="http://localhost:8000"), shown.append)
    notice = a_notice(
        channel=channel, recipient=recipient, facts={"department": "IT", "text": text}
    )
    return console[channel].deliver(notice), "".join(shown)


def test_a_mail_on_the_terminal_is_whole() -> None:
    delivery, shown = printed(Channel.MAIL, "ann@example.com", "The printer\nis on fire")

    assert DeliveryResult.SENT is delivery.result
    assert shown.startswith("Mail:\n  | To: ann@example.com\n  | Subject: ")
    assert "The printer\n" in shown
    assert "is on fire\n" in shown


@pytest.mark.parametrize(
    ("channel", "recipient", "heading"),
    [
        (Channel.SMS, "+62215550100", "Text message:"),
        (Channel.WEBHOOK, "terminal", "Webhook:"),
    ],
)
def test_every_channel_can_be_printed(channel: Channel, recipient: str, heading: str) -> None:
    delivery, shown = printed(channel, recipient, "The printer is on fire")

    assert DeliveryResult.SENT is delivery.result
    assert shown.startswith(f"{heading}\n  | To: {recipient}\n")
    assert 4 <= len(shown.splitlines()[2])


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.WEBHOOK])
def test_a_notice_on_the_terminal_commands_it_nothing(channel: Channel) -> None:
    _, shown = printed(channel, "ann@example.com", "\x1b[2J\x9b2Jgone")

    assert "gone" in shown
    assert {"\n"} == {sign for sign in shown if not sign.isprintable()}


def test_a_mail_to_no_address_is_refused_on_the_terminal_too() -> None:
    delivery, shown = printed(Channel.MAIL, "nobody", "text")

    assert (DeliveryResult.REFUSED, "") == (delivery.result, shown)
