"""`helpdesk user add` and `deactivate`, `helpdesk person forget-account`."""

from typing import Final

import click

from helpdesk_core.people import OPERATOR, Role
from helpdesk_core.use_cases.accounts import deactivate_user, forget_account
from helpdesk_core.use_cases.directory import add_user
from helpdesk_server.command_line import read_settings
from helpdesk_server.commands.directory import tell_changes
from helpdesk_server.commands.opening import opened

STAFF: Final = tuple(role.value for role in Role if role is not Role.CUSTOMER)


@click.group()
def user() -> None:
    """The staff of the desk."""


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


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Let the member of staff at EMAIL do nothing from now on: sessions and tokens are dead."""
    with opened(read_settings()) as desk:
        was_active = deactivate_user(desk.ports, email, OPERATOR)
    click.echo(f"{email}: deactivated" if was_active else f"{email}: was not active")


@click.group()
def person() -> None:
    """Whoever signs in, staff and customers."""


@person.command("forget-account")
@click.argument("email")
def forget(email: str) -> None:
    """Forget by whom the people at EMAIL are vouched for, and end their sessions.

    A member of staff may then sign in with another identity. A customer begins anew, and may write
    on the tickets from before no more.
    """
    with opened(read_settings()) as desk:
        forgotten = forget_account(desk.ports, email, OPERATOR)
    click.echo(f"{email}: {forgotten} forgotten")
