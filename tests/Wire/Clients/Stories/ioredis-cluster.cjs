'use strict';
// ioredis on a cluster of one node: keys of all slots, pipelines and transactions of one slot, and sharded messages.

const assert = require('node:assert/strict');
const { Cluster } = require('ioredis');
const { ports, patienceMs, repeat, outcome, tell } = require('./story.cjs');

const nodes = [{ host: '127.0.0.1', port: ports[0] }];
const options = { slotsRefreshTimeout: patienceMs, redisOptions: { connectTimeout: patienceMs } };
const cluster = new Cluster(nodes, options);

async function keys() {
  await Promise.all(repeat(500, (i) => cluster.set(`key:${i}`, i)));
  assert.deepEqual(await Promise.all(repeat(500, (i) => cluster.get(`key:${i}`))), repeat(500, String));
  assert.deepEqual(await cluster.mget('{t}a', '{t}b'), [null, null]);
  assert.match((await outcome(cluster.mget('a', 'b'))).message, /CROSSSLOT/);
}

async function together() {
  const results = await cluster.pipeline().set('{t}a', 1).incr('{t}a').get('{t}a').exec();
  assert.deepEqual(results, [[null, 'OK'], [null, 2], [null, '2']]);
  assert.deepEqual(await cluster.multi().incr('{t}a').incr('{t}b').exec(), [[null, 3], [null, 1]]);
  assert.equal(await cluster.eval("return redis.call('incr', KEYS[1])", 1, '{t}a'), 4);
}

async function slots() {
  const map = await cluster.cluster('SLOTS');
  assert.deepEqual([map[0][0], map[0][1], map[0][2][1]], [0, 16383, ports[0]]);
}

tell([keys, together, slots], () => cluster.quit());
