'use strict';
// Sessions of a web server: they remember, do not mix, and end with the client's cookie.

const assert = require('node:assert/strict');
const http = require('node:http');
const session = require('express-session');
const { RedisStore } = require('connect-redis');
const { createClient } = require('redis');
const { ports, outcome, repeat, tell } = require('./story.cjs');

const client = createClient({ socket: { port: ports[0], reconnectStrategy: false } });
const store = new RedisStore({ client, ttl: 1000 });
const servers = repeat(2, startWeb);

function startWeb() {
  const middleware = session({ store, secret: 'quiet', resave: false, saveUninitialized: false });
  const server = http.createServer((request, response) => {
    response.setHeader('connection', 'close');
    middleware(request, response, () => {
      if (request.url === '/out') {
        request.session.destroy(() => response.end('bye'));
        return;
      }
      request.session.visits = (request.session.visits ?? 0) + 1;
      response.end(String(request.session.visits));
    });
  });
  return server;
}

function ask(server, path, cookie) {
  return new Promise((resolve, reject) => {
    const request = http.get({ port: server.address().port, path, headers: cookie ? { cookie } : {} }, (response) => {
      let text = '';
      response.on('data', (piece) => { text += piece; });
      response.on('end', () => resolve({ text, cookie: response.headers['set-cookie']?.[0].split(';')[0] ?? cookie }));
    });
    request.on('error', reject);
  });
}

async function start() {
  await client.connect();
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); })));
}

async function remembers() {
  const alice = await ask(servers[0], '/');
  assert.equal(alice.text, '1');
  const bob = await ask(servers[0], '/');
  for (const [server, visits] of [[1, '2'], [0, '3'], [1, '4']]) assert.equal((await ask(servers[server], '/', alice.cookie)).text, visits);
  assert.equal((await ask(servers[1], '/', bob.cookie)).text, '2');
  assert.equal(await store.length(), 2);
  const [key] = await client.keys('sess:*');
  const ttl = await client.ttl(key);
  assert.ok(ttl > 0 && ttl <= 1000);
}

async function ends() {
  const carol = await ask(servers[0], '/');
  assert.equal((await ask(servers[1], '/out', carol.cookie)).text, 'bye');
  assert.equal((await ask(servers[0], '/', carol.cookie)).text, '1');
}

async function listsAndClears() {
  await Promise.all(repeat(300, (i) => store.set(`s${i}`, { cookie: {}, number: i })));
  const all = await store.all();
  assert.ok(repeat(300, (i) => i).every((i) => all.some((each) => each.id === `s${i}` && each.number === i)));
  await store.clear();
  assert.equal(await store.length(), 0);
  assert.equal(await outcome(store.get('s1')), null);
}

tell([start, remembers, ends, listsAndClears], async () => {
  servers.forEach((server) => server.close());
  await client.close();
});
