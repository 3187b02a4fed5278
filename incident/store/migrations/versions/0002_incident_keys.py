"""Incident keys, evidence, access log, legal holds"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0002'
down_revision = '0001'

SEALED = ('incident', 'assignment', 'fact', 'step', 'timeline', 'notice', 'notice_version', 'document', 'approval',
          'filing', 'review', 'action_item')


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


def _text(name: str) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'))


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    for table in SEALED:
        op.add_column(table, sa.Column('sealed', sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
    for table, owner, key in (('notice_version', 'notice', 'notice_id'), ('document', 'notice_version', 'version_id'),
                              ('approval', 'notice_version', 'version_id')):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('incident_id', sa.Uuid(), nullable=True))
            batch_op.create_foreign_key(op.f(f'fk_{table}_incident_id_incident'), 'incident', ['incident_id'], ['id'])
            batch_op.create_index(op.f(f'ix_{table}_incident_id'), ['incident_id'], unique=False)
        op.execute(f'UPDATE {table} SET incident_id = (SELECT {owner}.incident_id FROM {owner} WHERE {owner}.id = {table}.{key})')
    op.add_column('timeline', sa.Column('privileged', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table('member',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('responder_id', sa.Uuid(), nullable=True),
    sa.Column('circle', _one_of('circle', 'team', 'counsel'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=False),
    _at('granted_at'),
    _at('ended_at', nullable=True),
    _refers('member', 'incident_id', 'incident'),
    _refers('member', 'responder_id', 'responder'),
    _refers('member', 'granted_by', 'responder'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('incident_id', 'responder_id', 'circle', 'number', name=op.f('uq_member_incident_id'))
    )
    op.create_index(op.f('ix_member_incident_id'), 'member', ['incident_id'], unique=False)
    op.create_table('evidence',
    *_common(),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    *(_text(name) for name in ('name', 'source', 'note', 'media_type', 'sha256')),
    sa.Column('size', sa.Integer(), nullable=False),
    _text('object'),
    _at('acquired_at'),
    sa.Column('by', sa.Uuid(), nullable=False),
    sa.Column('derived_from', sa.Uuid(), nullable=True),
    _refers('evidence', 'incident_id', 'incident'),
    _refers('evidence', 'by', 'responder'),
    _refers('evidence', 'derived_from', 'evidence'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('incident_id', 'number', name=op.f('uq_evidence_incident_id'))
    )
    op.create_index(op.f('ix_evidence_incident_id'), 'evidence', ['incident_id'], unique=False)
    op.create_table('custody',
    *_common(),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('act', _one_of('custodyact', 'acquired', 'verified', 'viewed', 'exported', 'transferred', 'sealed',
                             'destroyed'), nullable=False),
    _at('at'),
    sa.Column('by', sa.Uuid(), nullable=False),
    *(_text(name) for name in ('to_whom', 'note', 'sha256')),
    _refers('custody', 'incident_id', 'incident'),
    _refers('custody', 'evidence_id', 'evidence'),
    _refers('custody', 'by', 'responder'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody'))
    )
    op.create_index(op.f('ix_custody_incident_id'), 'custody', ['incident_id'], unique=False)
    op.create_index(op.f('ix_custody_evidence_id'), 'custody', ['evidence_id'], unique=False)
    op.create_table('access',
    *_common(),
    sa.Column('incident_id', sa.Uuid(), nullable=True),
    sa.Column('act', _one_of('accessact', 'viewed', 'exported'), nullable=False),
    _text('what'),
    _at('at'),
    sa.Column('by', sa.Uuid(), nullable=False),
    _refers('access', 'by', 'responder'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access'))
    )
    op.create_index(op.f('ix_access_incident_id'), 'access', ['incident_id'], unique=False)
    op.create_index(op.f('ix_access_at'), 'access', ['at'], unique=False)
    op.create_table('legal_hold',
    *_common(),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('incident_id', sa.Uuid(), nullable=False),
    _text('reason'),
    _at('placed_at'),
    sa.Column('by', sa.Uuid(), nullable=False),
    _at('lifted_at', nullable=True),
    _refers('legal_hold', 'incident_id', 'incident'),
    _refers('legal_hold', 'by', 'responder'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index(op.f('ix_legal_hold_incident_id'), 'legal_hold', ['incident_id'], unique=False)


def downgrade() -> None:
    for table in ('legal_hold', 'access', 'custody', 'evidence', 'member'):
        op.drop_table(table)
    op.drop_column('timeline', 'privileged')
    for table in ('approval', 'document', 'notice_version'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(op.f(f'ix_{table}_incident_id'))
            batch_op.drop_constraint(op.f(f'fk_{table}_incident_id_incident'), type_='foreignkey')
            batch_op.drop_column('incident_id')
    for table in SEALED:
        op.drop_column(table, 'sealed')
