"""`helpdesk files sweep`."""

import click

from helpdesk_core.use_cases.keeping import tidy_files
from helpdesk_server.command_line import print_json, read_settings
from helpdesk_server.commands.opening import opened


@click.group()
def files() -> None:
    """The files of tickets."""


@files.command()
@click.option("--json", "as_json", is_flag=True, help="Print the number as JSON.")
def sweep(*, as_json: bool) -> None:
    """Remove files that belong to no ticket, an hour after they came: uploads cut by a crash.

    And those that were kept for HELPDESK_FILES_KEPT_DAYS, where that is set.

    `helpdesk serve` and `helpdesk worker` do it by themselves, about every hour.
    """
    with opened(read_settings()) as desk:
        swept = tidy_files(desk.ports)
    if as_json:
        print_json({"swept": swept})
    else:
        click.echo(f"{swept} files swept")
