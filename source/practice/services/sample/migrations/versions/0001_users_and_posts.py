"""Users and posts"""
import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade():
    op.create_table(
        'user',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('name', sa.String(64), nullable=False, unique=True),
        sa.Column('seen', sa.DateTime, nullable=False),
    )
    op.create_table(
        'post',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('text', sa.String(280), nullable=False),
        sa.Column('written', sa.DateTime, nullable=False),
        sa.Column('words', sa.Integer),
        sa.Column('author_id', sa.Integer, sa.ForeignKey('user.id'), nullable=False),
    )
    op.create_index('ix_post_written', 'post', ['written'])


def downgrade():
    op.drop_table('post')
    op.drop_table('user')
