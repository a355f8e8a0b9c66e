"""`helpdesk audit verify`, `root` and `list`."""

import json
from collections.abc import Iterator
from typing import Final

import click

from helpdesk_core.audit import AuditRecord
from helpdesk_core.people import OPERATOR
from helpdesk_core.use_cases.auditing import LARGEST_PAGE, RawAuditQuery, read_audit
from helpdesk_core.use_cases.sealing import read_root, seal_chains
from helpdesk_core.use_cases.verifying import Root, Verification, trail_begun
from helpdesk_core.verifying import Finding
from helpdesk_server.command_line import Refused, print_json, read_settings
from helpdesk_server.commands.listing import stamp, table
from helpdesk_server.commands.opening import opened

HEADINGS: Final = ("noted", "object", "place", "kind", "who", "origin", "details")


class RootKept(click.ParamType[Root]):
    """A root as `helpdesk audit root` prints it: the checkpoint's number, a colon, its hash."""

    name = "NUMBER:HASH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Root:
        """Read it."""
        number, _, digest = str(value).partition(":")
        try:
            return Root(number=int(number), hash=bytes.fromhex(digest))
        except ValueError:
            self.fail(f"{value} is no NUMBER:HASH", param, ctx)


@click.group()
def audit() -> None:
    """The trail of who did what, when and from where."""


@audit.command()
@click.option("--root", type=RootKept(), help="One that was kept elsewhere: it must be known.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, one a line.")
def verify(*, root: Root | None, as_json: bool) -> None:
    """Look at every record there is; exits 1 when one was changed, removed or moved.

    The desk may be at work meanwhile. Memory does not grow with the trail.
    """
    with opened(read_settings()) as desk:
        verification = Verification(desk.ports, root)
        found = 0
        for finding in _found(verification):
            found += 1
            click.echo(json.dumps(as_finding(finding)) if as_json else str(finding))
        begun = trail_begun(desk.ports)
    if begun is not None and not as_json:
        click.echo(
            f"sealed at {stamp(begun.at)}, when the trail began: "
            f"{begun.details.get('events', '?')} events from before, vouched for since then only"
        )
    if found:
        raise Refused(f"{found} findings: somebody was at the records behind the desk's back")
    if not as_json:
        click.echo(
            f"sound: {verification.chains} chains, {verification.records} records, "
            f"{verification.checkpoints} checkpoints"
        )


def _found(verification: Verification) -> Iterator[Finding]:
    """What is found. Raises Refused at a row that no desk can have written: nothing reads it."""
    try:
        yield from verification.findings()
    except ValueError as fault:
        raise Refused(
            f"a row cannot be read, so somebody was at it behind the desk's back: {fault}"
        ) from None


@audit.command("root")
@click.option("--seal", is_flag=True, help="Seal what happened since the last one first.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_root(*, seal: bool, as_json: bool) -> None:
    """Print the latest root over all chains, to be kept where nobody at the desk can change it."""
    with opened(read_settings()) as desk:
        if seal:
            _ = seal_chains(desk.ports)
        root = read_root(desk.ports)
    if root is None:
        raise Refused("nothing was sealed yet; --seal does it now, housekeeping every hour")
    if as_json:
        print_json({"number": root.number, "hash": root.hash.hex(), "at": stamp(root.at)})
    else:
        click.echo(f"{root.number}:{root.hash.hex()}")


@audit.command("list")
@click.option("--object", "subject", help="Such as ticket:ID, agent:ID, token:ID.")
@click.option("--actor", help="Who did it: an id, or the address of somebody known.")
@click.option("--kind", help="What happened, such as signed_in.")
@click.option("--from", "since", help="Recorded then or later, ISO 8601.")
@click.option("--to", "until", help="Recorded before then.")
@click.option("--limit", type=click.IntRange(1, LARGEST_PAGE), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
def list_some(  # noqa: PLR0913  # one argument an option
    *,
    subject: str | None,
    actor: str | None,
    kind: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List what was recorded last, the latest first."""
    query = RawAuditQuery(
        object_=subject, actor=actor, kind=kind, from_=since, to=until, limit=str(limit)
    )
    with opened(read_settings()) as desk:
        records = read_audit(desk.ports, query, OPERATOR).records
    if as_json:
        print_json({"records": [as_record(each) for each in records]})
    else:
        rows = [as_record(each) for each in records]
        click.echo("\n".join(table(HEADINGS, [as_row(each) for each in rows])))


def as_record(record: AuditRecord) -> dict[str, object]:
    """What is shown of a record."""
    return {
        "noted": stamp(record.noted_at),
        "object": str(record.subject),
        "place": f"{record.number}.{record.position}",
        "kind": record.kind,
        "who": record.who,
        "actorId": str(record.actor_id) if record.actor_id else None,
        "origin": record.origin,
        "details": dict(record.details),
        "erased": record.is_erased,
        "hash": (record.hash or b"").hex(),
    }


def as_row(record: dict[str, object]) -> dict[str, str | None]:
    """The record with its details in one cell."""
    words = record["details"]
    told = " ".join(f"{name}={it}" for name, it in words.items()) if isinstance(words, dict) else ""
    cells = {name: str(it) if it is not None else None for name, it in record.items()}
    return cells | {"details": told or None}


def as_finding(finding: Finding) -> dict[str, object]:
    """What is wrong and where."""
    return {
        "fault": finding.fault.name.lower(),
        "object": str(finding.subject) if finding.subject else None,
        "number": finding.number,
        "position": finding.position,
    }
