"""`helpdesk user add` and `deactivate`; `helpdesk person forget-account`, `erase`, `export`."""

import json
from typing import Final, TextIO

import click

from helpdesk_core.people import OPERATOR, Role
from helpdesk_core.use_cases.accounts import deactivate_user, forget_account
from helpdesk_core.use_cases.directory import add_user
from helpdesk_core.use_cases.erasing import erase_person
from helpdesk_core.use_cases.exporting import export_person
from helpdesk_server.command_line import print_json, read_settings
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


@person.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase(email: str, *, yes: bool) -> None:
    """Erase the person at EMAIL from everything that is kept, for good.

    Their names, addresses and words go: on tickets, in messages, files, notices, sessions, tokens,
    the directory and the audit trail. What happened and when stays, and so does every figure. May
    be broken off and begun again.
    """
    if not yes:
        _ = click.confirm(f"Erase {email}? Nothing brings it back", abort=True)
    with opened(read_settings()) as desk:
        erased = erase_person(desk.ports, email, OPERATOR)
        if not desk.store.empty_log():
            click.echo("helpdesk: what was erased leaves SQLite's log only later", err=True)
    click.echo(
        f"erased: on {erased.tickets} tickets, in {erased.chains} other chains of the trail, "
        f"{erased.tokens} tokens, {erased.people} accounts"
    )


@person.command()
@click.argument("email")
@click.option(
    "--output", "-o", type=click.File("w", encoding="utf-8", atomic=True), help="A file to write."
)
def export(email: str, output: TextIO | None) -> None:
    """Print everything that is known of the person at EMAIL, as JSON."""
    with opened(read_settings()) as desk:
        known = export_person(desk.ports, email, OPERATOR)
    if output is None:
        print_json(known)
    else:
        json.dump(known, output, ensure_ascii=False, indent=2)
