'use strict';
// A lock over three servers, of which two die one after the other. The first argument names the module, the others are the ports.

const assert = require('node:assert/strict');
const library = require(process.argv[2]);
const { ports, until, pause, outcome, repeat, ioredis, tell } = require('./story.cjs');

const Redlock = library.default ?? library;
const minuteMs = 60_000;
const servers = ports.slice(1).map((port) => ioredis(port));
const impatient = { retryCount: 0 };
const locks = make(impatient);

function make(options) {
  const made = new Redlock(servers, { driftFactor: 0.01, retryDelay: 20, retryJitter: 10, ...options });
  made.on('clientError', () => {});
  return made;
}

/** What each server that lives has under the key; null where it has nothing. */
function values(key) {
  return Promise.all(servers.filter((server) => server.status === 'ready').map((server) => server.get(key)));
}

/** Waits until all have it so: a lock is held when most have answered, and the others follow. */
function comes(key, expected) {
  return until(`${key} is not ${expected} everywhere`, async () => (await values(key)).every((value) => value === expected));
}

async function refused(promise) {
  assert.ok(await outcome(promise) instanceof Error, 'somebody got a lock that another one has');
}

async function isExclusive() {
  await until('the servers are not there', () => servers.every((server) => server.status === 'ready'));
  const held = await locks.acquire(['seat'], minuteMs);
  await comes('seat', held.value);
  await refused(locks.acquire(['seat'], minuteMs));
  assert.deepEqual(await values('seat'), repeat(3, () => held.value), 'who was refused took something away');
  await locks.release(held);
  await comes('seat', null);
}

async function takesAllOrNothing() {
  const held = await locks.acquire(['b'], minuteMs);
  await refused(locks.acquire(['a', 'b', 'c'], minuteMs));
  await comes('a', null);
  await comes('c', null);
  await locks.release(held);
  const all = await locks.acquire(['a', 'b', 'c'], minuteMs);
  await refused(locks.acquire(['c'], minuteMs));
  await locks.release(all);
}

async function isWaitedFor() {
  const held = await locks.acquire(['door'], minuteMs);
  let isIn = false;
  const waiting = make({ retryCount: -1 }).acquire(['door'], minuteMs).then((lock) => { isIn = true; return lock; });
  await pause(50);
  assert.ok(!isIn);
  await locks.release(held);
  await locks.release(await waiting);
}

async function isExtended() {
  const held = await locks.acquire(['lease'], minuteMs);
  const longer = await locks.extend(held, 10 * minuteMs);
  for (const server of servers) await until('it is not extended', async () => await server.pttl('lease') > minuteMs);
  await locks.release(longer);
}

async function endsByItself() {
  const first = await locks.acquire(['short'], 100);
  const second = await make({ retryCount: -1 }).acquire(['short'], minuteMs);
  await refused(locks.extend(first, minuteMs));
  await refused(locks.release(first));
  const left = (await values('short')).filter((value) => value === second.value);
  assert.ok(left.length >= 2, 'a lock that was lost took its successor away');
  await locks.release(second);
}

async function isLost() {
  const held = await locks.acquire(['lost'], minuteMs);
  await Promise.all(servers.slice(0, 2).map((server) => server.set('lost', 'of somebody else')));
  await refused(locks.extend(held, minuteMs));
  assert.deepEqual((await values('lost')).slice(0, 2), repeat(2, () => 'of somebody else'));
  await Promise.all(servers.map((server) => server.del('lost')));
}

async function survivesFlushedScripts() {
  for (let i = 0; i < 3; i++) {
    const held = await locks.acquire(['flushed'], minuteMs);
    await Promise.all(servers.map((server) => server.script('FLUSH')));
    await locks.release(held);
  }
}

async function countsRight() {
  const before = Number(await servers[0].get('count') ?? 0);
  await Promise.all(repeat(8, async () => {
    const own = make({ retryCount: -1 });
    for (let i = 0; i < 4; i++) {
      const held = await own.acquire(['counting'], minuteMs);
      const count = Number(await servers[0].get('count') ?? 0);
      await pause(1);
      await servers[0].set('count', count + 1);
      await own.release(held);
    }
  }));
  assert.equal(Number(await servers[0].get('count')), before + 32);
}

async function extendsByItself() {
  if (locks.using === undefined) return;
  await locks.using(['job'], 1500, { automaticExtensionThreshold: 1000 }, async (signal) => {
    const first = await servers[0].pexpiretime('job');
    await until('it is not extended', async () => await servers[0].pexpiretime('job') > first || signal.aborted);
    await refused(locks.acquire(['job'], minuteMs));
  });
  await comes('job', null);
}

async function die(server) {
  server.call('SHUTDOWN', 'NOSAVE').catch(() => {});
  await until('the server does not end', () => server.status === 'end');
}

async function survivesOneDeath() {
  const before = await locks.acquire(['dying'], minuteMs);
  await die(servers[2]);
  await refused(locks.acquire(['dying'], minuteMs));
  await locks.release(await locks.extend(before, minuteMs));
  await isWaitedFor();
  await countsRight();
}

async function refusesWithoutQuorum() {
  await die(servers[1]);
  await refused(locks.acquire(['alone'], minuteMs));
  await comes('alone', null);
}

tell(
  [isExclusive, takesAllOrNothing, isWaitedFor, isExtended, endsByItself, isLost, survivesFlushedScripts, countsRight, extendsByItself,
    survivesOneDeath, refusesWithoutQuorum],
  () => servers[0].quit());
