import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from done import count

dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))


@dramatiq.actor
def by_dramatiq():
    count("dramatiq")
