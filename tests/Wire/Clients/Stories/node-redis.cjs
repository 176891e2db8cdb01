'use strict';
// The other client of Node, in both versions of the protocol: scripts as its commands, transactions with them, and blocking and publishing beside.

const assert = require('node:assert/strict');
const { createClient, defineScript } = require('redis');
const { ports, until, outcome, repeat, tell } = require('./story.cjs');

const scripts = {
  take: defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: `
      local left = tonumber(redis.call('GET', KEYS[1]) or '0')
      if left < tonumber(ARGV[1]) then return -1 end
      return redis.call('DECRBY', KEYS[1], ARGV[1])`,
    parseCommand(parser, key, count) {
      parser.pushKey(key);
      parser.push(String(count));
    },
    transformReply: undefined,
  }),
};

const library = `#!lua name=stock
  local function take(keys, args)
    local left = tonumber(redis.call('GET', keys[1]) or '0')
    if left < tonumber(args[1]) then return redis.error_reply('SOLD OUT') end
    return redis.call('DECRBY', keys[1], args[1])
  end
  redis.register_function('take_stock', take)
  redis.register_function{
    function_name = 'count_stock', callback = function(keys) return redis.call('GET', keys[1]) end, flags = { 'no-writes' } }`;

const functions = {
  stock: {
    take_stock: {
      NUMBER_OF_KEYS: 1,
      parseCommand(parser, key, count) {
        parser.pushKey(key);
        parser.push(String(count));
      },
      transformReply: undefined,
    },
  },
};

function make(version) {
  return createClient({ socket: { port: ports[0], reconnectStrategy: false }, RESP: version, scripts, functions });
}

async function withEach(step) {
  for (const version of [2, 3]) {
    const client = make(version);
    await client.connect();
    await client.flushAll();
    await step(client, version);
    await client.close();
  }
}

async function scriptsAsCommands(client) {
  await client.set('stock', 10);
  assert.equal(await client.take('stock', 4), 6);
  assert.equal(await client.take('stock', 7), -1);
  await client.scriptFlush();
  assert.equal(await client.take('stock', 6), 0);
  await client.set('stock', 300);
  const taken = await Promise.all(repeat(400, () => client.take('stock', 1)));
  assert.equal(taken.filter((left) => left >= 0).length, 300);
}

async function scriptsInTransactions(client) {
  await client.set('stock', 10);
  assert.deepEqual(await client.multi().take('stock', 3).take('stock', 8).get('stock').exec(), [7, -1, '7']);
}

async function evaluates(client, version) {
  const reply = await client.eval("return { KEYS[1], ARGV[1], 5, false, { 'x' } }", { keys: ['k'], arguments: ['a'] });
  assert.deepEqual(reply, ['k', 'a', 5, null, ['x']]);
  const typed = await client.eval('redis.setresp(3) return { true, { double = 1.5 } }');
  assert.deepEqual(typed, version === 3 ? [true, 1.5] : [1, '1.5']);
  const map = await client.eval("redis.setresp(3) redis.call('HSET', 'h', 'f', 'v') return redis.call('HGETALL', 'h')");
  assert.deepEqual(version === 3 ? { ...map } : map, version === 3 ? { f: 'v' } : ['f', 'v']);
  assert.match((await outcome(client.eval("return redis.call('NOSUCH')"))).message, /^ERR Unknown Redis command called from script/);
  assert.match((await outcome(client.eval("error('mine')"))).message, /mine/);
}

async function callsFunctions(client) {
  assert.equal(await client.functionLoad(library, { REPLACE: true }), 'stock');
  await client.set('stock', 10);
  assert.equal(await client.stock.take_stock('stock', 4), 6);
  assert.match((await outcome(client.stock.take_stock('stock', 7))).message, /^(ERR )?SOLD OUT/);
  assert.equal(await client.fCallRo('count_stock', { keys: ['stock'], arguments: [] }), '6');
  assert.match((await outcome(client.fCallRo('take_stock', { keys: ['stock'], arguments: ['1'] }))).message, /^ERR Can not execute a script with write flag/);
  assert.deepEqual(await client.multi().fCall('take_stock', { keys: ['stock'], arguments: ['1'] }).get('stock').exec(), [5, '5']);
  assert.match((await outcome(client.functionLoad(library))).message, /^ERR Library 'stock' already exists/);
  const [listed] = await client.functionList();
  assert.deepEqual(listed.functions.map((each) => each.name).sort(), ['count_stock', 'take_stock']);
  assert.equal(await client.functionDelete('stock'), 'OK');
  assert.match((await outcome(client.fCall('take_stock', { keys: ['stock'], arguments: ['1'] }))).message, /^ERR Function not found/);
}

async function blocksAndPublishes(client) {
  const other = client.duplicate();
  await other.connect();
  const waiting = client.blPop('queue', 0);
  await other.eval("return redis.call('RPUSH', KEYS[1], 'job')", { keys: ['queue'], arguments: [] });
  assert.deepEqual({ ...await waiting }, { key: 'queue', element: 'job' });

  const heard = [];
  await other.subscribe('news', (message) => heard.push(message));
  await client.eval("for i = 1, 5 do redis.call('PUBLISH', 'news', i) end");
  await until('the messages do not come', () => heard.length === 5);
  assert.deepEqual(heard, ['1', '2', '3', '4', '5']);
  await other.close();
}

async function watches(client) {
  const other = client.duplicate();
  await other.connect();
  await client.watch('watched');
  await other.eval("redis.call('SET', KEYS[1], 1)", { keys: ['watched'], arguments: [] });
  assert.ok(await outcome(client.multi().set('watched', 2).exec()) instanceof Error);
  assert.equal(await client.get('watched'), '1');
  await other.close();
}

tell(
  [scriptsAsCommands, scriptsInTransactions, evaluates, callsFunctions, blocksAndPublishes, watches].map((step) => () => withEach(step)), async () => {});
