import os

from celery import Celery

from done import count

app = Celery("celery_jobs", broker=os.environ["REDIS_URL"])
app.conf.beat_schedule = {"each-second": {"task": "celery_jobs.by_beat", "schedule": 1.0}}


@app.task
def by_celery():
    count("celery")


@app.task
def by_beat():
    count("beat")
