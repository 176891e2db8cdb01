'use strict';
// What a Node service does all day, through ioredis, against the port given: caching with a time to live, counters, a rate limit, a pipeline,
// binary values. Prints "done" at the end; any difference ends it with a message and exit code 1.

const assert = require('node:assert/strict');
const Redis = require('ioredis');
const client = new Redis({ port: Number(process.argv[2]), connectTimeout: 60_000, retryStrategy: null, maxRetriesPerRequest: 1 });

async function caching() {
  assert.equal(await client.set('user:1', JSON.stringify({ name: 'Ada' }), 'EX', 1000), 'OK');
  assert.deepEqual(JSON.parse(await client.get('user:1')), { name: 'Ada' });
  const ttl = await client.ttl('user:1');
  assert.ok(ttl > 900 && ttl <= 1000, `ttl is ${ttl}`);
  assert.equal(await client.set('user:1', 'other', 'NX'), null);
  assert.equal(await client.getdel('user:1').then((text) => JSON.parse(text).name), 'Ada');
  assert.equal(await client.get('user:1'), null);
}

async function counting() {
  const counts = await Promise.all(Array.from({ length: 200 }, () => client.incr('visits')));
  assert.deepEqual(counts, Array.from({ length: 200 }, (_, index) => index + 1));
  assert.equal(await client.incrbyfloat('price', '10.5'), '10.5');
  await assert.rejects(client.incr('price'), /ERR value is not an integer or out of range/);
}

async function limiting() {
  const allowed = await Promise.all(Array.from({ length: 50 }, async () => {
    const [[, count]] = await client.pipeline().incr('rate:eve').expire('rate:eve', 600, 'NX').exec();
    return count <= 10;
  }));
  assert.equal(allowed.filter(Boolean).length, 10);
}

async function pipelining() {
  const pipeline = client.pipeline();
  for (let i = 0; i < 1000; i++) pipeline.set(`key:${i}`, i);
  for (let i = 0; i < 1000; i++) pipeline.get(`key:${i}`);
  const results = await pipeline.exec();
  assert.ok(results.every(([error]) => error === null));
  assert.equal(results[1999][1], '999');
  assert.equal(await client.del(Array.from({ length: 1000 }, (_, index) => `key:${index}`)), 1000);
}

async function binary() {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  await client.set('bytes', bytes);
  assert.deepEqual(await client.getBuffer('bytes'), bytes);
  assert.deepEqual(await client.mget('bytes-of-nobody', 'visits'), [null, '200']);
}

async function scanning() {
  await client.mset(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`scan:${index}`, 'x'])));
  const seen = new Set();
  for await (const keys of client.scanStream({ match: 'scan:*', count: 50 })) keys.forEach((key) => seen.add(key));
  assert.equal(seen.size, 500);
}

(async () => {
  for (const step of [caching, counting, limiting, pipelining, binary, scanning]) await step();
  await client.quit();
  console.log('done');
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
