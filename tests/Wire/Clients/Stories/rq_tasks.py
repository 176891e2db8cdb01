"""The work that RQ's workers do."""

import os
import time

from redis import Redis
from rq import get_current_job


def add(a, b):
    return a + b


def fails_twice():
    job = get_current_job()
    if job.retries_left > 1:
        raise ValueError("not yet")
    return job.retries_left


def after(job_id):
    connection = get_current_job().connection
    return connection.get("done:" + job_id)


def mark():
    job = get_current_job()
    job.connection.set("done:" + job.id, "yes")


def begin_and_stay(port):
    """The first process that gets it never ends."""
    client = Redis(port=port)
    if client.rpush("begun", os.getpid()) == 1:
        time.sleep(600)
    return "taken over"
