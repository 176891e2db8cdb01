'use strict';
// The rate limiter of many Node services, over both client libraries: never more admitted than allowed, by however many at once.

const assert = require('node:assert/strict');
const { BurstyRateLimiter, RateLimiterRedis, RateLimiterRes, RateLimiterQueue } = require('rate-limiter-flexible');
const { createClient } = require('redis');
const { ports, until, repeat, ioredis, tell } = require('./story.cjs');

const hour = 3600;
const nodeRedis = createClient({ socket: { port: ports[0] } });
const viaIoredis = repeat(5, () => ioredis());
const clients = [...viaIoredis, nodeRedis];

function limiter(client, options) {
  return new RateLimiterRedis({ storeClient: client, useRedisPackage: client === nodeRedis, ...options });
}

/** True where it was admitted, and what it was told where not; other errors go on. */
async function admitted(consumption) {
  try {
    await consumption;
    return true;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return false;
  }
}

async function connect() {
  await nodeRedis.connect();
}

async function admitsAsManyAsAllowed() {
  const limiters = clients.map((client) => limiter(client, { keyPrefix: 'many', points: 137, duration: hour }));
  const entered = await Promise.all(repeat(600, (i) => admitted(limiters[i % limiters.length].consume('eve'))));
  assert.equal(entered.filter(Boolean).length, 137);
  const state = await limiters[0].get('eve');
  assert.equal(state.consumedPoints, 600);
  assert.equal(state.remainingPoints, 0);
  assert.ok(state.msBeforeNext > 0 && state.msBeforeNext <= hour * 1000);
}

async function goesOnWithoutItsScript() {
  const limiters = clients.map((client) => limiter(client, { keyPrefix: 'flushed', points: 50, duration: hour }));
  const rounds = await Promise.all(repeat(200, async (i) => {
    if (i % 40 === 0) await viaIoredis[0].script('FLUSH');
    return admitted(limiters[i % limiters.length].consume('eve'));
  }));
  assert.equal(rounds.filter(Boolean).length, 50);
}

async function beginsAnewWhenTheTimeIsOver(client) {
  const short = limiter(client, { keyPrefix: 'short', points: 2, duration: 1 });
  const key = `eve${clients.indexOf(client)}`;
  await short.consume(key, 2);
  await until('the time does not end', () => admitted(short.consume(key)));
}

async function blocks(client) {
  const strict = limiter(client, { keyPrefix: 'strict', points: 2, duration: hour, blockDuration: 10 * hour });
  const key = `mallory${clients.indexOf(client)}`;
  for (const expected of [true, true, false, false]) assert.equal(await admitted(strict.consume(key)), expected);
  assert.ok((await strict.get(key)).msBeforeNext > 9 * hour * 1000, 'it is not blocked');
  await strict.block(key, 20 * hour);
  assert.ok((await strict.get(key)).msBeforeNext > 19 * hour * 1000);
  assert.equal(await strict.delete(key), true);
  assert.equal(await strict.get(key), null);
  assert.equal(await admitted(strict.consume(key)), true);
}

async function punishesAndRewards(client) {
  const fair = limiter(client, { keyPrefix: 'fair', points: 5, duration: hour });
  const key = `bob${clients.indexOf(client)}`;
  assert.equal((await fair.consume(key, 2)).remainingPoints, 3);
  assert.equal((await fair.penalty(key, 2)).consumedPoints, 4);
  assert.equal(await admitted(fair.consume(key, 2)), false);
  assert.equal((await fair.reward(key, 3)).consumedPoints, 3);
  assert.equal(await admitted(fair.consume(key, 2)), true);
  assert.equal((await fair.set(key, 1, hour)).consumedPoints, 1);
}

async function neverForgets(client) {
  const eternal = limiter(client, { keyPrefix: 'eternal', points: 2, duration: 0 });
  const key = `carol${clients.indexOf(client)}`;
  for (const expected of [true, true, false]) assert.equal(await admitted(eternal.consume(key)), expected);
  assert.equal(await viaIoredis[0].ttl(`eternal:${key}`), -1);
}

async function admitsBursts() {
  const bursty = viaIoredis.map((client) => new BurstyRateLimiter(
    limiter(client, { keyPrefix: 'steady', points: 20, duration: hour }),
    limiter(client, { keyPrefix: 'burst', points: 30, duration: hour })));
  const entered = await Promise.all(repeat(200, (i) => admitted(bursty[i % bursty.length].consume('dave'))));
  assert.equal(entered.filter(Boolean).length, 50);
}

async function makesWait() {
  const queue = new RateLimiterQueue(limiter(viaIoredis[0], { keyPrefix: 'queue', points: 2, duration: 1 }), { maxQueueSize: 10 });
  const left = await Promise.all(repeat(4, () => queue.removeTokens(1)));
  assert.equal(left.length, 4);
}

function withEach(step) {
  return async () => {
    for (const client of [viaIoredis[0], nodeRedis]) await step(client);
  };
}

tell(
  [connect, admitsAsManyAsAllowed, goesOnWithoutItsScript, ...[beginsAnewWhenTheTimeIsOver, blocks, punishesAndRewards, neverForgets].map(withEach),
    admitsBursts, makesWait],
  () => Promise.all([...viaIoredis.map((client) => client.quit()), nodeRedis.close()]));
