"""What the operator decides: `HELPDESK_*`, read once, by one function, into one frozen value."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import attrs

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.notices import LANGUAGES
from helpdesk_core.visibility import Exposure
from helpdesk_server.channel_readers import (
    one_of,
    read_endpoints,
    read_folder,
    read_headers,
    read_list,
)
from helpdesk_server.setting_readers import (
    LogFormat,
    Network,
    one_of_schemes,
    read_case_prefix,
    read_database_url,
    read_date_pattern,
    read_exposure,
    read_issuers,
    read_log_format,
    read_mail_address,
    read_networks,
    read_numbering,
    read_seconds,
    read_web_address,
    read_yes_or_no,
    whole_number,
)

PREFIX: Final = "HELPDESK_"
FOR_TESTS: Final = "HELPDESK_TEST_"
"""Variables that the test suite reads; the desk does not know them and does not mind them."""


@attrs.frozen(kw_only=True)
class Settings:
    """Everything that may be decided from outside; see `SETTINGS` for names and bounds.

    Secrets are kept out of the representation, so that no log shows them.
    """

    database_url: str = attrs.field(repr=False)
    files_url: str = attrs.field(repr=False)
    files_kept_days: int | None
    host: str
    port: int
    threads: int
    public_url: str
    smtp_url: str | None = attrs.field(repr=False)
    mail_from: str
    mail_wait: float
    staff_mail: str | None
    management_mail: str | None
    sms_url: str | None = attrs.field(repr=False)
    sms_method: str
    sms_headers: Mapping[str, str] = attrs.field(repr=False)
    sms_body: str | None = attrs.field(repr=False)
    sms_media: str
    webhook_urls: Mapping[str, str] = attrs.field(repr=False)
    webhook_secret: tuple[str, ...] = attrs.field(repr=False)
    webhook_allow_private: bool
    oidc_issuer: Mapping[str, str]
    oidc_client_id: str | None
    oidc_client_secret: str | None = attrs.field(repr=False)
    oidc_domains: str | None
    oidc_name: str | None
    oidc_allow_private: bool
    sign_in_links: bool
    session_idle_hours: int
    session_days: int
    language: str
    templates: Path | None
    delivery_threads: int
    rate_limit_storage: str = attrs.field(repr=False)
    trusted_proxy: tuple[Network, ...]
    case_prefix: str
    case_numbers: Numbering
    customers_may_attach: bool
    exposure: Exposure
    date_format: str
    log_format: LogFormat


class WrongSettings(Exception):
    """The settings cannot be used. `faults` has a line for each one, which names it."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@attrs.frozen(kw_only=True)
class Setting:
    """One setting: how its text is read, what serves when there is none, and what it is for.

    `read` raises ValueError whose sentence says what the setting must be. `default` may rest on
    the settings before it in the table and on the environment. A secret's text is shown nowhere,
    and may be given in a file instead.
    """

    read: Callable[[str], object]
    default: Callable[[Mapping[str, Any], Mapping[str, str]], object]
    purpose: str
    is_secret: bool = False


