'use strict';
// node-redis on a cluster of one node: keys of all slots, a transaction of one slot, a script, and a sharded message.

const assert = require('node:assert/strict');
const { createCluster } = require('redis');
const { ports, patienceMs, repeat, until, tell } = require('./story.cjs');

const cluster = createCluster({
  rootNodes: [{ url: `redis://127.0.0.1:${ports[0]}` }],
  defaults: { socket: { connectTimeout: patienceMs } },
});
cluster.on('error', () => {});

async function keys() {
  await cluster.connect();
  await Promise.all(repeat(500, (i) => cluster.set(`key:${i}`, i)));
  assert.deepEqual(await Promise.all(repeat(500, (i) => cluster.get(`key:${i}`))), repeat(500, String));
}

async function together() {
  assert.deepEqual(await cluster.multi().set('{t}a', 1).incr('{t}a').exec(), ['OK', 2]);
  assert.equal(await cluster.eval("return redis.call('incr', KEYS[1])", { keys: ['{t}a'] }), 3);
}

async function messages() {
  const heard = [];
  await cluster.sSubscribe('news', (message) => heard.push(message));
  await cluster.sPublish('news', 'hello');
  await until('the message does not come', () => heard.length === 1);
  assert.deepEqual(heard, ['hello']);
  await cluster.sUnsubscribe('news');
}

tell([keys, together, messages], () => cluster.destroy?.() ?? cluster.disconnect());
