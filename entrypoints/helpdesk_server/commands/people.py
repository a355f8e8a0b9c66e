"""`helpdesk user add` and `helpdesk token create`."""

import re
import secrets
from datetime import timedelta
from typing import Final

import click

from helpdesk_core.people import Role
from helpdesk_core.use_cases.directory import add_user
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_server.command_line import read_settings, say
from helpdesk_server.commands.directory import tell_changes
from helpdesk_server.commands.opening import opened

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST: Final = timedelta(days=3653)
"""A token lives ten years at most, or for ever."""
ROLES: Final = tuple(role.value for role in Role)
STAFF: Final = tuple(role.value for role in Role if role is not Role.CUSTOMER)


class Duration(click.ParamType[timedelta]):
    """A whole number and a unit: 90s, 45m, 12h, 30d, 2w."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The duration. Fails for what is none, or is not from 1 s to ten years."""
        found = re.fullmatch(r"([0-9]{1,9})([smhdw])", str(value))
        length = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
        if not timedelta() < length <= LONGEST:
            self.fail(
                f"{value!r} is not like 90s, 45m, 12h, 30d or 2w, up to ten years", param, ctx
            )
        return length


@click.group()
def user() -> None:
    """The people of the desk."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The whole name, as customers see it.")
@click.option(
    "--role",
    type=click.Choice(STAFF, case_sensitive=False),
    default=Role.AGENT.value,
    show_default=True,
)
@click.option("--department", "departments", multiple=True, help="A key; may be repeated.")
@click.option("--inactive", is_flag=True, help="Is given no work and may do nothing.")
@click.option("--no-mail", is_flag=True, help="Is sent no mail.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def add(  # noqa: PLR0913  # one argument an option
    email: str,
    name: str,
    role: str,
    departments: tuple[str, ...],
    *,
    inactive: bool,
    no_mail: bool,
    as_json: bool,
) -> None:
    """Add a member of staff, or bring the one at EMAIL to what is said here."""
    with opened(read_settings()) as desk:
        changes = add_user(
            desk.ports,
            email=email,
            name=name,
            role=Role(role),
            departments=departments,
            is_active=not inactive,
            wants_mail=not no_mail,
        )
    tell_changes(changes, as_json=as_json)


@click.group()
def token() -> None:
    """Tokens for programs."""


@token.command()
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--role", type=click.Choice(ROLES, case_sensitive=False), required=True)
@click.option("--expires-in", type=Duration(), help="Such as 12h or 30d; without it, never.")
def create(email: str, role: str, expires_in: timedelta | None) -> None:
    """Make a token and print it, alone, on stdout. It is shown this once and kept nowhere."""
    with opened(read_settings()) as desk:
        secret = create_token(
            desk.ports,
            email=email,
            role=Role(role),
            random=secrets.token_bytes(32),
            expires_in=expires_in,
        )
    click.echo(secret)
    say("keep this token now: it cannot be shown again")
