"""Who vouches for people, as the settings have it."""

from datetime import UTC, datetime

import pytest

from helpdesk_oidc import Registration
from helpdesk_server.providers import look_at_providers, open_providers, registrations_of
from helpdesk_server.settings import Settings, WrongSettings, from_environ

GOOGLE = "https://accounts.google.com"
ELSEWHERE = "https://sso.example.org/realms/staff"
ONE = {"ISSUER": GOOGLE, "CLIENT_ID": "desk", "CLIENT_SECRET": "hunter2,a=b"}
TWO = {
    "ISSUER": f"google={GOOGLE}\nstaff={ELSEWHERE}",
    "CLIENT_ID": "staff=desk\ngoogle=123.apps.example",
    "CLIENT_SECRET": "google=hunter2\nstaff=hunter2=,",
}


def now() -> datetime:
    return datetime.now(UTC)


def settings_of(given: dict[str, str], **others: str) -> Settings:
    named = {f"HELPDESK_OIDC_{name}": it for name, it in given.items()}
    return from_environ(named | {f"HELPDESK_{name}": it for name, it in others.items()})


def read(given: dict[str, str], **others: str) -> tuple[Registration, ...]:
    return registrations_of(settings_of(given, **others))


def test_without_an_issuer_nobody_vouches_for_anybody() -> None:
    assert () == open_providers(settings_of({}), now=now)


def test_one_issuer_needs_no_name() -> None:
    (google,) = read(ONE, PUBLIC_URL="https://desk.example.com/")

    assert google == Registration(
        key="oidc",
        name="Google",
        issuer=GOOGLE,
        client_id="desk",
        client_secret="hunter2,a=b",
        redirect_uri="https://desk.example.com/auth/callback",
    )


def test_several_issuers_are_told_apart_by_their_names() -> None:
    found = [(it.key, it.name, it.client_id, it.client_secret) for it in read(TWO)]

    assert [
        ("google", "Google", "123.apps.example", "hunter2"),
        ("staff", "sso.example.org", "desk", "hunter2=,"),
    ] == found


def test_a_secret_may_be_missing_for_one_of_several() -> None:
    secrets = [it.client_secret for it in read(TWO | {"CLIENT_SECRET": "staff=hunter2"})]

    assert [None, "hunter2"] == secrets


def test_an_issuer_is_called_what_the_operator_says() -> None:
    names = [it.name for it in read(TWO | {"NAME": "staff=Our people"})]

    assert ["Google", "Our people"] == names


def test_people_may_be_let_in_by_their_domain() -> None:
    (google,) = read(ONE | {"DOMAINS": "Example.org, example.net"})

    assert {"example.org", "example.net"} == google.domains


def test_an_issuer_keeps_every_letter_of_its_name() -> None:
    (issuer,) = read(ONE | {"ISSUER": "https://tenant.example.com/"})

    assert "https://tenant.example.com/" == issuer.issuer


def test_an_issuer_within_ones_own_networks_has_to_be_allowed() -> None:
    given = ONE | {"ISSUER": "http://127.0.0.1:8080/realms/desk"}

    assert 1 == len(read(given | {"ALLOW_PRIVATE": "yes"}))


@pytest.mark.parametrize(
    ("wrong", "begins"),
    [
        ({"ISSUER": "http://sso.example.org"}, "HELPDESK_OIDC_ISSUER: http://sso.example.org: the"),
        ({"ISSUER": "https://127.0.0.1"}, "HELPDESK_OIDC_ISSUER: https://127.0.0.1: the host"),
        ({"ISSUER": f"Staff={ELSEWHERE}"}, f"HELPDESK_OIDC_ISSUER: {ELSEWHERE}: a provider's key"),
        ({"CLIENT_ID": ""}, f"HELPDESK_OIDC_CLIENT_ID: there is none for {GOOGLE}"),
        ({"CLIENT_ID": "a\nb"}, "HELPDESK_OIDC_CLIENT_ID must be one value, or a line for each"),
        ({"CLIENT_SECRET": "hunter2\nb"}, "HELPDESK_OIDC_CLIENT_SECRET must be one value"),
        ({"CLIENT_SECRET": "hünter2"}, f"HELPDESK_OIDC_ISSUER: {GOOGLE}: a client secret is"),
        ({"DOMAINS": "@example.org"}, f"HELPDESK_OIDC_ISSUER: {GOOGLE}: a domain is written"),
    ],
)
def test_what_cannot_be_used_is_one_line(wrong: dict[str, str], begins: str) -> None:
    with pytest.raises(WrongSettings) as raised:
        _ = read(ONE | wrong)
    (fault,) = raised.value.faults

    assert fault.startswith(begins), fault
    assert "nter2" not in fault


@pytest.mark.parametrize("name", ["CLIENT_ID", "CLIENT_SECRET", "DOMAINS", "NAME"])
def test_one_value_is_not_shared_by_several_issuers(name: str) -> None:
    with pytest.raises(WrongSettings, match=f"HELPDESK_OIDC_{name} must be one value, or a line"):
        _ = read(TWO | {name: "hunter2"})


@pytest.mark.parametrize(
    "wrong", ["sso.example.org", "ftp://sso.example.org", f"a={GOOGLE}\na={ELSEWHERE}"]
)
def test_what_is_no_issuer_is_not_taken(wrong: str) -> None:
    with pytest.raises(WrongSettings, match=r"^HELPDESK_OIDC_ISSUER must be"):
        _ = settings_of({"ISSUER": wrong})


def test_the_secret_is_not_shown() -> None:
    settings = settings_of(ONE)

    assert "hunter2" not in f"{settings!r}{registrations_of(settings)!r}"


def test_a_look_says_why_an_issuer_cannot_be_used() -> None:
    away = ONE | {"ISSUER": "http://127.0.0.1:9", "ALLOW_PRIVATE": "yes"}

    with pytest.raises(WrongSettings, match=r"127\.0\.0\.1: 127\.0\.0\.1: connecting: "):
        _ = look_at_providers(settings_of(away), now=now)
