"""The tasks that a Celery worker serves; the port of the broker stands in the environment."""

import os
import time

from celery import Celery, chord, group

url = f"redis://127.0.0.1:{os.environ['BROKER_PORT']}"
app = Celery("tasks", broker=f"{url}/0", backend=f"{url}/1")
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": 1, "polling_interval": 0.1},
    broker_connection_retry_on_startup=True,
    result_expires=3600,
)


@app.task
def add(a, b):
    return a + b


@app.task
def total(numbers):
    return sum(numbers)


@app.task(bind=True, max_retries=3)
def stubborn(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0)
    return self.request.retries


@app.task
def broken():
    raise ValueError("no")


@app.task(bind=True)
def slow(self, marks):
    """The first worker that gets it never ends; who gets it again does at once."""
    client = self.app.backend.client
    if client.rpush(marks, "begun") == 1:
        time.sleep(600)
    return "taken over"


def sum_of_sums():
    return chord(group(add.s(i, i) for i in range(10)))(total.s())
