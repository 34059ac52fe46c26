import os

from redis import Redis
from rq import Queue

from done import count

queue = Queue("programs", connection=Redis.from_url(os.environ["REDIS_URL"]))


def by_rq():
    count("rq")
