"""The directory as a file: one document of plain values, as TOML or JSON give it.

A document is a table of seven lists: `countries`, `calendars`, `departments`, `agents`,
`kpiGroups`, `kpiTypes`, `policies`. Each object in them has a `key` that people chose and by which
others refer to it; an agent's key is the e-mail address, without regard to case. `kinds` has the
fields of each. An eighth list, `notices`, has what the desk decides about who is told of what: see
`rules`.
"""

from helpdesk_core.directory_file.comparing import differences
from helpdesk_core.directory_file.reading import merged
from helpdesk_core.directory_file.writing import written

__all__ = ["differences", "merged", "written"]
