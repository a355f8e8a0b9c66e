"""For authors of adapters and tests: records to build, values to draw, and contracts to fulfil.

`builders` makes records and `strategies` draws them. `unit_of_work`, `outbox`, `file_store`,
`notifier` and `rate_limiter` hold a class of tests each for one port: subclass it in a test module
and provide its fixtures. `peers` makes servers that misbehave.
`two_desks` drives your store beside one in memory and compares every answer, `account_machine` lets
people sign in over it beside a plain model. `calendar_laws` proves the laws of working time on a
calendar of your own.

Install the extra `testing` (pytest and Hypothesis).
"""

import pytest

# Before the suites are imported, so that their asserts say what they compared.
pytest.register_assert_rewrite(
    "helpdesk_core.testing.account_machine",
    "helpdesk_core.testing.calendar_laws",
    "helpdesk_core.testing.cases_kept",
    "helpdesk_core.testing.commits",
    "helpdesk_core.testing.directory_changes",
    "helpdesk_core.testing.files_kept",
    "helpdesk_core.testing.file_store",
    "helpdesk_core.testing.found",
    "helpdesk_core.testing.notifier",
    "helpdesk_core.testing.numbers_taken",
    "helpdesk_core.testing.outbox",
    "helpdesk_core.testing.peers",
    "helpdesk_core.testing.people_kept",
    "helpdesk_core.testing.races_stood",
    "helpdesk_core.testing.rate_limiter",
    "helpdesk_core.testing.records_kept",
    "helpdesk_core.testing.replies_kept",
    "helpdesk_core.testing.sessions_kept",
    "helpdesk_core.testing.side_by_side",
    "helpdesk_core.testing.sign_in_races",
    "helpdesk_core.testing.tokens_kept",
    "helpdesk_core.testing.two_desks",
    "helpdesk_core.testing.ways_in_kept",
)
