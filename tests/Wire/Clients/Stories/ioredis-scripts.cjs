'use strict';
// Commands of one's own: scripts that ioredis calls by their digest, alone, in pipelines, in transactions, and after the server forgot them.

const assert = require('node:assert/strict');
const { outcome, repeat, ioredis, tell } = require('./story.cjs');

const scripts = {
  transfer: {
    numberOfKeys: 2,
    lua: `
      local balance = tonumber(redis.call('GET', KEYS[1]) or '0')
      if balance < tonumber(ARGV[1]) then
        return redis.error_reply('BROKE ' .. KEYS[1] .. ' has ' .. balance)
      end
      return { redis.call('DECRBY', KEYS[1], ARGV[1]), redis.call('INCRBY', KEYS[2], ARGV[1]) }`,
  },
  echo: { lua: 'return { KEYS, ARGV }' },
  types: { numberOfKeys: 0, lua: "return { 1, 'text', false, { ok = 'FINE' }, { 2, { 3 } }, 3.99, true }" },
  fails: { numberOfKeys: 1, lua: "return redis.call('INCR', KEYS[1])" },
  isThere: { numberOfKeys: 1, readOnly: true, lua: "return redis.call('EXISTS', KEYS[1])" },
};
const client = ioredis(undefined, { scripts });

async function alone() {
  await client.set('from', 100);
  assert.deepEqual(await client.transfer('from', 'to', 30), [70, 30]);
  const error = await outcome(client.transfer('from', 'to', 71));
  assert.match(error.message, /^BROKE from has 70/);
  assert.deepEqual(await client.mget('from', 'to'), ['70', '30']);
  assert.deepEqual(await client.echo(2, 'a', 'b', 'c', 1.5), [['a', 'b'], ['c', '1.5']]);
  assert.deepEqual(await client.echo(0), [[], []]);
  assert.deepEqual(await client.types(), [1, 'text', null, 'FINE', [2, [3]], 3, 1]);
  assert.equal(await client.isThere('from'), 1);
}

async function binary() {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  assert.deepEqual(await client.echoBuffer(1, bytes, bytes), [[bytes], [bytes]]);
}

async function errors() {
  await client.lpush('list', 'x');
  assert.match((await outcome(client.fails('list'))).message, /^WRONGTYPE Operation against a key holding the wrong kind of value/);
  assert.match((await outcome(client.eval('return {', 0))).message, /^ERR Error compiling script/);
  assert.match((await outcome(client.evalsha('0'.repeat(40), 0))).message, /^NOSCRIPT /);
}

async function pipelines() {
  const pipeline = client.pipeline();
  for (let i = 0; i < 500; i++) pipeline.set(`a:${i}`, 10).transfer(`a:${i}`, `b:${i}`, i % 20).get(`b:${i}`);
  const results = await pipeline.exec();
  for (let i = 0; i < 500; i++) {
    const [error, moved] = results[3 * i + 1];
    if (i % 20 > 10) assert.match(error.message, /^BROKE/);
    else assert.deepEqual(moved, [10 - i % 20, i % 20]);
    assert.deepEqual(results[3 * i + 2], [null, i % 20 > 10 ? null : String(i % 20)]);
  }
}

async function transactions() {
  await client.mset('from', 50, 'to', 0);
  const [first, second, third] = await client.multi().transfer('from', 'to', 20).transfer('from', 'to', 99).get('to').exec();
  assert.deepEqual(first, [null, [30, 20]]);
  assert.match(second[0].message, /^BROKE/);
  assert.deepEqual(third, [null, '20']);
}

async function forgotten() {
  for (const mode of [[], ['SYNC'], ['ASYNC']]) {
    await client.mset('from', 50, 'to', 0);
    await client.script('FLUSH', ...mode);
    assert.deepEqual(await client.transfer('from', 'to', 20), [30, 20]);
  }
  await client.script('FLUSH');
  const results = await client.pipeline(repeat(10, () => ['transfer', 'from', 'to', 1])).exec();
  assert.deepEqual(results.at(-1), [null, [20, 30]]);
}

async function loaded() {
  const digest = await client.script('LOAD', "return redis.sha1hex('') .. #ARGV");
  assert.deepEqual(await client.script('EXISTS', digest, 'f'.repeat(40)), [1, 0]);
  assert.equal(await client.evalsha(digest, 0, 'x', 'y'), 'da39a3ee5e6b4b0d3255bfef95601890afd807092');
}

async function atOnce() {
  const clients = repeat(20, () => ioredis(undefined, { scripts }));
  await client.mset('from', 1000, 'to', 0);
  const moves = await Promise.all(repeat(1200, (i) => outcome(clients[i % 20].transfer('from', 'to', 1))));
  assert.equal(moves.filter((move) => !(move instanceof Error)).length, 1000);
  assert.deepEqual(await client.mget('from', 'to'), ['0', '1000']);
  await Promise.all(clients.map((each) => each.quit()));
}

tell([alone, binary, errors, pipelines, transactions, forgotten, loaded, atOnce], () => client.quit());
