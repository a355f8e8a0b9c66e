"""`helpdesk directory load` and `dump`."""

import json
import tomllib
from pathlib import Path

import click
import tomli_w

from helpdesk_core.use_cases.directory import dump_directory, load_directory
from helpdesk_server.command_line import Refused, print_json, read_settings
from helpdesk_server.commands.opening import opened


@click.group()
def directory() -> None:
    """Countries, departments, calendars, agents, KPI groups and types: one file."""


@directory.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def load(file: Path, *, as_json: bool) -> None:
    """Bring what FILE (.toml or .json) says into the directory: all of it or nothing."""
    document = read_document(file)
    with opened(read_settings()) as desk:
        tell_changes(load_directory(desk.ports, document), as_json=as_json)


@directory.command()
@click.option(
    "--format", "style", type=click.Choice(["toml", "json"]), default="toml", show_default=True
)
def dump(style: str) -> None:
    """Print the directory as a file that loads as the same."""
    with opened(read_settings()) as desk:
        document = dump_directory(desk.ports)
    if style == "json":
        print_json(document)
    else:
        click.echo(tomli_w.dumps(document), nl=False)


def read_document(file: Path) -> dict[str, object]:
    """What a TOML or JSON file says, by its suffix. Raises Refused."""
    try:
        text = file.read_text(encoding="utf-8")
        document = tomllib.loads(text) if file.suffix.lower() == ".toml" else _json_of(file, text)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, not JSON
        raise Refused(f"{file} cannot be understood: {error}") from None
    if not isinstance(document, dict):
        raise Refused(f"{file} holds no table of a directory")
    return document


def tell_changes(changes: tuple[str, ...], *, as_json: bool) -> None:
    """Print what was changed, a line each."""
    if as_json:
        print_json({"changes": changes})
    else:
        click.echo("\n".join(changes) or "nothing changed")


def _json_of(file: Path, text: str) -> object:
    if file.suffix.lower() != ".json":
        raise Refused(f"{file} must end in .toml or .json")
    return json.loads(text)
