"""Counts what each program has done."""

import os

from redis import Redis


def count(name):
    Redis.from_url(os.environ["REDIS_URL"]).incr(f"done:{name}")
