'use strict';
// A queue of jobs with all that BullMQ's scripts do: retries with back-off, delays, priorities, flows, limits, schedules, and a worker that dies.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { FlowProducer, Queue, QueueEvents, UnrecoverableError, Worker } = require('bullmq');
const { ports, until, outcome, repeat, tell } = require('./story.cjs');

const connection = { port: ports[0], host: '127.0.0.1' };
const opened = [];

function open(thing) {
  thing.on('error', () => {});
  opened.push(thing);
  return thing;
}

const queueOf = (name) => open(new Queue(name, { connection }));
const workerOf = (name, work, options = {}) => open(new Worker(name, work, { connection, drainDelay: 1, ...options }));

async function eventsOf(name) {
  const events = open(new QueueEvents(name, { connection }));
  await events.waitUntilReady();
  return events;
}

function counts(queue, expected) {
  return until(`${queue.name} does not come to ${JSON.stringify(expected)}`, async () => {
    const all = await queue.getJobCounts();
    return Object.entries(expected).every(([state, count]) => all[state] === count);
  });
}

async function doesEachJobOnce() {
  const queue = queueOf('many');
  const done = new Map();
  const work = async (job) => {
    done.set(job.id, (done.get(job.id) ?? 0) + 1);
    return job.data.number * 2;
  };
  repeat(3, () => workerOf('many', work, { concurrency: 20 }));
  await queue.addBulk(repeat(300, (number) => ({ name: 'double', data: { number } })));
  await counts(queue, { completed: 300, waiting: 0, active: 0 });
  assert.equal(done.size, 300);
  assert.ok([...done.values()].every((times) => times === 1));
  assert.equal((await queue.getCompleted(0, -1)).reduce((sum, job) => sum + job.returnvalue, 0), 300 * 299);
}

async function answersWhoWaits() {
  const queue = queueOf('asked');
  const events = await eventsOf('asked');
  workerOf('asked', async (job) => {
    await job.updateProgress(50);
    await job.log('half');
    if (job.name === 'bad') throw new Error('no');
    return { text: 'ünï\0' };
  });
  const good = await queue.add('good', {});
  assert.deepEqual(await good.waitUntilFinished(events), { text: 'ünï\0' });
  assert.match((await outcome((await queue.add('bad', {})).waitUntilFinished(events))).message, /^no$/);
  assert.deepEqual((await queue.getJobLogs(good.id)).logs, ['half']);
  assert.equal((await queue.getJob(good.id)).progress, 50);
}

async function triesAgain() {
  const queue = queueOf('retries');
  const begun = {};
  workerOf('retries', async (job) => {
    (begun[job.name] ??= []).push(Date.now());
    if (job.name === 'hopeless') throw new UnrecoverableError('never');
    if (job.name === 'broken' || begun[job.name].length < 3) throw new Error('not yet');
    return 'at last';
  });
  const stubborn = await queue.add('stubborn', {}, { attempts: 5, backoff: { type: 'exponential', delay: 100 } });
  await queue.add('broken', {}, { attempts: 2, backoff: 1 });
  await queue.add('hopeless', {}, { attempts: 5 });
  await counts(queue, { completed: 1, failed: 2, delayed: 0 });
  assert.equal((await queue.getJob(stubborn.id)).attemptsMade, 3);
  const [first, second, third] = begun.stubborn;
  assert.ok(second - first >= 99 && third - second >= 199, `${second - first} and ${third - second} ms`);
  assert.equal(begun.broken.length, 2);
  assert.equal(begun.hopeless.length, 1);
  const failed = await queue.getFailed();
  const broken = failed.find((job) => job.name === 'broken');
  assert.equal(broken.failedReason, 'not yet');
  await broken.retry();
  await until('it is not tried again', () => begun.broken.length === 3);
}

async function waitsAndPrefers() {
  const queue = queueOf('order');
  const begun = [];
  await queue.pause();
  workerOf('order', async (job) => { begun.push([job.name, Date.now()]); });
  const added = Date.now();
  await queue.add('later', {}, { delay: 300 });
  for (const [name, priority] of [['low', 9], ['first', undefined], ['high', 1], ['mid', 5], ['mid too', 5], ['second', undefined]]) {
    await queue.add(name, {}, { priority });
  }
  const promoted = await queue.add('promoted', {}, { delay: 3_600_000 });
  await queue.resume();
  await counts(queue, { completed: 7, delayed: 1 });
  assert.deepEqual(begun.map(([name]) => name).filter((name) => name !== 'later'), ['first', 'second', 'high', 'mid', 'mid too', 'low']);
  assert.ok(begun.find(([name]) => name === 'later')[1] - added >= 299);
  await promoted.promote();
  await counts(queue, { completed: 8, delayed: 0 });
}

