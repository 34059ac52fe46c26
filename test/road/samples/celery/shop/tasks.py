from celery import shared_task
from redis import Redis

from shop import REDIS_URL


@shared_task
def count_one():
    Redis.from_url(REDIS_URL).incr("shop:counted")
