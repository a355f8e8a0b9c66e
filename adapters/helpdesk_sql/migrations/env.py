"""What alembic runs: the migrations on the connection that it was given, within its transaction."""

from alembic import context

from helpdesk_sql.schema import VERSION_TABLE
from helpdesk_sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
