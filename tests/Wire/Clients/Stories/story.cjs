'use strict';
// What the stories of this folder share. A story is told against the ports given on the command line; it prints "done" at the end, and
// whatever differs ends it with a message and exit code 1.

const assert = require('node:assert/strict');

const patienceMs = 60_000;
const ports = process.argv.slice(2).map(Number);

/** Waits for what must come, on however slow a machine. */
async function until(complaint, condition) {
  const started = Date.now();
  for (let pauseMs = 1; !(await condition()); pauseMs = Math.min(pauseMs + 1, 20)) {
    assert.ok(Date.now() - started < patienceMs, complaint);
    await pause(pauseMs);
  }
}

function pause(timeMs) {
  return new Promise((resolve) => setTimeout(resolve, timeMs));
}

/** What was thrown, or what the value was if nothing was. */
function outcome(promise) {
  return promise.catch((error) => error);
}

function repeat(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A client of ioredis that does not connect again by itself: what fails must show. */
function ioredis(port = ports[0], options = {}) {
  const Redis = require('ioredis');
  const client = new Redis({ port, connectTimeout: patienceMs, retryStrategy: null, maxRetriesPerRequest: 1, ...options });
  client.on('error', () => {});
  return client;
}

function tell(steps, end) {
  (async () => {
    for (const step of steps) await step();
    await end();
    console.log('done');
  })().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = { ports, patienceMs, until, pause, outcome, repeat, ioredis, tell };
