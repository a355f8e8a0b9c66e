"""A desk in SQLite or PostgreSQL: the stores, the outbox, and the migrations of their schema."""

from helpdesk_sql.failures import StoreError
from helpdesk_sql.outbox import SqlOutbox
from helpdesk_sql.schema import current_revision, head_revision, upgrade
from helpdesk_sql.store import SqlStore, StoreFacts, open_store
from helpdesk_sql.unit_of_work import SqlUnitOfWork

__all__ = [
    "SqlOutbox",
    "SqlStore",
    "SqlUnitOfWork",
    "StoreError",
    "StoreFacts",
    "current_revision",
    "head_revision",
    "open_store",
    "upgrade",
]
