"""From a notice to its words."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from helpdesk_core.notices import Notice
from helpdesk_core.plain_text import one_line
from helpdesk_core.ports import Letter
from helpdesk_core.routing import Audience
from helpdesk_core.sign_ins import LinkMail
from helpdesk_letters.checking import faults_of
from helpdesk_letters.gsm import in_gsm
from helpdesk_letters.sandbox import a_room, our_names
from helpdesk_letters.sign_in import sign_in_names
from helpdesk_letters.vocabulary import language_of, names_in, quoted_in

LONGEST_TITLE: Final = 200
"""Characters of a mail's subject."""
LONGEST_PARAGRAPH: Final = 2000
"""Characters of one paragraph of ours, or of one row."""
LONGEST_TEXT_MESSAGE: Final = 160
"""Characters of a text message, each of the GSM alphabet's plain ones: it goes in one piece."""

LAYOUTS: Final = ("layout.txt", "layout.html")

_BLANK_LINES: Final = re.compile(r"\n\s*\n")


@attrs.frozen(kw_only=True)
class _Words:
    """What the templates of one letter say, before it is laid out."""

    title: str
    greeting: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    link_label: str
    quoting: str
    closing: str


class Letters:
    """Writes the words of notices. Threads share it.

    `public_url` is where people reach the desk, and the only place that a letter links to. A file
    in `folder` takes the place of our template of the same name, from the start of the program on.
    Raises ValueError for a `public_url` of any other kind than http:// and https://.
    """

    def __init__(self, *, public_url: str, folder: Path | None = None) -> None:
        if not public_url.startswith(("http://", "https://")):
            raise ValueError("the public address must begin with http:// or https://")
        self._public_url = public_url.rstrip("/")
        self._folder = folder
        self._room = a_room(folder)

    def write(self, notice: Notice) -> Letter:
        """The letter of a notice, the same whenever it is asked for.

        Raises jinja2.TemplateError, and whatever a template of the folder makes Python raise; never
        for our own templates, whatever the facts are.
        """
        names = names_in(notice, self._public_url)
        words = _words(self._room, notice, names)
        return self._laid_out(words, names, quoted_in(notice).splitlines())

    def write_link(self, mail: LinkMail) -> Letter:
        """The letter with a link to sign in. Raises as `write` does."""
        names = sign_in_names(mail, self._public_url)
        template = self._room.get_template(f"{names['language']}/sign_in.jinja")
        said = {"facts": "", "quoting": "", **_parts(template, names)}
        return self._laid_out(_as_words(said), names, [])

    def text_message(self, notice: Notice) -> str:
        """The words of a notice as a text message: at most 160 plain characters, on one line.

        It holds nothing that a stranger typed, unless a template of the folder says so. Raises as
        `write` does.
        """
        names = names_in(notice, self._public_url)
        title = _words(self._room, notice, names).title
        template = self._room.get_template(f"{language_of(notice)}/sms.jinja")
        said = in_gsm(template.render(names, title=title))
        return one_line(said, LONGEST_TEXT_MESSAGE)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the templates, a sentence each; nothing when every letter is fine.

        Every template is there, compiles and names only what there is, and every notice that the
        desk may be told to send has its words.
        """
        writers = (self.write, self.text_message)
        return tuple(faults_of(self._room, self._folder, writers, self.write_link))

    def _laid_out(self, words: _Words, names: Mapping[str, str], theirs: list[str]) -> Letter:
        width = 2 + max(len(label) for label, _ in (*words.facts, (words.link_label, "")))
        parts = {**attrs.asdict(words, recurse=False), "width": width, "link": names["link"]}
        parts["language"] = names["language"]
        text, html = (self._room.get_template(name) for name in LAYOUTS)
        return Letter(
            subject=words.title,
            text=text.render(parts, quoted=theirs),
            html=html.render(parts, quoted=[line.removeprefix(">").strip() for line in theirs]),
        )


def _words(room: SandboxedEnvironment, notice: Notice, names: Mapping[str, str]) -> _Words:
    return _as_words({**_parts(_common(room, notice), names), **_parts(_own(room, notice), names)})


def _as_words(said: Mapping[str, str]) -> _Words:
    return _Words(
        title=one_line(said["title"], LONGEST_TITLE).rstrip(" :,"),
        greeting=_line(said["greeting"]),
        opening=tuple(_paragraphs(said["opening"])),
        facts=tuple(_rows(said["facts"])),
        link_label=_line(said["link_label"]),
        quoting=_line(said["quoting"]),
        closing=_line(said["closing"]),
    )


def _common(room: SandboxedEnvironment, notice: Notice) -> Template:
    """What every letter to customers says, or every one to staff."""
    who = "customer" if notice.audience is Audience.CUSTOMER else "staff"
    return room.get_template(f"{language_of(notice)}/{who}.jinja")


def _own(room: SandboxedEnvironment, notice: Notice) -> Template:
    """What this letter says; staff of whatever role are told as staff are, unless there is more."""
    folder, kind = language_of(notice), notice.kind.value
    audience = notice.audience.value.replace(" ", "_")
    own = f"{folder}/{audience}/{kind}.jinja"
    is_special = notice.audience is Audience.CUSTOMER or own in our_names()
    return room.get_template(own if is_special else f"{folder}/staff/{kind}.jinja")


def _parts(template: Template, names: Mapping[str, str]) -> dict[str, str]:
    """What the template sets, by name."""
    module = template.make_module(dict(names))
    return {name: str(said) for name, said in vars(module).items() if not name.startswith("_")}


def _paragraphs(said: str) -> Iterator[str]:
    for paragraph in _BLANK_LINES.split(said):
        if line := _line(paragraph):
            yield line


def _rows(said: str) -> Iterator[tuple[str, str]]:
    """The lines `Label: fact`, without those that have no fact."""
    for line in said.splitlines():
        label, _, fact = line.partition(":")
        if fact.strip():
            yield label.strip(), _line(fact)


def _line(said: str) -> str:
    return one_line(said, LONGEST_PARAGRAPH)
