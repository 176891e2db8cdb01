'use strict';
// A Node service that finds its server by sentinels: it writes before, during and after a failover. Arguments: the name of the primary, how
// much to write, and the ports of the sentinels. It says when it has written, and goes on at the next line of its input. Prints "done" at the
// end; any difference ends it with a message and exit code 1.

const assert = require('node:assert/strict');
const readline = require('node:readline');
const Redis = require('ioredis');
const [name, count, ...ports] = process.argv.slice(2);
const client = new Redis({
  sentinels: ports.map((port) => ({ host: '127.0.0.1', port: Number(port) })),
  name,
  maxRetriesPerRequest: null,
  sentinelRetryStrategy: () => 50,
  retryStrategy: () => 50,
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
});
client.on('error', () => {});

async function main() {
  for (let i = 1; i <= Number(count); i++) assert.equal(await client.incr('before'), i);
  console.log('written before');
  const input = readline.createInterface({ input: process.stdin });
  await new Promise((resolve) => input.once('line', resolve));
  input.close();
  const former = client.stream.remotePort;
  // What the former primary still takes may be lost with it: only what the next one has is counted.
  while (client.stream.remotePort === former) {
    await client.set('during', 1).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await client.set('after', 0);
  for (let i = 1; i <= Number(count); i++) assert.equal(await client.incr('after'), i);
  assert.equal(await client.get('before'), count);
  client.disconnect();
}

main().then(() => console.log('done')).catch((error) => {
  console.error(error);
  process.exit(1);
});
