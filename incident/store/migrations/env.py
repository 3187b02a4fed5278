"""Alembic's entry: migrations run on the connection that the runner hands over, inside its transaction."""

from alembic import context
from sqlmodel import SQLModel

import incident.store.custody_tables
import incident.store.guide_tables
import incident.store.letters_tables
import incident.store.notice_tables
import incident.store.reminder_tables
import incident.store.review_tables
import incident.store.tables  # noqa: F401 - both fill the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
