"""`helpdesk token create`, `list` and `revoke`."""

import secrets
from datetime import timedelta
from typing import Final

import click

from helpdesk_core.people import Role
from helpdesk_core.tokens import Token
from helpdesk_core.use_cases.tokens import create_token, list_tokens, revoke_token
from helpdesk_server.command_line import print_json, read_settings, say
from helpdesk_server.commands.durations import Duration
from helpdesk_server.commands.listing import stamp, table, the_one
from helpdesk_server.commands.opening import opened

ROLES: Final = tuple(role.value for role in Role)
HEADINGS: Final = ("id", "email", "role", "created", "expires", "lastUsed", "revoked")


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


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the tokens as JSON.")
def list_all(*, as_json: bool) -> None:
    """List every token, the oldest first: whose it is and what became of it, never the secret."""
    with opened(read_settings()) as desk:
        records = [as_record(each) for each in list_tokens(desk.ports)]
    if as_json:
        print_json({"tokens": records})
    else:
        click.echo("\n".join(table(HEADINGS, records)))


@token.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """Close the door to the token of that ID, or of the only one that begins so, for good."""
    with opened(read_settings()) as desk:
        found = the_one((it.id for it in list_tokens(desk.ports)), token_id, "token")
        revoke_token(desk.ports, found)
    click.echo(f"token {found}: revoked")


def as_record(token: Token) -> dict[str, str | None]:
    """What may be shown of a token."""
    return {
        "id": str(token.id),
        "email": token.email,
        "role": token.role.value,
        "created": stamp(token.created_at),
        "expires": stamp(token.expires_at),
        "lastUsed": stamp(token.last_used_at),
        "revoked": stamp(token.revoked_at),
    }
