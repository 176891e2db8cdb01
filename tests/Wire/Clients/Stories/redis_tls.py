"""redis-py over TLS: pipelines, large values, messages, names that are checked. Arguments: port, authority, and a certificate with its key if there is one."""

import sys

import redis

port, authority, *own = sys.argv[1:]
certificate = {"ssl_certfile": own[0], "ssl_keyfile": own[1]} if own else {}


def connect(host="localhost"):
    return redis.Redis(
        host=host, port=int(port), ssl=True, ssl_ca_certs=authority, ssl_cert_reqs="required", ssl_check_hostname=True,
        socket_timeout=60, decode_responses=True, **certificate)


client = connect()
assert client.ping()
pipeline = client.pipeline(transaction=False)
for number in range(5000):
    pipeline.set(f"key:{number}", f"value {number}")
    pipeline.get(f"key:{number}")
replies = pipeline.execute()
assert replies[1::2] == [f"value {number}" for number in range(5000)]

large = "abcdefghij" * 500000
client.set("large", large)
assert client.get("large") == large

listener = connect("127.0.0.1").pubsub(ignore_subscribe_messages=True)
listener.subscribe("news")
listener.get_message(timeout=60)
client.publish("news", "hello")
message = None
while message is None:
    message = listener.get_message(timeout=60)
assert message["data"] == "hello"

with client.pipeline() as transaction:
    transaction.watch("key:1")
    transaction.multi()
    transaction.incr("counter")
    transaction.set("key:1", "changed")
    assert transaction.execute() == [1, True]
print("done")
