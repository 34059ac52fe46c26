import time

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from redis.exceptions import RedisError

from app import database
from app.models import Post, User, now

pages = Blueprint('pages', __name__)


@pages.get('/')
def index():
    newest = database.select(Post).order_by(Post.written.desc(), Post.id.desc()).limit(20)
    return render_template('index.html', posts=database.session.execute(newest).scalars().all())


@pages.post('/')
def write():
    text = request.form.get('text', '').strip()[:280]
    if text:
        post = Post(text=text, author=user_named(request.form.get('name', '').strip()[:64] or 'anonymous'))
        database.session.add(post)
        database.session.commit()
        count_later(post)
    return redirect(url_for('pages.index'))


@pages.get('/health')
def health():
    report = {
        'database': check_database(),
        'translation': check_translation(),
        'job': check_job(),
        'scheme': request.scheme,
        'host': request.host,
        'client': request.remote_addr,
    }
    healthy = report['database'] == 'ok' and report['job'] in ('finished', 'off')
    return jsonify(report), 200 if healthy else 503


def user_named(name):
    found = database.session.execute(database.select(User).filter_by(name=name)).scalar_one_or_none()
    if found is None:
        found = User(name=name)
        database.session.add(found)
    return found


def count_later(post):
    """Hands the counting to the worker; without one the page does without the number."""
    if current_app.queue is None:
        return None
    try:
        return current_app.queue.enqueue('app.tasks.count_words', post.id)
    except RedisError:
        return None


def check_database():
    moment = now()
    user_named('health').seen = moment
    database.session.commit()
    database.session.expire_all()
    return 'ok' if user_named('health').seen == moment else 'differs'


def check_translation():
    with force_locale('es'):
        return gettext('Hello, world!')


def check_job():
    """A job's end, seen within three seconds: off, unreachable, queued, started, finished or failed."""
    if current_app.queue is None:
        return 'off'
    try:
        job = current_app.queue.enqueue('app.tasks.ping')
        until = time.monotonic() + 3
        while job.get_status() in ('queued', 'started') and time.monotonic() < until:
            time.sleep(0.05)
        return job.get_status()
    except RedisError:
        return 'unreachable'
