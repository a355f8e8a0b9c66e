"""A sample desk to try things on: a directory as data, and half a year of tickets and cases."""

import tomllib
from importlib.resources import files
from typing import Any

from helpdesk_server.sample.cases import client_addresses, fill_cases
from helpdesk_server.sample.history import customer_addresses, fill, is_empty

__all__ = [
    "client_addresses",
    "customer_addresses",
    "directory_document",
    "fill",
    "fill_cases",
    "is_empty",
]


def directory_document() -> dict[str, Any]:
    """The sample's directory file, as `load_directory` takes it."""
    return tomllib.loads(files(__name__).joinpath("directory.toml").read_text("utf-8"))
