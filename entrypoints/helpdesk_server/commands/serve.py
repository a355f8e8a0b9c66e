"""`helpdesk serve`."""

import click

from helpdesk_server.command_line import read_settings
from helpdesk_server.commands.opening import opened
from helpdesk_server.logs import log_named
from helpdesk_server.serving import serve_desk
from helpdesk_server.ways_in import missing_for_sign_in


@click.command()
@click.option("--host", help="The address to listen on (HELPDESK_HOST).")
@click.option("--port", help="The port; 0 takes a free one (HELPDESK_PORT).")
@click.option("--threads", help="Requests answered at once (HELPDESK_THREADS).")
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
def serve(host: str | None, port: str | None, threads: str | None, *, migrate: bool) -> None:
    """Serve the desk until SIGTERM.

    A SQLite database is made and brought up to date by itself; any other only with --migrate.
    """
    settings = read_settings(host=host, port=port, threads=threads)
    with opened(settings, migrate=migrate) as desk:

        def tell(address: str) -> None:
            tell_ready(address)
            for line in missing_for_sign_in(desk.ports, settings):
                log_named("server").warning(line)

        serve_desk(desk, settings, ready=tell)


def tell_ready(address: str) -> None:
    """One line on stdout, when connections are taken."""
    click.echo(f"Helpdesk is ready at {address}")
