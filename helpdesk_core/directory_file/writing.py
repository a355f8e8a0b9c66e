"""Writing a directory as a document."""

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.kinds import Entry, Kind, kinds_of
from helpdesk_core.directory_file.records import written_fields
from helpdesk_core.directory_file.rules import RULES, written_rules
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.text import fold


def written(directory: Directory, rules: Rules = CONTRACT_RULES) -> dict[str, object]:
    """The document that reads back as this directory: plain values that JSON and TOML can carry.

    Objects are in order of their keys. Ids are written, so that a key may be changed in the file;
    fields that have their default are not.
    """
    entries = {
        kind.section: [
            _row(kind, entry, directory)
            for entry in sorted(
                kind.entries(directory).values(), key=lambda entry: fold(kind.key_of(entry))
            )
        ]
        for kind in kinds_of(rules)
    }
    return {**entries, RULES: written_rules(directory)}


def _row(kind: Kind, entry: Entry, directory: Directory) -> dict[str, object]:
    identity = {kind.key: kind.key_of(entry), "id": str(entry.id)}
    return {**identity, **written_fields(kind.fields, entry, directory)}
