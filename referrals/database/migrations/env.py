"""Alembic's entry: migrate over the connection that `schema_migration` hands in, inside its transaction."""

from alembic import context

from referrals.database.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
