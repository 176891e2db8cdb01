import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../source/resp/reply.ts";
import { Catalog } from "../source/session/catalog.ts";

const text = (value: string): Reply => ({ kind: "status", text: value });
const map = (...items: Reply[]): Reply => ({ kind: "map", items });
const docs = map(text("get"), map(text("summary"), text("Returns a string.")));

/** A server that refuses, or is lost, before it answers. */
function failing(times: number): { asked: number; call(): Promise<Reply> } {
  return {
    asked: 0,
    call() {
      return this.asked++ < times ? Promise.reject(new Error("LOADING")) : Promise.resolve(docs);
    },
  };
}

test("the commands are asked for until they are told, and then no more", async () => {
  const server = failing(2);
  const catalog = new Catalog(server);
  await assert.rejects(catalog.load(), /LOADING/);
  await assert.rejects(catalog.load(), /LOADING/);
  assert.equal((await catalog.load()).get("get")?.summary, "Returns a string.");
  await catalog.load();
  assert.equal(server.asked, 3);
});

test("who asks while it is asked waits for the same answer", async () => {
  const server = failing(0);
  const catalog = new Catalog(server);
  const [left, right] = await Promise.all([catalog.load(), catalog.load()]);
  assert.equal(left, right);
  assert.equal(server.asked, 1);
});
