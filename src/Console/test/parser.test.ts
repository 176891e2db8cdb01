import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRequest } from "../source/resp/encoder.ts";
import { Parser } from "../source/resp/parser.ts";
import { bytesOf, fieldOf, itemsOf, lengthOf, numberOf, textOf, type Reply } from "../source/resp/reply.ts";

const encoder = new TextEncoder();

const All =
  "+OK\r\n-ERR no\r\n:-12\r\n,1.5\r\n,inf\r\n(123456789012345678901234567890\r\n#t\r\n#f\r\n_\r\n$-1\r\n*-1\r\n$0\r\n\r\n" +
  "$5\r\na\r\nb\n\r\n=8\r\ntxt:text\r\n!7\r\nERR bad\r\n*2\r\n*0\r\n%1\r\n+a\r\n~1\r\n:1\r\n" +
  ">2\r\n+message\r\n+x\r\n|1\r\n+ttl\r\n:1\r\n+after\r\n";

function parse(pieces: readonly Uint8Array[], keep = 1000): Reply[] {
  const replies: Reply[] = [];
  const parser = new Parser(() => keep, (reply) => replies.push(reply));
  pieces.forEach((piece) => parser.feed(piece));
  return replies;
}

test("each type is read", () => {
  const replies = parse([encoder.encode(All)]);
  assert.deepEqual(
    replies.map((reply) => reply.kind),
    [
      ..."status error integer double double bignumber boolean boolean null null null bytes bytes bytes bytes array push status".split(" "),
    ],
  );
  assert.equal(numberOf(replies[2]), -12);
  assert.equal(numberOf(replies[4]), Infinity);
  assert.equal(textOf(replies[5]), "123456789012345678901234567890");
  assert.equal(textOf(replies[12]), "a\r\nb\n");
  assert.equal(textOf(replies[13]), "text");
  assert.equal(numberOf(itemsOf(fieldOf(itemsOf(replies[15])[1], "a"))[0]), 1);
  assert.equal(textOf(replies[17]), "after");
});

test("pieces of any size give the same", () => {
  const bytes = encoder.encode(All);
  const whole = parse([bytes]);
  for (let size = 1; size < bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    assert.deepEqual(parse(pieces), whole, `pieces of ${size}`);
  }
});

test("of a long string the beginning is kept, and what follows it is read", () => {
  const bytes = encoder.encode(`$100000\r\n${"x".repeat(100_000)}\r\n+OK\r\n`);
  for (const size of [1000, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    const [text, next] = parse(pieces, 10);
    assert.equal(bytesOf(text).length, 10);
    assert.equal(lengthOf(text), 100_000);
    assert.equal(textOf(next), "OK");
  }
});

test("what is not the protocol is refused", () => {
  for (const text of ["?x\r\n", "$x\r\n", "$-2\r\n", "*1.5\r\n", "+a\n", "$\r\n", "*1\r\n".repeat(1000), `+${"a".repeat(2 << 20)}`]) {
    assert.throws(() => parse([encoder.encode(text)]), Error, `${text.slice(0, 10)} is taken`);
  }
});

test("a request is an array of strings", () => {
  const request = encodeRequest(["SET", Uint8Array.of(0xff, 0), 12, "ä"]);
  const expected = [...encoder.encode("*4\r\n$3\r\nSET\r\n$2\r\n"), 0xff, 0, ...encoder.encode("\r\n$2\r\n12\r\n$2\r\nä\r\n")];
  assert.deepEqual([...request], expected);
});
