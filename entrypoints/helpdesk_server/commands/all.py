"""Every command there is."""

import click

from helpdesk_server.command_line import CommandLine
from helpdesk_server.commands.audit import audit
from helpdesk_server.commands.calendars import calendar
from helpdesk_server.commands.demo import demo
from helpdesk_server.commands.directory import directory
from helpdesk_server.commands.doctor import doctor
from helpdesk_server.commands.files import files
from helpdesk_server.commands.migrate import migrate
from helpdesk_server.commands.notices import notices
from helpdesk_server.commands.people import person, user
from helpdesk_server.commands.report import report
from helpdesk_server.commands.serve import serve
from helpdesk_server.commands.sessions import session
from helpdesk_server.commands.sign_in_links import sign_in_link
from helpdesk_server.commands.simulate import simulate_months
from helpdesk_server.commands.sla import sla
from helpdesk_server.commands.tokens import token
from helpdesk_server.commands.worker import worker
from helpdesk_server.settings import SETTINGS

WIDTH = max(map(len, SETTINGS))


def settings_shown() -> str:
    """Every setting and what it is for, a line each."""
    lines = (f"{name:{WIDTH}}  {setting.purpose}" for name, setting in SETTINGS.items())
    return "\b\nSettings, from the environment:\n" + "\n".join(lines)


@click.group(cls=CommandLine, epilog=settings_shown(), context_settings={"max_content_width": 110})
@click.version_option(package_name="helpdesk-core", message="%(version)s")
def helpdesk() -> None:
    """A helpdesk: serve it, try it, look after it."""


for command in (
    serve,
    demo,
    worker,
    migrate,
    doctor,
    directory,
    calendar,
    sla,
    notices,
    user,
    person,
    sign_in_link,
    session,
    token,
    files,
    audit,
    report,
    simulate_months,
):
    helpdesk.add_command(command)
