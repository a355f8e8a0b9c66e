"""What the operator may decide, and what is said when it cannot be."""

from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.case_numbers import Numbering, is_prefix
from helpdesk_core.visibility import Exposure
from helpdesk_server.setting_readers import LogFormat
from helpdesk_server.settings import WrongSettings, from_environ, unknown_settings

SECRETS = (
    "DATABASE_URL",
    "FILES_URL",
    "SMTP_URL",
    "SMS_URL",
    "SMS_HEADERS",
    "SMS_BODY",
    "WEBHOOK_URLS",
    "WEBHOOK_SECRET",
    "OIDC_CLIENT_SECRET",
    "RATE_LIMIT_STORAGE",
)
NAMES = (
    *SECRETS,
    "FILES_KEPT_DAYS",
    "HOST",
    "PORT",
    "THREADS",
    "PUBLIC_URL",
    "MAIL_FROM",
    "MAIL_WAIT",
    "STAFF_MAIL",
    "MANAGEMENT_MAIL",
    "SMS_METHOD",
    "SMS_MEDIA",
    "WEBHOOK_ALLOW_PRIVATE",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_DOMAINS",
    "OIDC_NAME",
    "OIDC_ALLOW_PRIVATE",
    "LANGUAGE",
    "TEMPLATES",
    "DELIVERY_THREADS",
    "TRUSTED_PROXY",
    "CASE_PREFIX",
    "CASE_NUMBERS",
    "CUSTOMERS_MAY_ATTACH",
    "EXPOSURE",
    "DATE_FORMAT",
    "LOG_FORMAT",
)
WRONG = {
    "DATABASE_URL": ("mysql://hunter2@h/d", "sqlite://", "sqlite:///:memory:", "postgresql://"),
    "FILES_URL": ("/hunter2", "http://hunter2@h/d", "s3:hunter2"),
    "FILES_KEPT_DAYS": ("0", "-1", "36501", "0.5", "never"),
    "PORT": ("65536", "-1", "1e3", "٣", "9" * 5000),
    "THREADS": ("0", "257", "four"),
    "PUBLIC_URL": (
        "desk.example.com",
        "ftp://x.example",
        "http://[::1",
        "http://u:hunter2@x.y",
        "http://a b",
    ),
    "SMTP_URL": ("mail.example.com", "http://hunter2@mail.example.com"),
    "MAIL_FROM": ("nobody", "ä@example.com", "a@example.com\nBcc: b@example.com"),
    "MAIL_WAIT": ("soon", "-1", "11", "nan", "inf"),
    "STAFF_MAIL": ("nobody",),
    "MANAGEMENT_MAIL": ("a@example.com, b@example.com",),
    "SMS_URL": ("gateway.example.com", "ftp://hunter2@gateway.example.com"),
    "SMS_METHOD": ("DELETE", "post"),
    "SMS_HEADERS": ("hunter2", "Authorization:", ": hunter2"),
    "SMS_MEDIA": ("xml",),
    "WEBHOOK_URLS": (
        "hunter2",
        "ftp://hunter2.example.com",
        "CRM=https://crm.example.com/hunter2",
        "https://a.example.com/hunter2,https://a.example.com/",
        "https://[::1/hunter2",
    ),
    "WEBHOOK_ALLOW_PRIVATE": ("true",),
    "LANGUAGE": ("de", "EN"),
    "TEMPLATES": ("/nowhere/at/all",),
    "DELIVERY_THREADS": ("0", "65"),
    "RATE_LIMIT_STORAGE": ("memcached://hunter2@h", "redis"),
    "TRUSTED_PROXY": ("proxy.example.com", "10.0.0.0/33", "10.0.0.1 10.0.0.2"),
    "CASE_PREFIX": ("cw", "C-W", "C" * 17, "É", "٣"),
    "CASE_NUMBERS": ("guessable", "RANDOM"),
    "CUSTOMERS_MAY_ATTACH": ("true", "1", "Yes"),
    "EXPOSURE": ("strict", "GUARDED"),
    "DATE_FORMAT": ("d" * 65, "dd\x00MM"),
    "LOG_FORMAT": ("xml", "JSON"),
}