async function makesFlows() {
  const flows = open(new FlowProducer({ connection }));
  const parents = queueOf('parents');
  workerOf('children', async (job) => {
    if (job.data.fails && job.attemptsMade === 0) throw new Error('once');
    return job.data.value;
  }, { concurrency: 5 });
  workerOf('parents', async (job) => Object.values(await job.getChildrenValues()).reduce((sum, value) => sum + value, 0));
  const child = (value) => ({ name: `child ${value}`, queueName: 'children', data: { value, fails: value === 3 }, opts: { attempts: 2 } });
  const { job } = await flows.add({
    name: 'top', queueName: 'parents', children: [
      { name: 'middle', queueName: 'parents', children: [child(1), child(2)] }, child(3), child(4),
    ],
  });
  await counts(parents, { completed: 2, 'waiting-children': 0 });
  assert.equal((await parents.getJob(job.id)).returnvalue, 1 + 2 + 3 + 4);
}

async function keepsItsRate() {
  const queue = queueOf('rate');
  const begun = [];
  await queue.addBulk(repeat(7, (number) => ({ name: 'call', data: { number } })));
  const started = Date.now(); // Before the first job is counted, which may be long before it begins here.
  workerOf('rate', async () => { begun.push(Date.now()); }, { concurrency: 5, limiter: { max: 3, duration: 300 } });
  await counts(queue, { completed: 7 });
  assert.ok(begun[6] - started >= 599, `seven jobs within ${begun[6] - started} ms`);
}

async function repeatsAndStops() {
  const queue = queueOf('schedule');
  let runs = 0;
  workerOf('schedule', async () => { runs++; });
  await queue.upsertJobScheduler('tick', { every: 50 }, { name: 'tick', data: { n: 1 } });
  await until('it is not repeated', () => runs >= 4);
  assert.equal((await queue.getJobSchedulers()).length, 1);
  assert.equal(await queue.removeJobScheduler('tick'), true);
  await counts(queue, { delayed: 0, active: 0, waiting: 0 });
  await queue.upsertJobScheduler('nightly', { pattern: '0 0 3 * * *', limit: 5 });
  const [next] = await queue.getDelayed();
  assert.equal(new Date(next.timestamp + next.delay).getMinutes(), 0);
  assert.equal(await queue.removeJobScheduler('nightly'), true);
}

async function takesAJobTwiceOnlyOnce() {
  const queue = queueOf('same');
  await queue.pause();
  for (let i = 0; i < 3; i++) {
    await queue.add('one', {}, { jobId: 'order-1' });
    await queue.add('other', {}, { deduplication: { id: 'd' } });
  }
  assert.equal(await queue.count(), 2);
}

async function takesOverFromADeadWorker() {
  const queue = queueOf('stalled');
  const job = await queue.add('long', {}, { attempts: 3 });
  const worker = spawn(process.execPath, [path.join(__dirname, 'bullmq-worker.cjs'), String(ports[0])], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => { worker.stdout.once('data', resolve); });
  worker.kill('SIGKILL');
  assert.equal(await job.getState(), 'active');
  const stalled = [];
  const other = workerOf('stalled', async () => 'taken over', { lockDuration: 60_000, stalledInterval: 200 });
  other.on('stalled', (id) => stalled.push(id));
  await counts(queue, { completed: 1, active: 0 });
  const finished = await queue.getJob(job.id);
  assert.equal(finished.returnvalue, 'taken over');
  assert.deepEqual(stalled, [job.id]);
}

async function cleansUp() {
  const many = queueOf('many');
  assert.equal((await many.clean(0, 100, 'completed')).length, 100);
  await counts(many, { completed: 200 });
  await many.obliterate({ force: true });
  await counts(many, { completed: 0, waiting: 0 });
}

tell(
  [doesEachJobOnce, answersWhoWaits, triesAgain, waitsAndPrefers, makesFlows, keepsItsRate, repeatsAndStops, takesAJobTwiceOnlyOnce,
    takesOverFromADeadWorker, cleansUp],
  () => Promise.all(opened.map((thing) => thing.close())));