def from_environ(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment. An empty variable is as good as none.

    Raises WrongSettings with every fault there is, in the order of the table.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, setting in SETTINGS.items():
        try:
            text = _text(name, setting, environ)
            values[name] = setting.default(values, environ) if text is None else setting.read(text)
        except ValueError as fault:
            faults.append(str(fault) if str(fault).startswith(PREFIX) else f"{name} {fault}")
            values[name] = setting.default(values, environ)
    if faults:
        raise WrongSettings(faults)
    return Settings(**{name.removeprefix(PREFIX).lower(): it for name, it in values.items()})


def unknown_settings(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each `HELPDESK_*` variable that means nothing, with the name nearest to it."""
    known = [*SETTINGS, *(f"{name}_FILE" for name, it in SETTINGS.items() if it.is_secret)]
    return tuple(
        f"{name} is not a setting{_suggestion(name, known)}"
        for name in sorted(environ)
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and name not in known
    )


def is_sqlite(database_url: str) -> bool:
    """True for a file of this machine, False for a server that others may use too."""
    return database_url.startswith("sqlite")


def _suggestion(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"; did you mean {near[0]}?" if near else ""


def _text(name: str, setting: Setting, environ: Mapping[str, str]) -> str | None:
    """What was given for a setting, itself or in a file; None when nothing was."""
    given = environ.get(name, "").strip() or None
    path = environ.get(f"{name}_FILE") if setting.is_secret else None
    if not path:
        return given
    if given is not None:
        raise ValueError(f"{name} and {name}_FILE are both set; one is enough")
    try:
        text = Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeError:
        raise ValueError(f"{name}_FILE is not UTF-8 text") from None
    except OSError as error:
        raise ValueError(f"{name}_FILE cannot be read: {error.strerror}") from None
    return text.strip() or None


def _own_file(_: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """SQLite under the user's data folder."""
    return f"sqlite:///{_own_folder(environ) / 'helpdesk.sqlite3'}"


def _own_folder(environ: Mapping[str, str]) -> Path:
    """The desk's folder in the user's data (XDG Base Directory: a relative one does not count)."""
    given = Path(environ.get("XDG_DATA_HOME") or ".")
    home = Path(environ.get("HOME") or "~").expanduser()
    folder = given if given.is_absolute() else home / ".local" / "share"
    return folder / "helpdesk"


def _beside_the_database(values: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """The folder `files` beside a SQLite file, else the one in the user's data."""
    _, is_file, path = values["HELPDESK_DATABASE_URL"].partition("sqlite:///")
    file = Path(path.partition("?")[0])
    folder = file.parent if is_file else _own_folder(environ)
    return (folder.absolute() / "files").as_uri()


def _own_address(values: Mapping[str, Any], _: Mapping[str, str]) -> str:
    host: str = values["HELPDESK_HOST"]
    everywhere = host in ("0.0.0.0", "::")  # noqa: S104  # recognised, not bound
    name = "localhost" if everywhere else f"[{host}]" if ":" in host else host
    return f"http://{name}:{values['HELPDESK_PORT']}"


def _without_a_provider(values: Mapping[str, Any], _: Mapping[str, str]) -> bool:
    return not values["HELPDESK_OIDC_ISSUER"]


def _constant(value: object) -> Callable[[Mapping[str, Any], Mapping[str, str]], object]:
    return lambda _values, _environ: value


SETTINGS: Final[Mapping[str, Setting]] = {
    "HELPDESK_DATABASE_URL": Setting(
        read=read_database_url,
        default=_own_file,
        purpose="where everything is kept: sqlite:///PATH or postgresql://…",
        is_secret=True,
    ),
    "HELPDESK_FILES_URL": Setting(
        read=one_of_schemes("file", "s3"),
        default=_beside_the_database,
        purpose="where attachments are kept: file:///FOLDER or s3://…; all servers share it",
        is_secret=True,
    ),
    "HELPDESK_FILES_KEPT_DAYS": Setting(
        read=whole_number(1, 36500),
        default=_constant(None),
        purpose="days that files are kept after the work on their ticket ended; none is for good",
    ),
    "HELPDESK_HOST": Setting(
        read=str, default=_constant("127.0.0.1"), purpose="the address to listen on"
    ),
    "HELPDESK_PORT": Setting(
        read=whole_number(0, 65535), default=_constant(8000), purpose="the port; 0 takes a free one"
    ),
    "HELPDESK_THREADS": Setting(
        read=whole_number(1, 256), default=_constant(8), purpose="requests answered at once"
    ),
    "HELPDESK_PUBLIC_URL": Setting(
        read=read_web_address, default=_own_address, purpose="where people reach the desk"
    ),
    "HELPDESK_SMTP_URL": Setting(
        read=one_of_schemes("smtp", "smtps", "smtp+starttls"),
        default=_constant(None),
        purpose="the mail server; without one no mail is sent",
        is_secret=True,
    ),
    "HELPDESK_MAIL_FROM": Setting(
        read=read_mail_address,
        default=_constant("helpdesk@localhost.localdomain"),
        purpose="the sender of every mail",
    ),
    "HELPDESK_MAIL_WAIT": Setting(
        read=read_seconds,
        default=_constant(1.5),
        purpose="seconds that a submission waits to tell how its mail fared; 0 is never",
    ),
    "HELPDESK_STAFF_MAIL": Setting(
        read=read_mail_address,
        default=_constant(None),
        purpose="the mailbox of all staff: told of what nobody has yet; without one nobody is",
    ),
    "HELPDESK_MANAGEMENT_MAIL": Setting(
        read=read_mail_address,
        default=_constant(None),
        purpose="the mailbox of the management: told of escalations",
    ),
    "HELPDESK_SMS_URL": Setting(
        read=one_of_schemes("http", "https"),
        default=_constant(None),
        purpose="the gateway that takes text messages; without one none is sent",
        is_secret=True,
    ),
    "HELPDESK_SMS_METHOD": Setting(
        read=one_of("POST", "PUT", "GET"),
        default=_constant("POST"),
        purpose="how the gateway is asked: POST, PUT or GET",
    ),
    "HELPDESK_SMS_HEADERS": Setting(
        read=read_headers,
        default=_constant({}),
        purpose="headers that the gateway wants, a line each: Name: value",
        is_secret=True,
    ),
    "HELPDESK_SMS_BODY": Setting(
        read=str,
        default=_constant(None),
        purpose="what the gateway is sent, with {to}, {digits}, {text} and {id} in it",
        is_secret=True,
    ),
    "HELPDESK_SMS_MEDIA": Setting(
        read=one_of("json", "form"),
        default=_constant("json"),
        purpose="how that is written: json or form",
    ),
    "HELPDESK_WEBHOOK_URLS": Setting(
        read=read_endpoints,
        default=_constant({}),
        purpose="other systems that are told: name=https://…, with commas between",
        is_secret=True,
    ),
    "HELPDESK_WEBHOOK_SECRET": Setting(
        read=read_list,
        default=_constant(()),
        purpose="what those are signed with: whsec_…; while it is changed the new and the old one",
        is_secret=True,
    ),
    "HELPDESK_WEBHOOK_ALLOW_PRIVATE": Setting(
        read=read_yes_or_no,
        default=_constant(value=False),
        purpose="yes or no: whether webhooks may go to addresses of one's own networks",
    ),
    "HELPDESK_OIDC_ISSUER": Setting(
        read=read_issuers,
        default=_constant({}),
        purpose="who vouches for people: https://…; several, a line each: name=https://…",
    ),
    "HELPDESK_OIDC_CLIENT_ID": Setting(
        read=str,
        default=_constant(None),
        purpose="what the issuer calls the desk; for several, a line each: name=id",
    ),
    "HELPDESK_OIDC_CLIENT_SECRET": Setting(
        read=str,
        default=_constant(None),
        purpose="how the desk shows that it is it; for several, a line each: name=secret",
        is_secret=True,
    ),
    "HELPDESK_OIDC_DOMAINS": Setting(
        read=str,
        default=_constant(None),
        purpose="whose people are let in, with commas between; for several, a line each",
    ),
    "HELPDESK_OIDC_NAME": Setting(
        read=str,
        default=_constant(None),
        purpose="what people call the issuer; for several, a line each: name=…",
    ),
    "HELPDESK_OIDC_ALLOW_PRIVATE": Setting(
        read=read_yes_or_no,
        default=_constant(value=False),
        purpose="yes or no: whether issuers may be within one's own networks, and http://",
    ),
    "HELPDESK_SIGN_IN_LINKS": Setting(
        read=read_yes_or_no,
        default=_without_a_provider,
        purpose="yes or no: whether people may sign in by mailed links; without a provider, yes",
    ),
    "HELPDESK_SESSION_IDLE_HOURS": Setting(
        read=whole_number(1, 720),
        default=_constant(12),
        purpose="hours after which a session that nobody uses ends",
    ),
    "HELPDESK_SESSION_DAYS": Setting(
        read=whole_number(1, 365),
        default=_constant(7),
        purpose="days after which every session ends",
    ),
    "HELPDESK_LANGUAGE": Setting(
        read=one_of(*LANGUAGES),
        default=_constant(LANGUAGES[0]),
        purpose="the language of notices to those who have chosen none: en or id",
    ),
    "HELPDESK_TEMPLATES": Setting(
        read=read_folder,
        default=_constant(None),
        purpose="a folder of templates that take the place of the desk's own",
    ),
    "HELPDESK_DELIVERY_THREADS": Setting(
        read=whole_number(1, 64),
        default=_constant(4),
        purpose="notices delivered at once by one process",
    ),
    "HELPDESK_RATE_LIMIT_STORAGE": Setting(
        read=one_of_schemes("memory", "redis", "rediss", "redis+unix"),
        default=_constant("memory://"),
        purpose="where limits are counted; redis:// when there are several servers",
        is_secret=True,
    ),
    "HELPDESK_TRUSTED_PROXY": Setting(
        read=read_networks,
        default=_constant(()),
        purpose="proxies whose word about the client's address counts: addresses or networks",
    ),
    "HELPDESK_CASE_PREFIX": Setting(
        read=read_case_prefix, default=_constant("CW"), purpose="what case numbers begin with"
    ),
    "HELPDESK_CASE_NUMBERS": Setting(
        read=read_numbering,
        default=_constant(Numbering.RANDOM),
        purpose="random, which nobody guesses, or sequential, which wants the address besides",
    ),
    "HELPDESK_CUSTOMERS_MAY_ATTACH": Setting(
        read=read_yes_or_no,
        default=_constant(value=False),
        purpose="yes or no: whether the holder of a case number may add files to the case",
    ),
    "HELPDESK_EXPOSURE": Setting(
        read=read_exposure,
        default=_constant(Exposure.CONTRACT),
        purpose="contract, or guarded: addresses and look-ups are for those whom they concern",
    ),
    "HELPDESK_DATE_FORMAT": Setting(
        read=read_date_pattern,
        default=_constant("dd/MM/yyyy"),
        purpose="how pages show dates (date-fns)",
    ),
    "HELPDESK_LOG_FORMAT": Setting(
        read=read_log_format, default=_constant(LogFormat.TEXT), purpose="text or json"
    ),
}
"""Every setting, by name. Defaults may rest on the settings above them."""
