import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeBytes, fromAddress, hexLines, plainText, toAddress, unescapeText } from "../source/text/bytes.ts";
import { splitArguments, wordAt } from "../source/text/commandLine.ts";
import { duration, microseconds, short, size } from "../source/text/format.ts";
import { callsBetween, percentile } from "../source/text/histogram.ts";
import { Info } from "../source/text/info.ts";
import { layOut, prettyJson } from "../source/views/keys/json.ts";
import { toGlob } from "../source/text/glob.ts";

const encoder = new TextEncoder();

test("what is not seen is escaped, letters are not", () => {
  assert.equal(escapeBytes(encoder.encode('ä日"<b>\\\n\r\t\x07\b\0')), 'ä日"<b>\\\\\\n\\r\\t\\a\\b\\x00');
  assert.equal(escapeBytes(encoder.encode("a\u202eb\u200b\u2028\u00ad")), "a\\xe2\\x80\\xaeb\\xe2\\x80\\x8b\\xe2\\x80\\xa8\\xc2\\xad");
  assert.equal(escapeBytes(Uint8Array.of(0x41, 0xff, 0xc3, 0x28, 0xe2, 0x82)), "A\\xff\\xc3(\\xe2\\x82");
  assert.equal(escapeBytes(Uint8Array.of(0xc0, 0xaf, 0xed, 0xa0, 0x80)), "\\xc0\\xaf\\xed\\xa0\\x80");
});

test("any bytes survive escapes and addresses", () => {
  const all = Uint8Array.from({ length: 512 }, (_, i) => (i * 7) & 255);
  for (const bytes of [all, encoder.encode("a\\x41 \\n %41 ä/#?日"), new Uint8Array()]) {
    assert.deepEqual(unescapeText(escapeBytes(bytes)), bytes);
    assert.deepEqual(fromAddress(toAddress(bytes)), bytes);
  }
});

test("text that is seen whole is plain", () => {
  assert.equal(plainText(encoder.encode("a\n\tä")), "a\n\tä");
  assert.equal(plainText(encoder.encode("a\0")), undefined);
  assert.equal(plainText(Uint8Array.of(0xff)), undefined);
  assert.equal(plainText(encoder.encode("\ufeffa")), undefined);
});

test("bytes in hexadecimal", () => {
  assert.deepEqual(hexLines(Uint8Array.of(0, 65, 255), 16), [{ offset: "00000010", hex: "00 41 ff", characters: "·A·" }]);
});

test("a line is split as redis-cli splits it", () => {
  const split = (line: string): string[] | undefined => splitArguments(line)?.map(escapeBytes);
  assert.deepEqual(split('SET "a b" \'c d\' e  '), ["SET", "a b", "c d", "e"]);
  assert.deepEqual(split('x "\\x00\\n\\"" \'\\n\\\'\''), ["x", '\\x00\\n"', "\\\\n'"]);
  assert.deepEqual(split('a ""'), ["a", ""]);
  for (const line of ['a "b', "a 'b", 'a "b"c']) {
    assert.equal(split(line), undefined, line);
  }
  assert.deepEqual(wordAt("config ge", 9), { word: "ge", start: 7, before: ["config"] });
});

test("numbers for people", () => {
  assert.equal(short(1234), "1.23 k");
  assert.equal(short(12), "12");
  assert.equal(size(1536), "1.50 KB");
  assert.equal(microseconds(1500), "1.50 ms");
  assert.equal(duration(3725), "1 h 2 min");
  assert.equal(duration(0.25), "250 ms");
});

test("percentiles of what came between two readings", () => {
  const earlier = new Map([[2, 10]]);
  const later = new Map([
    [2, 10],
    [4, 30],
    [1024, 31],
  ]);
  const calls = callsBetween(earlier, later);
  assert.equal(calls.get(2), 0);
  assert.equal(percentile(calls, 0.5), 2 + (2 * 10.5) / 20);
  assert.equal(percentile(calls, 1), 1024);
  assert.equal(percentile(new Map(), 0.5), null);
  assert.equal(callsBetween(later, earlier).get(2), 10, "the counters began anew");
});

test("INFO is read", () => {
  const info = new Info("# Server\r\nos:Linux 6:1\r\n\r\n# Commandstats\r\ncmdstat_get:calls=2,usec=3\r\n");
  assert.equal(info.text("os"), "Linux 6:1");
  assert.ok(Number.isNaN(info.number("none")));
  assert.equal(info.tables("cmdstat_")[0]?.values.get("usec"), "3");
});

test("JSON is laid out without a change to what it says", () => {
  const text = '{"a":12345678901234567890,"b":[],"c":[1,{"d":"x\\"y, {"}],"e":{}}';
  const pretty = prettyJson(encoder.encode(text));
  const end = '    {\n      "d": "x\\"y, {"\n    }\n  ],\n  "e": {}\n}';
  assert.equal(pretty, `{\n  "a": 12345678901234567890,\n  "b": [],\n  "c": [\n    1,\n${end}`);
  assert.deepEqual(JSON.parse(layOut(pretty!)), JSON.parse(text));
  assert.equal(prettyJson(encoder.encode('{"a":')), undefined);
  assert.equal(prettyJson(encoder.encode("12")), undefined);
});

test("a part of a name is a pattern", () => {
  assert.deepEqual([toGlob(""), toGlob("ab"), toGlob("a*"), toGlob("[ab]")], ["*", "*ab*", "a*", "[ab]"]);
});
