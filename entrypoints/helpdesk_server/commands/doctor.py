"""`helpdesk doctor`."""

import os
import sys

import click

from helpdesk_server.command_line import print_json
from helpdesk_server.health import Finding, examine


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Look whether the desk has all it needs; exits 1 when something is wrong."""
    findings = tuple(examine(os.environ))
    is_well = all(finding.is_well for finding in findings)
    if as_json:
        print_json({"ok": is_well, "findings": [as_record(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(
                f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.about}: {finding.said}"
            )
    sys.exit(0 if is_well else 1)


def as_record(finding: Finding) -> dict[str, object]:
    """A finding as plain JSON values."""
    return {"about": finding.about, "ok": finding.is_well, "said": finding.said}
