"""Runs of the letter press"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import incident.store.record


revision = '0005'
down_revision = '0004'


def _common() -> list[sa.Column]:
    """What every table has."""
    return [
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('updated_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('updated_by', sa.Uuid(), nullable=True),
        sa.Column('salt', sa.LargeBinary(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table('letter_mapping',
    *_common(),
    sa.Column('header', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('mapping', incident.store.record.JsonText(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_mapping')),
    sa.UniqueConstraint('header', name=op.f('uq_letter_mapping_header'))
    )
    op.create_table('letter_run',
    *_common(),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('begun', 'finished', 'stopped', name='runstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('identity', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('output', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('counts', incident.store.record.JsonText(), nullable=False),
    sa.Column('codes', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('manifest', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_letter_run_incident_id_incident')),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_letter_run_by_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_run'))
    )
    op.create_index(op.f('ix_letter_run_incident_id'), 'letter_run', ['incident_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("A vault goes back by restoring the copy that its migration made.")
