from apscheduler.schedulers.blocking import BlockingScheduler

from done import count

scheduler = BlockingScheduler()


@scheduler.scheduled_job("interval", seconds=1)
def by_clock():
    count("clock")


if __name__ == "__main__":
    scheduler.start()
