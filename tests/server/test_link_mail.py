"""Sign-in links go out from memory: soon, again when that fails, and never after their end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock
from uuid import UUID, uuid4

from structlog.testing import capture_logs

from helpdesk_core.ports import Delivery, DeliveryResult, Letter
from helpdesk_core.sign_ins import LinkMail
from helpdesk_core.testing.builders import NOW
from helpdesk_server.link_mail import MOST_WAITING, LinkMailer
from helpdesk_server.logs import log_named
from tests.server.conftest import comes_true

SENT = Delivery(result=DeliveryResult.SENT)
FAILED = Delivery(result=DeliveryResult.FAILED)
REFUSED = Delivery(result=DeliveryResult.REFUSED)


class Channel:
    """Tries each letter with the next of the outcomes, and sends all others."""

    def __init__(self, *outcomes: Delivery) -> None:
        self._outcomes = list(outcomes)
        self._lock = Lock()
        self.open = Event()
        self.open.set()
        self.tried: list[tuple[str, UUID, str]] = []

    def send(
        self,
        write: Callable[[], Letter],
        *,
        to: str,
        letter_id: UUID,
        at: datetime,  # the channel's
    ) -> Delivery:
        self.open.wait()
        with self._lock:
            self.tried.append((to, letter_id, write().text))
            return self._outcomes.pop(0) if self._outcomes else SENT


def words_of(mail: LinkMail) -> Letter:
    return Letter(subject="", text=mail.secret, html="")


def mailer(channel: Channel, *, now: Callable[[], datetime] = lambda: NOW) -> LinkMailer:
    return LinkMailer(
        channel, words_of, now=now, new_id=uuid4, log=log_named("test"), pauses=(0.001,)
    )


def a_mail(number: int = 0) -> LinkMail:
    return LinkMail(
        email=f"somebody.{number}@example.org",
        secret=f"secret {number}",
        language="en",
        asked_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )


def test_a_mail_goes_out_with_its_link() -> None:
    channel = Channel()
    mailer(channel).send(a_mail())

    assert comes_true(lambda: bool(channel.tried))
    [(to, _, text)] = channel.tried
    assert ("somebody.0@example.org", "secret 0") == (to, text)


def test_what_failed_is_tried_again_under_the_same_id() -> None:
    channel = Channel(FAILED, FAILED)
    mailer(channel).send(a_mail())

    assert comes_true(lambda: 3 == len(channel.tried))
    assert 1 == len({letter_id for _, letter_id, _ in channel.tried})


def test_what_was_refused_is_not_tried_again_and_the_log_names_nobody() -> None:
    channel = Channel(REFUSED)
    with capture_logs() as lines:
        mailer(channel).send(a_mail())
        assert comes_true(lambda: bool(lines))

    assert 1 == len(channel.tried)
    assert ["sign-in link not mailed"] == [line["event"] for line in lines]
    assert "somebody" not in str(lines)


def test_nothing_is_tried_again_after_the_end_of_its_link() -> None:
    channel = Channel(FAILED)
    with capture_logs() as lines:
        mailer(channel, now=lambda: NOW + timedelta(minutes=15)).send(a_mail())
        assert comes_true(lambda: bool(lines))

    assert 1 == len(channel.tried)


def test_sending_waits_for_nobody_and_what_is_too_much_is_lost() -> None:
    channel = Channel()
    channel.open.clear()
    post = mailer(channel)
    with capture_logs() as lines:
        for number in range(MOST_WAITING + 5):
            post.send(a_mail(number))
    channel.open.set()

    assert comes_true(lambda: MOST_WAITING <= len(channel.tried))
    assert 4 <= len(lines) <= 5
    assert {"too many wait"} == {line["reason"] for line in lines}


def test_a_mail_that_comes_after_a_rest_goes_out_too() -> None:
    channel = Channel()
    post = mailer(channel)
    for number in range(3):
        post.send(a_mail(number))
        assert comes_true(lambda: number + 1 == len(channel.tried))  # noqa: B023  # used at once
