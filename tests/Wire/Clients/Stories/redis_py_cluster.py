"""redis-py's cluster class on a cluster of one node: keys of all slots, pipelines, scripts and what it knows of the nodes."""

import sys

from redis.cluster import ClusterNode, RedisCluster

port = int(sys.argv[1])
client = RedisCluster(startup_nodes=[ClusterNode("127.0.0.1", port)], socket_timeout=60, socket_connect_timeout=60)


def keys():
    for i in range(300):
        assert client.set(f"key:{i}", i)
    assert [int(client.get(f"key:{i}")) for i in range(300)] == list(range(300))
    assert client.mget("{t}a", "{t}b") == [None, None]
    assert client.mset_nonatomic({"a": 1, "b": 2, "c": 3})
    assert client.mget_nonatomic("a", "b", "c") == [b"1", b"2", b"3"]
    assert client.keyslot("a") == 15495


def together():
    with client.pipeline() as pipe:
        for i in range(100):
            pipe.incr(f"count:{i}")
        assert pipe.execute() == [1] * 100
    assert client.eval("return redis.call('incr', KEYS[1])", 1, "{t}a") == 1


def nodes():
    assert [node.port for node in client.get_nodes()] == [port]
    assert client.cluster_info()["cluster_state"] == "ok"
    assert list(client.cluster_slots().keys()) == [(0, 16383)]
    assert client.dbsize() == 300 + 3 + 100 + 1


keys()
together()
nodes()
client.close()
print("done")
