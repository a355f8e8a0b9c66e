"""What may be wrong with templates, found before a notice waits for its words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Final
from uuid import UUID

from jinja2 import TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from helpdesk_core.kinds import EventKind
from helpdesk_core.notices import LANGUAGES, Notice
from helpdesk_core.routing import AMONG_STAFF, REACHED_BY, Audience, Channel
from helpdesk_core.sign_ins import LinkMail
from helpdesk_letters.sandbox import our_names
from helpdesk_letters.sign_in import sample_mail
from helpdesk_letters.vocabulary import FOR_ALL, FOR_LAYOUTS, FOR_SIGN_IN, FOR_STAFF, known_to

TEMPLATES: Final = frozenset({".html", ".jinja", ".txt"})
"""How a template's name ends."""

SAMPLE: Final[Mapping[str, str]] = {
    **dict.fromkeys(FOR_ALL | FOR_STAFF, "sample"),
    "dueAt": "2026-01-02T03:04:05+00:00",
    "estimatedResolution": "2026-01-02T03:04:05+00:00",
    "text": "One line.\nAnother one.",
}
INTAKE_SAMPLE: Final[Mapping[str, str]] = {**SAMPLE, "caseNumber": ""}
DIGEST_SAMPLE: Final[Mapping[str, str]] = {**SAMPLE, "digest": "yes"}
SAMPLES: Final[Mapping[Channel, tuple[Mapping[str, str], ...]]] = {
    Channel.MAIL: (SAMPLE, INTAKE_SAMPLE, {}),
    Channel.SMS: (INTAKE_SAMPLE, DIGEST_SAMPLE),
}


def faults_of(
    room: SandboxedEnvironment,
    folder: Path | None,
    writers: Iterable[Callable[[Notice], object]],
    write_link: Callable[[LinkMail], object],
) -> Iterator[str]:
    """What is wrong, a sentence each: first with each template, then with each kind of letter."""
    if folder is not None:
        yield from _faults_of_folder(folder)
    found = [fault for name in sorted(our_names()) for fault in _faults_in(room, name)]
    yield from found
    if not found:
        yield from _faults_in_letters(tuple(writers))
        yield from _faults_in_links(write_link)


def sample_notices() -> Iterator[Notice]:
    """Every kind of notice that has words, with much said in it, with little and with nothing."""
    for language, kind, audience in product(LANGUAGES, EventKind, Audience):
        is_never_told = audience is Audience.CUSTOMER and kind in AMONG_STAFF
        for channel, samples in SAMPLES.items():
            if channel in REACHED_BY[audience] and not is_never_told:
                for facts in samples:
                    yield _a_notice(language, kind, audience, channel, facts)


def _a_notice(
    language: str,
    kind: EventKind,
    audience: Audience,
    channel: Channel,
    facts: Mapping[str, str],
) -> Notice:
    return Notice(
        id=UUID(int=1),
        ticket_id=UUID(int=2),
        kind=kind,
        audience=audience,
        channel=channel,
        recipient="somebody@example.com",
        language=language,
        facts=facts,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _faults_of_folder(folder: Path) -> Iterator[str]:
    """What takes the place of nothing is a slip of the pen, unless its name begins with `_`."""
    if not folder.is_dir():
        yield f"{folder}: there is no such folder"
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_template = path.suffix in TEMPLATES and not path.name.startswith("_")
        if is_template and name not in our_names():
            yield f"{name}: takes the place of none of our templates"


def _faults_in(room: SandboxedEnvironment, name: str) -> Iterator[str]:
    try:
        source, _, _ = room.loader.get_source(room, name)  # type: ignore[union-attr]  # it has one
        tree = room.parse(source, name)
        _ = room.get_template(name)
    except (TemplateError, OSError, UnicodeError) as fault:
        yield f"{name}: {_said(fault)}"
        return
    for unknown in sorted(meta.find_undeclared_variables(tree) - _known_in(name)):
        yield f"{name}: names {unknown}, which is not known there"
    if tree.find(nodes.ScopedEvalContextModifier) is not None:
        yield f"{name}: turns escaping off"


def _known_in(name: str) -> frozenset[str]:
    folders = name.removesuffix(".jinja").split("/")
    if len(folders) == 1:
        return FOR_LAYOUTS
    if folders[1] == "sign_in":
        return FOR_SIGN_IN
    if folders[1] == "sms":
        return known_to(Audience.STAFF) | {"title"}
    return known_to(Audience.CUSTOMER if folders[1] == "customer" else Audience.STAFF)


def _faults_in_letters(writers: tuple[Callable[[Notice], object], ...]) -> Iterator[str]:
    write, text_message = writers
    for notice in sample_notices():
        try:
            _ = (write if notice.channel is Channel.MAIL else text_message)(notice)
        except Exception as fault:  # noqa: BLE001  # whatever fails, the letter is not written
            letter = f"{notice.language}, {notice.kind.value} to {notice.audience.value}"
            yield f"{letter}: {_said(fault)}"


def _faults_in_links(write_link: Callable[[LinkMail], object]) -> Iterator[str]:
    for language in LANGUAGES:
        try:
            _ = write_link(sample_mail(language))
        except Exception as fault:  # noqa: BLE001  # as above
            yield f"{language}, a link to sign in: {_said(fault)}"


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"
