"""What all commands share: their errors in one line, their settings, their JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from helpdesk_core.errors import HelpdeskError
from helpdesk_server.settings import Settings, WrongSettings, from_environ, unknown_settings
from helpdesk_sql import StoreError


class Refused(click.ClickException):
    """The command cannot be carried out; the process exits 1."""


class CommandLine(click.Group):
    """A group whose errors are lines `helpdesk: …` on stderr, never a trace.

    It exits 2 for wrong usage and wrong settings, 1 for everything that was refused.
    """

    def main(self, *args: Any, **extra: Any) -> NoReturn:  # noqa: ANN401  # click's signature
        """Run the command of the arguments and exit."""
        with errors_in_one_line():
            code = super().main(*args, **{**extra, "standalone_mode": False})
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """End the process with a line on stderr for whatever a command may raise."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        fail(error.exit_code, error.format_message())
    except click.Abort:
        sys.exit(130)
    except WrongSettings as error:
        fail(2, *error.faults)
    except StoreError as error:
        fail(1, str(error))
    except HelpdeskError as error:
        fail(1, error.message, *(f"{place}: {fault}" for place, fault in error.details.items()))


def fail(code: int, *lines: str) -> NoReturn:
    """Say why on stderr, and exit."""
    for line in lines:
        say(line)
    sys.exit(code)


def say(line: str) -> None:
    """A line to the operator, on stderr, so that stdout holds results only."""
    click.echo(f"helpdesk: {line}", err=True)


def read_settings(**flags: object) -> Settings:
    """The settings of the environment, with flags (by a setting's name, None: not given) over them.

    Warns of variables that mean nothing. Raises WrongSettings.
    """
    for line in unknown_settings(os.environ):
        say(f"warning: {line}")
    given = {f"HELPDESK_{name.upper()}": str(it) for name, it in flags.items() if it is not None}
    return from_environ({**os.environ, **given})


def print_json(value: object) -> None:
    """One JSON value on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
