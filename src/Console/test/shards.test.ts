import assert from "node:assert/strict";
import { test } from "node:test";
import { Parser } from "../source/resp/parser.ts";
import type { Reply } from "../source/resp/reply.ts";
import { rangesText, shardsOf } from "../source/views/overview/shards.ts";

type Plain = string | number | null | readonly Plain[] | { readonly [name: string]: Plain };

/** The reply as a server of RESP3 sends it. */
function sent(value: Plain): Reply {
  const replies: Reply[] = [];
  new Parser(() => 1000, (reply) => replies.push(reply)).feed(new TextEncoder().encode(encoded(value)));
  return replies[0]!;
}

function encoded(value: Plain): string {
  if (value === null) {
    return "_\r\n";
  }
  if (typeof value === "number") {
    return `:${value}\r\n`;
  }
  if (typeof value === "string") {
    return `$${value.length}\r\n${value}\r\n`;
  }
  if (Array.isArray(value)) {
    return `*${value.length}\r\n${value.map(encoded).join("")}`;
  }
  const pairs = Object.entries(value);
  return `%${pairs.length}\r\n${pairs.map(([name, part]) => encoded(name) + encoded(part)).join("")}`;
}

function node(id: string, port: number, role: string, offset: number, more: { readonly [name: string]: Plain } = {}): Plain {
  return { id, port, ip: "10.0.0.1", endpoint: "10.0.0.1", role, "replication-offset": offset, health: "online", ...more };
}

const several = sent([
  { slots: [], nodes: [node("e", 7005, "master", 0)] },
  { slots: [16_383, 16_383, 5461, 10_922], nodes: [node("b", 7002, "replica", 90), node("c", 7001, "master", 100)] },
  {
    slots: [0, 5460],
    nodes: [node("a", 7000, "master", 50), node("d", 7003, "replica", 40, { health: "fail", endpoint: "?", hostname: "four.example" })],
  },
]);

test("shards stand in the order of their slots, the primary before its replicas", () => {
  const shards = shardsOf(several, "b");
  assert.deepEqual(
    shards.map((shard) => [rangesText(shard.ranges), shard.slotCount, shard.nodes.map((one) => one.id).join("")]),
    [
      ["0-5460", 5461, "ad"],
      ["5461-10922 16383", 5463, "cb"],
      ["", 0, "e"],
    ],
  );
});

test("of each node it is told where it is, how it is, and whether it is this one", () => {
  const [first, second] = shardsOf(several, "b");
  assert.deepEqual(first!.nodes[1], {
    id: "d",
    address: "four.example:7003",
    isPrimary: false,
    health: "fail",
    offset: 40,
    isThis: false,
  });
  assert.deepEqual(
    second!.nodes.map((one) => [one.address, one.isPrimary, one.isThis, one.offset]),
    [
      ["10.0.0.1:7001", true, false, 100],
      ["10.0.0.1:7002", false, true, 90],
    ],
  );
});

test("a node that does not know its address is told by its port", () => {
  const reply = sent([{ slots: [], nodes: [{ id: "a", port: 7000, ip: "", endpoint: "", role: "master", health: "online" }] }]);
  assert.equal(shardsOf(reply, "a")[0]!.nodes[0]!.address, "port 7000");
});

test("an endpoint that is not told is the address, and one of IPv6 stands in brackets", () => {
  const reply = sent([
    { slots: [0, 16_383], nodes: [{ id: "a", "tls-port": 7000, ip: "::1", endpoint: null, role: "master", health: "online" }] },
  ]);
  const [only] = shardsOf(reply, "a");
  assert.equal(only!.nodes[0]!.address, "[::1]:7000");
  assert.ok(only!.nodes[0]!.isThis);
  assert.ok(Number.isNaN(only!.nodes[0]!.offset));
});

test("what RESP2 would send, names and values in turn, is read alike", () => {
  const one = ["id", "a", "port", 1, "ip", "h", "endpoint", "h", "role", "master", "health", "online"];
  const flat = sent([["slots", [0, 1], "nodes", [one]]]);
  assert.equal(shardsOf(flat, "")[0]!.nodes[0]!.address, "h:1");
});
