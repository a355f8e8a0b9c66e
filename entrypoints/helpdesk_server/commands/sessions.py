"""`helpdesk session list` and `end`."""

from typing import Final

import click

from helpdesk_core.people import OPERATOR
from helpdesk_core.use_cases.sessions import (
    ShownSession,
    end_session,
    end_sessions,
    list_sessions,
)
from helpdesk_server.command_line import print_json, read_settings
from helpdesk_server.commands.listing import stamp, table, the_one
from helpdesk_server.commands.opening import opened

HEADINGS: Final = ("id", "email", "name", "issuer", "from", "device", "created", "lastSeen", "ends")


@click.group()
def session() -> None:
    """Browsers that people signed in with."""


@session.command("list")
@click.option("--email", help="Only those of the people of this address.")
@click.option("--json", "as_json", is_flag=True, help="Print the sessions as JSON.")
def list_all(email: str | None, *, as_json: bool) -> None:
    """List the sessions that are good, the latest first; at most two hundred."""
    with opened(read_settings()) as desk:
        records = [as_record(each) for each in list_sessions(desk.ports, OPERATOR, email=email)]
    if as_json:
        print_json({"sessions": records})
    else:
        click.echo("\n".join(table(HEADINGS, records)))


@session.command()
@click.argument("session_id", metavar="ID", required=False)
@click.option("--email", help="Every session of the people of this address.")
def end(session_id: str | None, email: str | None) -> None:
    """End the session of that ID, or of the only one that begins so; or all of an address."""
    if (session_id is None) == (email is None):
        raise click.UsageError("give either an ID or --email")
    with opened(read_settings()) as desk:
        if email is not None:
            end_sessions(desk.ports, email, OPERATOR)
            click.echo(f"{email}: every session ended")
        else:
            shown = list_sessions(desk.ports, OPERATOR)
            found = the_one((it.session.id for it in shown), str(session_id), "session")
            end_session(desk.ports, str(found), OPERATOR)
            click.echo(f"session {found}: ended")


def as_record(shown: ShownSession) -> dict[str, str | None]:
    """What may be shown of a session."""
    session, person = shown.session, shown.person
    return {
        "id": str(session.id),
        "email": person.email,
        "name": person.name,
        "issuer": session.issuer,
        "from": session.origin,
        "device": session.device,
        "created": stamp(session.created_at),
        "lastSeen": stamp(session.last_seen_at),
        "ends": stamp(shown.ends_at),
    }
