"""The life of a notice"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import incident.store.record


revision = '0004'
down_revision = '0003'


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


def _of_a_notice(table: str) -> list:
    """What both tables have: whose field it is, by whom, when."""
    return [
        sa.Column('incident_id', sa.Uuid(), nullable=False),
        sa.Column('notice_id', sa.Uuid(), nullable=False),
        sa.Column('field', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('by', sa.Uuid(), nullable=False),
        sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        *(sa.ForeignKeyConstraint([column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'))
          for column, other in (('incident_id', 'incident'), ('notice_id', 'notice'), ('by', 'responder'))),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    ]


def upgrade() -> None:
    op.create_table('unsaved_text',
    *_common(),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    *_of_a_notice('unsaved_text'),
    sa.UniqueConstraint('notice_id', 'field', 'by', name=op.f('uq_unsaved_text_notice_id'))
    )
    op.create_table('copied_field',
    *_common(),
    sa.Column('digest', incident.store.record.JsonText(), nullable=False),
    *_of_a_notice('copied_field'),
    sa.UniqueConstraint('notice_id', 'field', name=op.f('uq_copied_field_notice_id'))
    )
    for table in ('unsaved_text', 'copied_field'):
        op.create_index(op.f(f'ix_{table}_incident_id'), table, ['incident_id'], unique=False)
        op.create_index(op.f(f'ix_{table}_notice_id'), table, ['notice_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("A vault goes back by restoring the copy that its migration made.")
