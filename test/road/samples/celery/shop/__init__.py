"""A shop that counts in the background: a Flask factory and Celery, with pinned hashes."""

import os

from celery import Celery, Task
from flask import Flask, redirect, render_template, url_for
from redis import Redis

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")


def make_celery(app):
    class AppTask(Task):
        def __call__(self, *args, **kwargs):
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, broker=REDIS_URL, task_cls=AppTask)
    celery.set_default()
    app.extensions["celery"] = celery
    return celery


def create_app():
    app = Flask(__name__)
    app.secret_key = os.environ["SECRET_KEY"]
    make_celery(app)

    from shop.tasks import count_one

    @app.get("/")
    def index():
        return render_template("index.html", counted=int(Redis.from_url(REDIS_URL).get("shop:counted") or 0))

    @app.post("/count")
    def count():
        count_one.delay()
        return redirect(url_for("index"))

    return app
