"""RQ over Redis: results, dependencies, retries, times to run, and a job whose worker is killed."""

import datetime
import os
import signal
import subprocess
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, FOLDER)

from redis import Redis  # noqa: E402
from rq import Queue, Retry  # noqa: E402
from rq.job import Job  # noqa: E402
from rq.registry import ScheduledJobRegistry, StartedJobRegistry  # noqa: E402

import rq_tasks as tasks  # noqa: E402

PATIENCE = 60
port = int(sys.argv[1])
client = Redis(port=port)
queue = Queue("work", connection=client)


def start_worker(*options):
    return subprocess.Popen(
        [sys.executable, "-m", "rq.cli", "worker", "--url", f"redis://127.0.0.1:{port}", "--path", FOLDER, "--quiet", *options, "work"],
        cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(complaint, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.01)


def work_off():
    worker = start_worker("--burst", "--with-scheduler")
    assert worker.wait(PATIENCE) == 0


def everyday():
    sums = [queue.enqueue(tasks.add, i, i) for i in range(5)]
    marked = queue.enqueue(tasks.mark)
    seen = queue.enqueue(tasks.after, marked.id, depends_on=[marked, sums[0]])
    retried = queue.enqueue(tasks.fails_twice, retry=Retry(max=3))
    queue.enqueue_in(datetime.timedelta(hours=1), tasks.add, 1, 1)
    assert seen.get_status() == "deferred"
    work_off()
    assert [job.result for job in sums] == [0, 2, 4, 6, 8]
    assert seen.result == b"yes"
    assert retried.result == 1, retried.exc_info
    assert len(ScheduledJobRegistry(queue=queue)) == 1
    assert len(queue) == 0 and queue.finished_job_registry.count == 8


def dead_worker():
    job = queue.enqueue(tasks.begin_and_stay, port, job_timeout=1000)
    worker = start_worker()
    until("no worker takes it", lambda: client.llen("begun") == 1)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    os.kill(int(client.lindex("begun", 0)), signal.SIGKILL)
    registry = StartedJobRegistry(queue=queue)
    assert registry.get_job_ids() == [job.id]

    # Nobody tells that it lives any more: it is abandoned, and can be queued again.
    client.zadd(registry.key, {job.id: int(time.time()) - 1})
    registry.cleanup()
    assert queue.failed_job_registry.get_job_ids() == [job.id]
    queue.failed_job_registry.requeue(job.id)
    work_off()
    assert Job.fetch(job.id, connection=client).result == "taken over"


everyday()
dead_worker()
print("done")
