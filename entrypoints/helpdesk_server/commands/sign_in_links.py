"""`helpdesk sign-in-link`."""

from datetime import timedelta

import click

from helpdesk_core.people import OPERATOR
from helpdesk_core.use_cases.sign_in_links import make_link
from helpdesk_letters import link_to
from helpdesk_server.command_line import read_settings, say
from helpdesk_server.commands.durations import Duration
from helpdesk_server.commands.opening import opened


@click.command("sign-in-link")
@click.argument("email")
@click.option(
    "--expires-in", type=Duration(), help="Such as 30m or 1h; without it, a quarter of an hour."
)
@click.option("--next", "target", default="/", help="Where it leads: a path of this desk.")
def sign_in_link(email: str, expires_in: timedelta | None, target: str) -> None:
    """Make a link that signs in as EMAIL, once, in any browser; print it, alone, on stdout.

    Whoever is not in the directory is a customer. The desk mails it to nobody.
    """
    settings = read_settings()
    with opened(settings) as desk:
        secret = make_link(desk.ports, email, OPERATOR, target=target, lifetime=expires_in)
    click.echo(link_to(settings.public_url, secret))
    say("whoever has this link signs in with it: give it to nobody else")
