"""What a mail server's URL means, and what a wrong one is told."""

import pytest

from helpdesk_smtp import SmtpSettings, Tls


def settings_of(
    url: str, sender: str = "desk@example.com", public: str = "http://x"
) -> SmtpSettings:
    return SmtpSettings.from_url(url, sender=sender, public_url=public)


@pytest.mark.parametrize(
    ("url", "tls", "host", "port"),
    [
        ("smtp://mail.example.com", Tls.NONE, "mail.example.com", 25),
        ("smtp://mail.example.com/", Tls.NONE, "mail.example.com", 25),
        ("SMTP://Mail.example.com:2525", Tls.NONE, "mail.example.com", 2525),
        ("smtps://mail.example.com", Tls.IMPLICIT, "mail.example.com", 465),
        ("smtp+starttls://mail.example.com", Tls.STARTTLS, "mail.example.com", 587),
        ("smtp://[::1]:25", Tls.NONE, "::1", 25),
    ],
)
def test_the_scheme_says_how_the_connection_is_protected(
    url: str, tls: Tls, host: str, port: int
) -> None:
    settings = settings_of(url)

    assert (tls, host, port) == (settings.tls, settings.host, settings.port)


def test_user_and_password_are_percent_decoded() -> None:
    settings = settings_of("smtp://desk%40example.com:a%3Ab%2Fc@localhost")

    assert ("desk@example.com", "a:b/c") == (settings.user, settings.password)


def test_without_a_user_nobody_signs_in() -> None:
    settings = settings_of("smtp://localhost")

    assert (None, None) == (settings.user, settings.password)


def test_the_password_is_not_shown() -> None:
    assert "sesame" not in repr(settings_of("smtp://desk:sesame@localhost"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sesame",
        "mail.example.com:25",
        "http://desk:sesame@localhost",
        "smtp:desk:sesame@localhost",
        "smtp://",
        "smtp://desk:sesame@",
        "smtp://desk:sesame@:25",
        "smtp://desk:sesame@localhost:port",
        "smtp://desk:sesame@localhost:0",
        "smtp://desk:sesame@localhost:99999",
        "smtp://desk:sesame@[::1",
        "smtp://desk:sesame@localhost/path",
        "smtp://desk:sesame@localhost?timeout=3",
        "smtp://desk:sesame@localhost#part",
        "smtp://desk@localhost",
        "smtp://:sesame@localhost",
        "smtp://desk:sesam%C3%A9@localhost",
        "smtp://desk:sesame%0D%0A@localhost",
        "smtp://desk:sesame@local\nhost",
        "smtp://desk:sesame@local host",
        "smtp://desk:sesame@\u2100",
    ],
)
def test_a_wrong_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server's URL|user and the password") as refused:
        settings_of(url)

    assert "sesam" not in str(refused.value)


@pytest.mark.parametrize("sender", ["", "desk", "Desk <desk@example.com>", "jü@example.com"])
def test_a_sender_that_is_not_a_plain_address_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="the sender must be one e-mail address in ASCII"):
        settings_of("smtp://localhost", sender=sender)


def test_a_sender_s_domain_goes_by_its_ascii_form() -> None:
    assert "desk@xn--bcher-kva.example" == (
        settings_of("smtp://localhost", sender="desk@bücher.example").sender
    )


@pytest.mark.parametrize("public", ["", "desk.example.com", "ftp://x", "http://x\r\nBcc: y"])
def test_a_public_address_that_is_none_is_refused(public: str) -> None:
    with pytest.raises(ValueError, match="the public address must begin with http"):
        settings_of("smtp://localhost", public=public)


@pytest.mark.parametrize("deadline", [0, -1, 46, float("nan"), float("inf")])
def test_a_deadline_is_above_none_and_shorter_than_a_claim(deadline: float) -> None:
    with pytest.raises(ValueError, match="the deadline must be above 0 and at most 45 seconds"):
        SmtpSettings.from_url(
            "smtp://localhost", sender="a@example.com", public_url="http://x", deadline=deadline
        )


@pytest.mark.parametrize(
    ("public", "name"),
    [
        ("https://desk.example.com/help", "desk.example.com"),
        ("http://localhost:8000", "[127.0.0.1]"),
        ("http://192.0.2.1:8000", "[127.0.0.1]"),
        ("http://[2001:db8::1]", "[127.0.0.1]"),
        ("http://bücher.example", "[127.0.0.1]"),
    ],
)
def test_the_desk_greets_by_its_public_name_or_by_an_address(public: str, name: str) -> None:
    assert name == settings_of("smtp://localhost", public=public).greeting_name
