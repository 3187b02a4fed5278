"""The first tables"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
import incident.store.record


revision = '0001'
down_revision = None


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
    op.create_table('organisation',
    *_common(),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('profile', incident.store.record.JsonText(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    op.create_table('responder',
    *_common(),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sign_in', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('function', sa.Enum('it', 'legal', 'management', 'outside', name='function', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('may_approve', sa.Boolean(), nullable=False),
    sa.Column('administers', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('former_public_keys', incident.store.record.JsonText(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responder')),
    sa.UniqueConstraint('sign_in', name=op.f('uq_responder_sign_in'))
    )
    op.create_table('incident',
    *_common(),
    sa.Column('reference', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('code_name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('open', 'closed', 'false_alarm', 'merged', name='incidentstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('playbook', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('playbook_snapshot', incident.store.record.JsonText(), nullable=False),
    sa.Column('declared_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('declared_by', sa.Uuid(), nullable=False),
    sa.Column('exercise', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('ended_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('merged_into', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['declared_by'], ['responder.id'], name=op.f('fk_incident_declared_by_responder')),
    sa.ForeignKeyConstraint(['merged_into'], ['incident.id'], name=op.f('fk_incident_merged_into_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('code_name', name=op.f('uq_incident_code_name')),
    sa.UniqueConstraint('reference', name=op.f('uq_incident_reference'))
    )
    op.create_table('action_item',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sa.Enum('prevent', 'detect', 'mitigate', 'process', name='actionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('owner', sa.Uuid(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('outcome', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_action_item_incident_id_incident')),
    sa.ForeignKeyConstraint(['owner'], ['responder.id'], name=op.f('fk_action_item_owner_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_item'))
    )
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_item_incident_id'), ['incident_id'], unique=False)

    op.create_table('assignment',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('commander', 'technical_lead', 'privacy_officer', 'legal', 'communications', 'support_lead', 'executive', 'scribe', 'hr', 'finance', 'vendor_manager', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('responder_id', sa.Uuid(), nullable=False),
    sa.Column('assumed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('relinquished_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('handover_note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_assignment_incident_id_incident')),
    sa.ForeignKeyConstraint(['responder_id'], ['responder.id'], name=op.f('fk_assignment_responder_id_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_incident_id'), ['incident_id'], unique=False)

    op.create_table('fact',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on_behalf_of', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value', incident.store.record.JsonText(), nullable=False),
    sa.Column('unknown', sa.Boolean(), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('confidence', sa.Enum('confirmed', 'likely', 'estimate', 'reported', name='confidence', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('owner', sa.Uuid(), nullable=True),
    sa.Column('wanted_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_fact_by_responder')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_fact_incident_id_incident')),
    sa.ForeignKeyConstraint(['owner'], ['responder.id'], name=op.f('fk_fact_owner_responder')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fact'))
    )
    with op.batch_alter_table('fact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fact_incident_id'), ['incident_id'], unique=False)

    op.create_table('notice',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('template', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('obligations', incident.store.record.JsonText(), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('recipient_name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('recipient_address', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on_behalf_of', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('fields', incident.store.record.JsonText(), nullable=False),
    sa.Column('edited_by', incident.store.record.JsonText(), nullable=False),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_notice_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_incident_id'), ['incident_id'], unique=False)

    op.create_table('review',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in_review', 'reviewed', 'closed', name='reviewstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answers', incident.store.record.JsonText(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_review_by_responder')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_review_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('incident_id', name=op.f('uq_review_incident_id'))
    )
    op.create_table('step',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('step', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sa.Enum('done', 'skipped', 'handed_over', 'reopened', name='stepact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('dissent', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_step_by_responder')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_step_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_step'))
    )
    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_step_incident_id'), ['incident_id'], unique=False)

    op.create_table('timeline',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('occurred_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('recorded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('precision', sa.Enum('exact', 'day', 'month', name='precision', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('kind', sa.Enum('log', 'attack', 'response', 'notice', 'status', name='entrykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_timeline_by_responder')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_timeline_incident_id_incident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timeline'))
    )
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timeline_incident_id'), ['incident_id'], unique=False)

    op.create_table('notice_version',
    *_common(),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('initial', 'supplementary', 'complete', 'withdrawal', name='noticekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('content', incident.store.record.JsonText(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('journal_seq', sa.Integer(), nullable=False),
    sa.Column('journal_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['responder.id'], name=op.f('fk_notice_version_made_by_responder')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_version_notice_id_notice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_version')),
    sa.UniqueConstraint('notice_id', 'number', name=op.f('uq_notice_version_notice_id'))
    )
    with op.batch_alter_table('notice_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_version_notice_id'), ['notice_id'], unique=False)

    op.create_table('approval',
    *_common(),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_approval_by_responder')),
    sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_approval_version_id_notice_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_version_id'), ['version_id'], unique=False)

    op.create_table('document',
    *_common(),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('mark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_document_version_id_notice_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_version_id'), ['version_id'], unique=False)

    op.create_table('filing',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=True),
    sa.Column('version_id', sa.Uuid(), nullable=True),
    sa.Column('obligation', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on_behalf_of', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('filed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('recipient', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reference', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('receipt_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('late_by', sa.Integer(), nullable=False),
    sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('late_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['responder.id'], name=op.f('fk_filing_by_responder')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_filing_incident_id_incident')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_filing_notice_id_notice')),
    sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_filing_version_id_notice_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filing'))
    )
    with op.batch_alter_table('filing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_filing_incident_id'), ['incident_id'], unique=False)



def downgrade() -> None:
    for table in ('filing', 'document', 'approval', 'notice_version', 'timeline', 'step', 'review', 'notice', 'fact', 'assignment', 'action_item', 'incident', 'responder', 'organisation'):
        op.drop_table(table)
