import os

from huey import SqliteHuey

from done import count

huey = SqliteHuey(filename=os.path.join(os.environ["HOME"], "huey.db"))


@huey.task()
def by_huey():
    count("huey")
