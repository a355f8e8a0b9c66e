"""`helpdesk demo`."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import Final

import click

from helpdesk_core.people import OPERATOR, Role
from helpdesk_core.ports import Notifier, Ports
from helpdesk_core.routing import Channel
from helpdesk_core.use_cases.counting import count_uncounted
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_core.use_cases.sign_in_links import make_link
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_letters import link_to
from helpdesk_server.channels import letters_of, notifiers_of
from helpdesk_server.command_line import read_settings
from helpdesk_server.commands.opening import opened
from helpdesk_server.console import SYSTEM, console_of
from helpdesk_server.guide import guide
from helpdesk_server.sample import directory_document, fill, fill_cases, is_empty
from helpdesk_server.serving import serve_desk
from helpdesk_server.setting_readers import is_of_this_machine
from helpdesk_server.settings import Settings

ADMIN: Final = "admin@example.com"
"""In the sample directory."""
VISITORS: Final = {
    "customer": "sandy@example.com",
    "agent": "ani@example.com",
    "manager": "manager@example.com",
    "admin": ADMIN,
}
"""As whom one may look around, as the sample knows them."""
HOME: Final = "/auth/sign-in"
"""Where the links lead."""
A_DAY: Final = timedelta(days=1)
STAFF: Final = "staff@example.com"
MANAGEMENT: Final = "management@example.com"
"""Mailboxes of the sample desk."""


@click.command()
@click.option("--port", help="The port; 0 takes a free one (HELPDESK_PORT).")
def demo(port: str | None) -> None:
    """Serve a sample desk to try things on, with links to sign in and a token. It needs nothing.

    It is thrown away at the end, unless HELPDESK_DATABASE_URL says where to keep it. Mail, text
    messages and webhooks are printed here, unless their settings are set.
    """
    with TemporaryDirectory(prefix="helpdesk-") as folder:
        settings = read_settings(
            port=port,
            database_url=given_or_in(folder),
            staff_mail=unless_given("STAFF_MAIL", STAFF),
            management_mail=unless_given("MANAGEMENT_MAIL", MANAGEMENT),
        )
        systems = () if settings.webhook_urls else (SYSTEM,)
        channels = channels_of(settings)
        with opened(settings, migrate=True, notifiers=channels, systems=systems) as desk:
            furnish(desk.ports)
            token, keys = admin_token(desk.ports), sign_in_keys(desk.ports)

            def tell(address: str) -> None:
                is_local = is_of_this_machine(settings.public_url)
                links = links_of(keys, address if is_local else settings.public_url)
                click.echo(guide(desk.ports, address, token, links))

            serve_desk(desk, settings, ready=tell)


def furnish(ports: Ports) -> None:
    """Load the sample into a desk that holds nothing yet; leave any other as it is."""
    if is_empty(ports):
        _ = load_directory(ports, directory_document())
        _ = fill(ports, until=ports.now())
        _ = fill_cases(ports, until=ports.now())
        while count_uncounted(ports):
            pass


def admin_token(ports: Ports) -> str:
    """The secret of a new token of the sample's admin, good for a day."""
    return create_token(
        ports,
        email=ADMIN,
        role=Role.ADMIN,
        random=secrets.token_bytes(32),
        expires_in=A_DAY,
    )


def sign_in_keys(ports: Ports) -> Mapping[str, str]:
    """The secrets of new sign-in links, good for a day, by whom each signs in."""
    return {
        f"{who}, {email}": make_link(ports, email, OPERATOR, target=HOME, lifetime=A_DAY)
        for who, email in VISITORS.items()
    }


def links_of(keys: Mapping[str, str], address: str) -> Mapping[str, str]:
    """The links at that address, by whom each signs in."""
    return {who: link_to(address, key) for who, key in keys.items()}


def given_or_in(folder: str) -> str | None:
    """None when the operator says where the database is, else that of a file in the folder."""
    return unless_given("DATABASE_URL", f"sqlite:///{folder}/demo.sqlite3")


def unless_given(name: str, value: str) -> str | None:
    """None when the operator sets it, else the value."""
    names = (f"HELPDESK_{name}", f"HELPDESK_{name}_FILE")
    is_given = any(os.environ.get(each, "").strip() for each in names)
    return None if is_given else value


def channels_of(settings: Settings) -> Mapping[Channel, Notifier]:
    """The terminal, for every channel that is not set. Raises WrongSettings."""
    letters = letters_of(settings)
    return {**console_of(letters, print_line), **notifiers_of(settings, letters)}


def print_line(text: str) -> None:
    """Write to the terminal itself; a stream's lock, held by a blocked thread, outlives a stop."""
    _ = os.write(1, f"{text}\n".encode())
