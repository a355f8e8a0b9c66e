"""The channels that the settings open, and whom they reach."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.ports import Delivery, DeliveryResult, Notifier
from helpdesk_core.routing import CONTRACT_ROUTING, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_server.channels import (
    addressees_of,
    letters_of,
    not_served,
    notifiers_of,
    routing_of,
)
from helpdesk_server.settings import WrongSettings, from_environ

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ALL = {
    "SMTP_URL": "smtp://mail.example.com",
    "SMS_URL": "https://gateway.example.com/send",
    "WEBHOOK_URLS": "crm=https://crm.example.com/hook",
    "WEBHOOK_SECRET": SECRET,
}


def opened(**settings: str) -> Mapping[Channel, Notifier]:
    given = from_environ({f"HELPDESK_{name}": it for name, it in settings.items()})
    return notifiers_of(given, letters_of(given))


def faults_of(**settings: str) -> tuple[str, ...]:
    with pytest.raises(WrongSettings) as raised:
        _ = opened(**settings)
    return raised.value.faults


def test_without_settings_no_channel_is_open() -> None:
    assert {} == opened()


def test_each_channel_is_opened_by_its_setting() -> None:
    assert set(Channel) == opened(**ALL).keys()


@pytest.mark.parametrize(
    ("wrong", "begins"),
    [
        ({"SMTP_URL": "smtp://u@mail.example.com"}, "HELPDESK_SMTP_URL: "),
        ({"SMS_URL": "https://gateway.example.com/#x"}, "HELPDESK_SMS_URL: "),
        ({"SMS_BODY": "{"}, "HELPDESK_SMS_URL: the body is not JSON"),
        ({"SMS_METHOD": "GET"}, "HELPDESK_SMS_URL: {to} stands neither"),
        ({"SMS_HEADERS": "Host: x"}, "HELPDESK_SMS_URL: a header has a name"),
        ({"WEBHOOK_SECRET": ""}, "HELPDESK_WEBHOOK_SECRET: an endpoint needs a secret"),
        ({"WEBHOOK_SECRET": "hunter2"}, "HELPDESK_WEBHOOK_SECRET: a secret is whsec_"),
        ({"WEBHOOK_URLS": "http://crm.example.com"}, "HELPDESK_WEBHOOK_URLS: endpoint"),
        ({"WEBHOOK_URLS": "https://127.0.0.1/"}, "HELPDESK_WEBHOOK_URLS: endpoint"),
        (
            {"WEBHOOK_URLS": "https://desk.example.com", "PUBLIC_URL": "https://desk.example.com"},
            "HELPDESK_WEBHOOK_URLS: endpoint 'desk.example.com': the host is the desk itself",
        ),
    ],
)
def test_a_channel_that_cannot_be_opened_is_one_line(wrong: dict[str, str], begins: str) -> None:
    (fault,) = faults_of(**{**ALL, **wrong})

    assert fault.startswith(begins)
    assert "hunter2" not in fault


def test_private_endpoints_are_opened_when_they_are_allowed() -> None:
    private = {"WEBHOOK_URLS": "http://127.0.0.1:9000/", "WEBHOOK_ALLOW_PRIVATE": "yes"}

    assert Channel.WEBHOOK in opened(**{**ALL, **private})


def test_several_secrets_are_taken_while_they_are_changed() -> None:
    assert Channel.WEBHOOK in opened(**{**ALL, "WEBHOOK_SECRET": f"{SECRET}, {SECRET}"})


def test_the_desk_s_own_addresses_are_those_of_the_settings() -> None:
    environ = {
        "HELPDESK_STAFF_MAIL": "staff@example.com",
        "HELPDESK_MANAGEMENT_MAIL": "boss@example.com",
        "HELPDESK_MAIL_FROM": "desk@example.com",
        "HELPDESK_WEBHOOK_URLS": "crm=https://crm.example.com,https://erp.example.com/x?y=z",
        "HELPDESK_LANGUAGE": "id",
    }
    found = addressees_of(from_environ(environ), ())

    assert ("staff@example.com", "boss@example.com", "id") == (
        found.staff_mail,
        found.management_mail,
        found.language,
    )
    assert ({"desk@example.com"}, ("crm", "erp.example.com")) == (set(found.own), found.systems)


def channels_in(routing: Mapping[Door, Mapping[EventKind, tuple[object, ...]]]) -> set[str]:
    return {
        route.channel.value
        for routes in CONTRACT_ROUTING.values()
        for told in routes.values()
        for route in told
        if any(route in kept for each in routing.values() for kept in each.values())
    }


def test_without_a_gateway_no_text_message_is_kept_for_later() -> None:
    assert {"mail", "webhook"} == channels_in(routing_of({Channel.MAIL}))


def test_with_a_gateway_the_table_is_the_contract_s() -> None:
    assert CONTRACT_ROUTING == routing_of(Channel)


def test_what_is_not_served_here_waits_for_another_process() -> None:
    assert {"mail"} == not_served({Channel.SMS, Channel.WEBHOOK})


def test_a_channel_of_one_s_own_is_one_class() -> None:
    class Pager:
        def deliver(self, _notice: object) -> Delivery:
            return Delivery(result=DeliveryResult.SENT)

    pager: Notifier = Pager()

    assert DeliveryResult.SENT is pager.deliver(a_notice()).result


def test_templates_of_one_s_own_are_found(tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_text("{{ nonsense }}")
    settings = from_environ({"HELPDESK_TEMPLATES": str(tmp_path)})

    assert any("nonsense" in fault for fault in letters_of(settings).check())
