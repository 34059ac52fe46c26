"""Guests: Flask and psycopg2, which is compiled."""

import os

import psycopg2
from flask import Flask, url_for

app = Flask(__name__)


@app.route("/")
def index():
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists guest (id serial)")
        cursor.execute("insert into guest default values")
        cursor.execute("select count(*), version() from guest")
        guests, version = cursor.fetchone()
    style = url_for("static", filename="guests.css")
    return f'<!doctype html><title>Guests</title><link rel="stylesheet" href="{style}"><p>{guests} guests in {version}</p>'
