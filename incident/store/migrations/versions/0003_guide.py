"""The guide and the roster"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import incident.store.record


revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    with op.batch_alter_table('responder') as batch_op:
        batch_op.add_column(sa.Column('deputy', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('hours', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.create_foreign_key(op.f('fk_responder_deputy_responder'), 'responder', ['deputy'], ['id'])
    with op.batch_alter_table('step') as batch_op:
        batch_op.add_column(sa.Column('facts', incident.store.record.JsonText(), nullable=False, server_default='null'))
        batch_op.add_column(sa.Column('defaulted', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('to', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_step_to_responder'), 'responder', ['to'], ['id'])
        batch_op.drop_constraint(op.f('ck_step_stepact'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_step_stepact'), "state IN ('done', 'skipped', 'handed_over', 'reopened', 'undone')")
    op.create_table('taken_playbook',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('updated_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('updated_by', sa.Uuid(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('taken_as', sa.Enum('joined', 'adopted', name='takenas', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('playbook', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('snapshot', incident.store.record.JsonText(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_taken_playbook_incident_id_incident')),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_taken_playbook_by_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taken_playbook'))
    )
    op.create_index(op.f('ix_taken_playbook_incident_id'), 'taken_playbook', ['incident_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("A vault goes back by restoring the copy that its migration made.")
