"""One URL and a few options say how a gateway wants to be asked; what makes no sense is refused."""

from typing import Any

import pytest

from helpdesk_sms import Media, SmsSettings

URL = "https://gateway.example.com/send"


@pytest.mark.parametrize(
    ("url", "options", "fault"),
    [
        ("ftp://gateway.example.com/", {}, "begins with neither"),
        ("gateway.example.com", {}, "names no host"),
        ("https://[::1/", {}, "cannot be understood"),
        ("https://169.254.169.254/", {}, "nothing is sent to"),
        ("https://2130706433/", {}, "nothing is sent to"),
        ("https://gateway.example.com/ x", {}, "without spaces"),
        (URL, {"method": "DELETE"}, "the method is none of"),
        (URL, {"method": "GET"}, "stands neither"),
        (URL, {"method": "GET", "body": "{}"}, "a GET has no body"),
        (URL, {"body": "{"}, "not JSON"),
        (URL, {"body": "[" * 100_000}, "not JSON"),
        (URL, {"body": '{"to": "{to}"}'}, "{text} stands neither"),
        (URL, {"body": '{"text": "{text}"}'}, "{to} stands neither"),
        (URL, {"body": '{"{to}": "{text}"}'}, "{to} stands neither"),
        (URL, {"body": '["{to}", "{text}", "{from}"]'}, "{from} is none of"),
        (URL, {"body": "to {to}", "media": Media.FORM}, "the form is not"),
        (URL, {"headers": {"X Key": "y"}}, "a name that it cannot have"),
        (URL, {"headers": {"Host": "y"}}, "a name that it cannot have"),
        (URL, {"headers": {"X-Key": "sesame\r\nX: y"}}, "header X-Key is not printable"),
        (URL, {"headers": {"X-Key": "sésame"}}, "header X-Key is not printable"),
        (URL, {"headers": {"X-Key": ""}}, "header X-Key is not printable"),
        (URL, {"id_header": "Content-Length"}, "a name that it cannot have"),
        (URL, {"deadline": 0}, "the deadline must be"),
        (URL, {"deadline": 46}, "the deadline must be"),
    ],
)
def test_what_makes_no_sense_is_refused(url: str, options: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # what it says is compared
        SmsSettings.from_url(url, **options)

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["https://desk:sesame@/", "https://desk:sesame@gateway.example.com:99999/", "desk:sesame@x"],
)
def test_a_refusal_repeats_no_password(url: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # what it says is compared
        SmsSettings.from_url(url)

    assert "sesame" not in str(refused.value)


def test_settings_never_show_a_password() -> None:
    url = "https://desk:sesame@gateway.example.com/p4th?key=k3y"
    body = '["{to}", "{text}", "b0dy"]'
    settings = SmsSettings.from_url(url, headers={"X-Key": "t0ken"}, body=body)

    assert not any(
        secret in repr(settings) for secret in ("sesame", "ZGVz", "t0ken", "k3y", "b0dy", "p4th")
    )


@pytest.mark.parametrize(
    "url", ["http://10.0.0.5:8080/sms", "http://gateway:3000/", "http://[::1]/"]
)
def test_a_gateway_may_stand_within_ones_own_networks(url: str) -> None:
    assert SmsSettings.from_url(url).target.host


def test_a_form_has_the_usual_fields_unless_told() -> None:
    body = SmsSettings.from_url(URL, media=Media.FORM).body
    assert body is not None

    assert {"to", "text", "id"} == body.names
