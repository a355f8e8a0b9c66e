"""Every statement that units of work use on one database."""

import attrs
import sqlalchemy as sa

from helpdesk_sql.claiming import insert_notice
from helpdesk_sql.kept import Kept, keep
from helpdesk_sql.queries.accounts import AccountQueries, account_queries
from helpdesk_sql.queries.audit import AuditQueries, audit_queries
from helpdesk_sql.queries.erasing import ErasingQueries, erasing_queries
from helpdesk_sql.queries.figures import FigureQueries, figure_queries
from helpdesk_sql.queries.files import FileQueries, file_queries
from helpdesk_sql.queries.once import OnceQueries, once_queries
from helpdesk_sql.queries.promises import PromiseQueries, promise_queries
from helpdesk_sql.queries.tickets import TicketQueries, ticket_queries
from helpdesk_sql.queries.tokens import TokenQueries, token_queries
from helpdesk_sql.tables import directory_state


@attrs.frozen(kw_only=True)
class Queries:
    """The statements of one database, by topic."""

    dialect: sa.Dialect
    directory_version: Kept
    tickets: TicketQueries
    figures: FigureQueries
    files: FileQueries
    tokens: TokenQueries
    accounts: AccountQueries
    once: OnceQueries
    promises: PromiseQueries
    audit: AuditQueries
    erasing: ErasingQueries
    insert_notice: Kept


def queries_for(dialect: sa.Dialect) -> Queries:
    """Compile them all."""
    return Queries(
        dialect=dialect,
        directory_version=keep(sa.select(directory_state.c.version), dialect),
        tickets=ticket_queries(dialect),
        figures=figure_queries(dialect),
        files=file_queries(dialect),
        tokens=token_queries(dialect),
        accounts=account_queries(dialect),
        once=once_queries(dialect),
        promises=promise_queries(dialect),
        audit=audit_queries(dialect),
        erasing=erasing_queries(dialect),
        insert_notice=keep(insert_notice(), dialect),
    )
