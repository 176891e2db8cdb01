import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel, ChannelEvents } from "../source/net/channel.ts";
import { ReplyError, textOf, type Reply } from "../source/resp/reply.ts";
import { Following } from "../source/views/live/following.ts";

const status = (text: string): Reply => ({ kind: "status", text });

/** A server to which channels are opened, each lost when the test says so. */
class FakeServer {
  readonly opened: ChannelEvents[] = [];
  readonly told: string[] = [];
  readonly happened: string[] = [];
  readonly waiting: (() => void)[] = [];
  refusal: Error | undefined;
  closed = 0;

  openChannel(events: ChannelEvents): Promise<Channel> {
    this.opened.push(events);
    this.waiting.splice(0).forEach((go) => go());
    const channel = { tell: (request: readonly string[]) => this.told.push(request.join(" ")), close: () => this.closed++ };
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve(channel as unknown as Channel);
  }

  follow(): Following {
    return new Following(this, ["PSUBSCRIBE", "*"], {
      onReply: (reply) => this.happened.push(textOf(reply)),
      onAgain: () => this.happened.push("again"),
      onProblem: (text) => this.happened.push(`problem: ${text}`),
    });
  }

  /** Until the next channel is asked for. */
  nextOpened(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what was lost is followed again, which is told before what comes then", async () => {
  const server = new FakeServer();
  const following = server.follow();
  await settled();
  server.opened[0]!.onPush!(status("one"));
  const again = server.nextOpened();
  server.opened[0]!.onClose("Gone.");
  await again;
  await settled();
  server.opened[1]!.onPush!(status("two"));
  server.opened[1]!.onPush!(status("three"));
  following.stop();
  assert.deepEqual(server.happened, ["one", "problem: Gone. Trying again …", "problem: ", "again", "two", "three"]);
  assert.deepEqual(server.told, ["PSUBSCRIBE *", "PSUBSCRIBE *"]);
  assert.equal(server.closed, 1);
});

test("who is refused does not ask again", async () => {
  const server = new FakeServer();
  server.refusal = new ReplyError("WRONGPASS");
  server.follow();
  await settled();
  assert.deepEqual(server.happened, ["problem: WRONGPASS"]);
});

test("who has stopped hears no more, and asks no more", async () => {
  const server = new FakeServer();
  const following = server.follow();
  await settled();
  server.opened[0]!.onClose("Gone.");
  following.stop();
  server.opened[0]!.onPush!(status("late"));
  server.opened[0]!.onClose("Gone again.");
  await settled();
  assert.deepEqual(server.happened, ["problem: Gone. Trying again …"]);
  assert.equal(server.opened.length, 1);
});

test("a channel that is lost while it opens is lost once", async () => {
  const server = new FakeServer();
  server.refusal = new Error("Gone.");
  const following = server.follow();
  server.opened[0]!.onClose("Gone.");
  await settled();
  following.stop();
  assert.deepEqual(server.happened, ["problem: Gone. Trying again …"]);
});
