"""Programs: a page that says how often each program of the app has done something."""

import os

from fastapi import FastAPI
from redis import Redis

from celery_jobs import by_celery
from dramatiq_jobs import by_dramatiq
from huey_jobs import by_huey
from rq_jobs import by_rq, queue

app = FastAPI(title="Programs one")
store = Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
names = ["celery", "beat", "dramatiq", "huey", "rq", "clock", "tick"]


@app.get("/")
def index():
    return {"title": app.title, "done": {name: int(store.get(f"done:{name}") or 0) for name in names}}


@app.post("/work")
def work():
    by_celery.delay()
    by_dramatiq.send()
    by_huey()
    queue.enqueue(by_rq)
    return {"given": True}
