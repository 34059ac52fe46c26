from datetime import datetime, timezone

from app import database


def now():
    """The time in UTC, as the database keeps it: without a zone and without fractions of a second."""
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)


class User(database.Model):
    id = database.Column(database.Integer, primary_key=True)
    name = database.Column(database.String(64), nullable=False, unique=True)
    seen = database.Column(database.DateTime, nullable=False, default=now)
    posts = database.relationship('Post', back_populates='author')


class Post(database.Model):
    id = database.Column(database.Integer, primary_key=True)
    text = database.Column(database.String(280), nullable=False)
    written = database.Column(database.DateTime, nullable=False, default=now, index=True)
    # Counted later, by the worker.
    words = database.Column(database.Integer)
    author_id = database.Column(database.ForeignKey('user.id'), nullable=False)
    author = database.relationship('User', back_populates='posts')
