import logging
from logging.handlers import SMTPHandler

from flask import Flask, request
from flask_babel import Babel, get_locale
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from redis import Redis
from rq import Queue
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config

database = SQLAlchemy()
migrate = Migrate()
babel = Babel()


def choose_language():
    return request.accept_languages.best_match(Config.LANGUAGES)


def create_app():
    app = Flask(__name__)
    app.config.from_object(Config)
    if not app.config['SECRET_KEY']:
        raise RuntimeError('SECRET_KEY is not set: put it into .env')
    # One proxy stands before the app and says who asked, and how.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)

    database.init_app(app)
    migrate.init_app(app, database)
    start_babel(app)
    app.queue = make_queue(app.config['REDIS_URL'])

    from app import commands, models, pages
    app.register_blueprint(pages.pages)
    app.cli.add_command(commands.translate)
    mail_errors(app)
    return app


def start_babel(app):
    if hasattr(babel, 'localeselector'):
        # Flask-Babel 2, as in Debian 12.
        babel.init_app(app)
        if babel.locale_selector_func is None:
            babel.localeselector(choose_language)
    else:
        babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals['get_locale'] = get_locale


def make_queue(url):
    if not url:
        return None
    return Queue('microblog-tasks', connection=Redis.from_url(url, socket_connect_timeout=2))


def mail_errors(app):
    """Errors go to the admins by mail, through the machine's own mail server."""
    if app.debug or not app.config['MAIL_SERVER'] or not app.config['ADMINS']:
        return
    handler = SMTPHandler(
        mailhost=(app.config['MAIL_SERVER'], app.config['MAIL_PORT']),
        fromaddr=app.config['ADMINS'][0],
        toaddrs=app.config['ADMINS'],
        subject='Microblog: an error',
    )
    handler.setLevel(logging.ERROR)
    app.logger.addHandler(handler)
