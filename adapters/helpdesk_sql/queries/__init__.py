"""Every statement of a unit of work, a module a topic, compiled once a store.

Those on the outbox are in `claiming` and `overview`.
"""

from helpdesk_sql.queries.every import Queries, queries_for
from helpdesk_sql.queries.files import AMONG, LET_GO_AT_ONCE
from helpdesk_sql.queries.tickets import TICKET

__all__ = ["AMONG", "LET_GO_AT_ONCE", "TICKET", "Queries", "queries_for"]
