// ioredis over TLS, with a certificate of its own: pipelines, large values, messages.
'use strict';
const assert = require('assert');
const fs = require('fs');
const Redis = require('ioredis');

const [port, ca, cert, key] = process.argv.slice(2);
const options = {
  host: '127.0.0.1',
  port: Number(port),
  maxRetriesPerRequest: 1,
  tls: { ca: fs.readFileSync(ca), cert: fs.readFileSync(cert), key: fs.readFileSync(key), servername: 'localhost' },
};

async function main() {
  const client = new Redis(options);
  assert.strictEqual(await client.ping(), 'PONG');
  const pipeline = client.pipeline();
  for (let index = 0; index < 10000; index++) {
    pipeline.set(`key:${index}`, `value ${index}`);
    pipeline.get(`key:${index}`);
  }
  const results = await pipeline.exec();
  for (let index = 0; index < 10000; index++) {
    assert.deepStrictEqual(results[2 * index + 1], [null, `value ${index}`]);
  }
  const large = Buffer.alloc(5000000, 'abcdefghij');
  await client.set('large', large);
  assert.ok(large.equals(await client.getBuffer('large')));
  const subscriber = new Redis(options);
  const heard = new Promise((resolve) => subscriber.on('message', (_, message) => resolve(message)));
  await subscriber.subscribe('news');
  await client.publish('news', 'hello');
  assert.strictEqual(await heard, 'hello');
  await subscriber.quit();
  await client.quit();
  console.log('done');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
