"""Locks and scripts of redis-py: one holder at a time, also after the holder's lock has ended; scripts alone and in pipelines."""

import sys
import threading
import time

import redis
from redis.exceptions import LockError, LockNotOwnedError, NoScriptError, ResponseError

PATIENCE = 60
client = redis.Redis(port=int(sys.argv[1]))


def until(complaint, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.005)


def fails(kind, action):
    try:
        action()
    except kind:
        return
    raise AssertionError(f"no {kind.__name__}")


def lock_has_one_holder():
    count = 0

    def work():
        nonlocal count
        own = redis.Redis(port=int(sys.argv[1]))
        for _ in range(10):
            with own.lock("counting", timeout=PATIENCE, sleep=0.002):
                before = count
                time.sleep(0.0005)
                count = before + 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == 80, count
    assert client.get("counting") is None


def lock_is_refused_and_extended():
    first = client.lock("door", timeout=PATIENCE)
    second = client.lock("door", timeout=PATIENCE, blocking=False)
    assert first.acquire() and not second.acquire()
    assert first.owned() and first.locked() and not second.owned()
    first.extend(1000)
    assert client.ttl("door") > 1000
    first.extend(500, replace_ttl=True)
    assert client.ttl("door") <= 500
    first.reacquire()
    assert client.ttl("door") <= PATIENCE
    first.release()
    assert second.acquire()
    second.release()
    fails(LockError, second.release)


def lock_that_ended_is_lost():
    first = client.lock("short", timeout=0.05)
    assert first.acquire()
    second = client.lock("short", timeout=PATIENCE, sleep=0.005)
    assert second.acquire(blocking_timeout=PATIENCE)
    fails(LockNotOwnedError, lambda: first.extend(10))
    fails(LockNotOwnedError, first.release)
    assert second.owned()
    second.release()


def scripts_run():
    script = client.register_script("return {KEYS[1], ARGV[1] * 2, redis.call('INCR', KEYS[1])}")
    assert script(keys=["n"], args=[21]) == [b"n", 42, 1]
    client.script_flush()
    assert script(keys=["n"], args=[21]) == [b"n", 42, 2]
    with client.pipeline() as pipe:
        client.script_flush()
        pipe.set("n", 10)
        script(keys=["n"], args=[1], client=pipe)
        pipe.get("n")
        assert pipe.execute() == [True, [b"n", 2, 11], b"11"]
    with client.pipeline(transaction=False) as pipe:
        for i in range(300):
            script(keys=[f"n{i}"], args=[i], client=pipe)
        assert [reply[1] for reply in pipe.execute()] == [2 * i for i in range(300)]
    fails(NoScriptError, lambda: client.evalsha("0" * 40, 0))
    fails(ResponseError, lambda: client.eval("return redis.call('LPUSH', KEYS[1], 1)", 1, "n"))


for step in [lock_has_one_holder, lock_is_refused_and_extended, lock_that_ended_is_lost, scripts_run]:
    step()
print("done")