def faults_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(WrongSettings) as raised:
        from_environ(environ)
    return raised.value.faults


def test_nothing_needs_to_be_set() -> None:
    settings = from_environ({"HOME": "/home/ann"})

    assert (
        "sqlite:////home/ann/.local/share/helpdesk/helpdesk.sqlite3",
        "file:///home/ann/.local/share/helpdesk/files",
        None,
        "127.0.0.1",
        8000,
        8,
        "http://127.0.0.1:8000",
        None,
        1.5,
        "memory://",
        (),
        "CW",
        Numbering.RANDOM,
        False,
        Exposure.CONTRACT,
        "dd/MM/yyyy",
        LogFormat.TEXT,
    ) == (
        settings.database_url,
        settings.files_url,
        settings.files_kept_days,
        settings.host,
        settings.port,
        settings.threads,
        settings.public_url,
        settings.smtp_url,
        settings.mail_wait,
        settings.rate_limit_storage,
        settings.trusted_proxy,
        settings.case_prefix,
        settings.case_numbers,
        settings.customers_may_attach,
        settings.exposure,
        settings.date_format,
        settings.log_format,
    )


def test_the_users_data_folder_may_be_elsewhere() -> None:
    settings = from_environ({"HOME": "/home/ann", "XDG_DATA_HOME": "/data"})

    assert "sqlite:////data/helpdesk/helpdesk.sqlite3" == settings.database_url


def test_a_data_folder_that_is_not_absolute_does_not_count() -> None:
    settings = from_environ({"HOME": "/home/ann", "XDG_DATA_HOME": "data"})

    assert settings.database_url.startswith("sqlite:////home/ann/")


@pytest.mark.parametrize(
    ("database", "files"),
    [
        ("sqlite:////data/my desk/desk.sqlite3", "file:///data/my%20desk/files"),
        ("sqlite:////data/desk.sqlite3?timeout=5", "file:///data/files"),
        ("postgresql://db/desk", "file:///home/ann/.local/share/helpdesk/files"),
    ],
)
def test_files_are_kept_beside_the_database(database: str, files: str) -> None:
    settings = from_environ({"HOME": "/home/ann", "HELPDESK_DATABASE_URL": database})

    assert files == settings.files_url


def test_cases_are_numbered_as_the_operator_says() -> None:
    given = {"CASE_PREFIX": "ACME1", "CASE_NUMBERS": "sequential", "CUSTOMERS_MAY_ATTACH": "yes"}
    settings = from_environ({f"HELPDESK_{name}": it for name, it in given.items()})

    assert ("ACME1", Numbering.SEQUENTIAL, True) == (
        settings.case_prefix,
        settings.case_numbers,
        settings.customers_may_attach,
    )


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_plain_postgresql_means_psycopg(scheme: str) -> None:
    settings = from_environ({"HELPDESK_DATABASE_URL": f"{scheme}://ann@db/desk"})

    assert "postgresql+psycopg://ann@db/desk" == settings.database_url


@pytest.mark.parametrize(
    ("host", "address"),
    [("::", "http://localhost:81"), ("::1", "http://[::1]:81"), ("h", "http://h:81")],
)
def test_without_a_public_address_the_desk_is_where_it_listens(host: str, address: str) -> None:
    settings = from_environ({"HELPDESK_HOST": host, "HELPDESK_PORT": "81"})

    assert address == settings.public_url


