"""Review, reminders, readiness"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0006'
down_revision = '0005'


def _of_every_table() -> list[sa.Column]:
    return [
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('updated_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('updated_by', sa.Uuid(), nullable=True),
        sa.Column('salt', sa.LargeBinary(), nullable=False),
    ]


def _reminders_and_readiness() -> None:
    def text(name: str) -> sa.Column:
        return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)

    op.create_table('reminder_key',
    *_of_every_table(),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('former', sa.LargeBinary(), nullable=False),
    text('of'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_key'))
    )
    op.create_table('reminder_ladder',
    *_of_every_table(),
    text('scope'),
    text('rungs'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_ladder')),
    sa.UniqueConstraint('scope', name=op.f('uq_reminder_ladder_scope'))
    )
    op.create_table('number_test',
    *_of_every_table(),
    sa.Column('responder_id', sa.Uuid(), nullable=False),
    text('phone'),
    sa.Column('answered', sa.Boolean(), nullable=False),
    text('note'),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['responder_id'], ['responder.id'], name=op.f('fk_number_test_responder_id_responder')),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_number_test_by_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_test'))
    )
    op.create_index(op.f('ix_number_test_responder_id'), 'number_test', ['responder_id'], unique=False)
    op.create_table('standing_contact',
    *_of_every_table(),
    *(text(name) for name in ('kind', 'name', 'phone', 'contract')),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_contact')),
    sa.UniqueConstraint('kind', name=op.f('uq_standing_contact_kind'))
    )


def _review() -> None:
    def text(name: str) -> sa.Column:
        return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)

    def of_incident() -> list[sa.Column]:
        return [sa.Column('sealed', sa.LargeBinary(), nullable=False), sa.Column('incident_id', sa.Uuid(), nullable=False)]

    def when_and_who() -> list[sa.Column]:
        return [
            sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
            sa.Column('by', sa.Uuid(), nullable=False),
        ]

    kinds = sa.Enum('factor', 'surprise', 'difference', name='findingkind', native_enum=False, create_constraint=True, length=32)
    op.create_table('review_finding',
    *_of_every_table(),
    *of_incident(),
    sa.Column('kind', kinds, nullable=False),
    *(text(name) for name in ('text', 'expected', 'cause')),
    sa.Column('entry_id', sa.Uuid(), nullable=True),
    *when_and_who(),
    sa.Column('withdrawn_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_review_finding_incident_id_incident')),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_review_finding_by_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_finding'))
    )
    op.create_index(op.f('ix_review_finding_incident_id'), 'review_finding', ['incident_id'], unique=False)
    op.create_table('action_follow_up',
    *_of_every_table(),
    *of_incident(),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    text('note'),
    sa.Column('due_on', sa.Date(), nullable=True),
    *when_and_who(),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_action_follow_up_incident_id_incident')),
    sa.ForeignKeyConstraint(['item_id'], ['action_item.id'], name=op.f('fk_action_follow_up_item_id_action_item')),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_action_follow_up_by_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_follow_up'))
    )
    op.create_index(op.f('ix_action_follow_up_incident_id'), 'action_follow_up', ['incident_id'], unique=False)
    op.create_index(op.f('ix_action_follow_up_item_id'), 'action_follow_up', ['item_id'], unique=False)


def upgrade() -> None:
    _reminders_and_readiness()
    _review()


def downgrade() -> None:
    raise NotImplementedError("A vault goes back by restoring the copy that its migration made.")
