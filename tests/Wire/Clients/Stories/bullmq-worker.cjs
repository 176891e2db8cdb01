'use strict';
// A worker that takes a job, says so, and never finishes it: it is killed.

const { Worker } = require('bullmq');

const work = async () => {
  console.log('taken');
  await new Promise(() => {});
};
new Worker('stalled', work, {
  connection: { port: Number(process.argv[2]), host: '127.0.0.1' }, lockDuration: 500, stalledInterval: 200,
});
setInterval(() => {}, 1000);