def test_proxies_are_addresses_and_networks() -> None:
    settings = from_environ({"HELPDESK_TRUSTED_PROXY": "10.0.0.1, fd00::/8,"})

    assert (ip_network("10.0.0.1"), ip_network("fd00::/8")) == settings.trusted_proxy


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_setting_is_none(name: str) -> None:
    home = {"HOME": "/home/ann"}

    assert from_environ(home) == from_environ(home | {f"HELPDESK_{name}": " "})


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_a_line_that_names_its_setting(name: str) -> None:
    faults = [faults_of({f"HELPDESK_{name}": value}) for value in WRONG[name]]

    assert [1] * len(faults) == [len(it) for it in faults]
    assert all(it[0].startswith(f"HELPDESK_{name} must b") for it in faults), faults


def test_all_faults_are_told_at_once() -> None:
    faults = faults_of({"HELPDESK_PORT": "x", "HELPDESK_LOG_FORMAT": "x"})

    assert ["HELPDESK_PORT", "HELPDESK_LOG_FORMAT"] == [fault.split()[0] for fault in faults]


def test_no_fault_tells_a_secret() -> None:
    said = [
        fault
        for name, values in WRONG.items()
        for value in values
        for fault in faults_of({f"HELPDESK_{name}": value})
    ]

    assert [] == [fault for fault in said if "hunter2" in fault]


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(
        from_environ(
            {
                "HELPDESK_DATABASE_URL": "postgresql://ann:hunter2@db/desk",
                "HELPDESK_SMTP_URL": "smtp://ann:hunter2@mail",
                "HELPDESK_RATE_LIMIT_STORAGE": "redis://:hunter2@cache",
            }
        )
    )

    assert "hunter2" not in shown


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_may_come_from_a_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"smtp://mail" + ending.encode())

    assert "smtp://mail" == from_environ({"HELPDESK_SMTP_URL_FILE": str(file)}).smtp_url


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_given_twice_is_a_fault(tmp_path: Path, name: str) -> None:
    file = tmp_path / "url"
    file.write_text("memory://")

    (fault,) = faults_of({f"HELPDESK_{name}": "x", f"HELPDESK_{name}_FILE": str(file)})

    assert f"HELPDESK_{name} and HELPDESK_{name}_FILE are both set; one is enough" == fault


def test_a_file_that_cannot_be_read_is_a_fault_that_names_the_setting(tmp_path: Path) -> None:
    (fault,) = faults_of({"HELPDESK_SMTP_URL_FILE": str(tmp_path / "none")})

    assert "HELPDESK_SMTP_URL_FILE cannot be read: No such file or directory" == fault


def test_a_file_of_other_bytes_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"\xff")

    assert ("HELPDESK_SMTP_URL_FILE is not UTF-8 text",) == faults_of(
        {"HELPDESK_SMTP_URL_FILE": str(file)}
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "HELPDESK_SMPT_URL",
            "HELPDESK_SMPT_URL is not a setting; did you mean HELPDESK_SMTP_URL?",
        ),
        ("HELPDESK_ZZZ", "HELPDESK_ZZZ is not a setting"),
        (
            "HELPDESK_PORT_FILE",
            "HELPDESK_PORT_FILE is not a setting; did you mean HELPDESK_PORT?",
        ),
    ],
)
def test_a_variable_that_means_nothing_is_named(name: str, said: str) -> None:
    assert (said,) == unknown_settings({name: "x", "HOME": "/home/ann"})


def test_settings_their_files_and_the_tests_own_variables_mean_something() -> None:
    names = [f"HELPDESK_{name}" for name in NAMES]
    files = [f"HELPDESK_{name}_FILE" for name in SECRETS]
    tests = ["HELPDESK_TEST_POSTGRES_URL", "HELPDESK_TEST_REDIS_URL"]

    assert () == unknown_settings(dict.fromkeys([*names, *files, *tests], "x"))


@given(st.dictionaries(st.sampled_from([f"HELPDESK_{name}" for name in NAMES]), st.text()))
def test_no_text_whatever_is_worse_than_a_fault(environ: dict[str, str]) -> None:
    with suppress(WrongSettings):
        settings = from_environ(environ)

        assert 0 <= settings.port <= 65535
        assert is_prefix(settings.case_prefix)
