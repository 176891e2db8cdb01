import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const LineMax = 140;
const FileMax = 600;
const root = process.env["CONSOLE_SOURCES"]!;

const files = ["source", "test", "styles"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|css)$/.test(name))
    .map((name) => join(folder, name)),
);

/** Ways around the types, and ways from text to markup or code. */
const Forbidden = [
  /[:<] ?any\b/,
  /\bas (any|unknown as)\b/,
  /@ts-(ignore|nocheck)/,
  new RegExp(["inner", "HTML"].join("")),
  new RegExp(["outer", "HTML"].join("")),
  new RegExp(["insertAdjacent", "HTML"].join("")),
  new RegExp(["document", "\\.write"].join("")),
  /\b(eval|Function)\(/,
  /https?:\/\//,
];

test("there are sources", () => assert.ok(files.length > 30));

test("nothing turns data into markup or code, and nothing goes around the types", () => {
  for (const file of files.filter((name) => !name.startsWith("test"))) {
    const text = readFileSync(join(root, file), "utf8");
    Forbidden.forEach((pattern) => assert.doesNotMatch(text, pattern, file));
  }
});

test("files are small, and lines too", () => {
  for (const file of files) {
    const lines = readFileSync(join(root, file), "utf8").split("\n");
    assert.ok(lines.length <= FileMax, file);
    lines.forEach((line, i) => assert.ok(line.length <= LineMax, `${file}:${i + 1}`));
  }
});
