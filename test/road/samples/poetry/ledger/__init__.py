"""A ledger of visits: Flask, SQLAlchemy and its migrations, installed by poetry."""

import os

from flask import Flask, render_template
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
migrate = Migrate()


class Visit(db.Model):
    id = db.Column(db.Integer, primary_key=True)


def create_app():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["SQLALCHEMY_DATABASE_URI"]
    db.init_app(app)
    migrate.init_app(app, db)

    @app.get("/")
    def index():
        db.session.add(Visit())
        db.session.commit()
        return render_template("index.html", visits=Visit.query.count(), engine=db.engine.dialect.name)

    return app
