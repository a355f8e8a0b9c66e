"""`helpdesk migrate`."""

import click

from helpdesk_server.command_line import read_settings
from helpdesk_server.commands.opening import make_folder
from helpdesk_sql import current_revision, upgrade


@click.command()
def migrate() -> None:
    """Bring the database up to date; a SQLite file is made when there is none."""
    url = read_settings().database_url
    make_folder(url)
    before = current_revision(url)
    upgrade(url)
    after = current_revision(url)
    click.echo("nothing to do" if before == after else f"the database is at revision {after} now")
