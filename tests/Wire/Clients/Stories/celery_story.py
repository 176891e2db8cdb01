"""Celery over Redis: results, retries, chords, a countdown, and a task whose worker is killed and that another one takes over."""

import os
import signal
import subprocess
import sys
import time

os.environ["BROKER_PORT"] = sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import celery_tasks as tasks  # noqa: E402

PATIENCE = 120


def start_worker(name):
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_tasks", "worker", "--pool", "solo", "-n", name, "--loglevel", "WARNING",
         "--without-gossip", "--without-mingle"],
        cwd=os.path.dirname(os.path.abspath(__file__)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(complaint, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.01)


def everyday():
    assert tasks.add.delay(2, 3).get(timeout=PATIENCE) == 5
    results = [tasks.add.delay(i, i) for i in range(50)]
    assert [result.get(timeout=PATIENCE) for result in results] == [2 * i for i in range(50)]
    assert tasks.stubborn.delay().get(timeout=PATIENCE) == 2
    try:
        tasks.broken.delay().get(timeout=PATIENCE)
        raise AssertionError("it did not fail")
    except ValueError as error:
        assert str(error) == "no"
    began = time.time()
    assert tasks.add.apply_async((1, 1), countdown=0.5).get(timeout=PATIENCE) == 2
    assert time.time() - began >= 0.5
    assert tasks.sum_of_sums().get(timeout=PATIENCE) == 90


def redelivery(worker):
    backend = tasks.app.backend.client
    result = tasks.slow.delay("marks")
    until("no worker takes it", lambda: backend.llen("marks") == 1)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    broker = tasks.app.connection().default_channel.client
    assert broker.zcard("unacked_index") >= 1 and broker.hlen("unacked") >= 1
    time.sleep(1.1)
    other = start_worker("second")
    try:
        assert result.get(timeout=PATIENCE) == "taken over"
        assert backend.llen("marks") >= 2
        until("it is not acknowledged", lambda: broker.hlen("unacked") == 0 and broker.llen("celery") == 0)
    finally:
        other.terminate()
        other.wait()


first = start_worker("first")
try:
    everyday()
    redelivery(first)
finally:
    first.kill()
    first.wait()
print("done")
