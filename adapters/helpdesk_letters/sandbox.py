"""Where templates run: in a sandbox, with a small fixed set of helpers and no other globals."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context

from helpdesk_letters.languages import LANGUAGE_OF

OURS: Final = PackageLoader("helpdesk_letters", "templates")
"""The templates that come with the package."""

HARMLESS_FILTERS: Final = ("capitalize", "default", "join", "length", "lower", "trim", "upper")
"""Of the usual filters, those that make nothing large and let nothing through unescaped."""


@cache
def our_names() -> frozenset[str]:
    """The names of all templates that there are; a folder adds none."""
    return frozenset(OURS.list_templates())


def a_room(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """Where templates run; a file in the folder takes the place of ours of the same name.

    What a template names that there is not raises; what is put into HTML is escaped.
    """
    loaders: list[BaseLoader] = [OURS] if folder is None else [FileSystemLoader(folder), OURS]
    room = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        undefined=StrictUndefined,
        autoescape=_is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    room.globals.clear()
    room.filters = {**{name: FILTERS[name] for name in HARMLESS_FILTERS}, **_HELPERS}
    return room


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")


@pass_context
def _instant(context: Context, fact: str) -> str:
    return LANGUAGE_OF[context["language"]].written(fact)


@pass_context
def _word(context: Context, fact: str) -> str:
    return LANGUAGE_OF[context["language"]].word(fact)


_HELPERS: Final[Mapping[str, Callable[..., str]]] = {"instant": _instant, "word": _word}
