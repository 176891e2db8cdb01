import type { Reply } from "./reply.ts";

const CarriageReturn = 13;
const LineFeed = 10;

/** A line that is longer has no end: lines carry numbers and short texts. */
const LineMax = 1 << 20;
const DepthMax = 128;

/** An array, set, map or push of which items are still to come. */
interface Open {
  kind: "array" | "set" | "push" | "map" | "attribute";
  items: Reply[];
  missing: number;
}

/** A string of which bytes are still to come; those that do not fit in what is kept are counted and thrown away. */
interface Bulk {
  kept: Uint8Array;
  length: number;
  filled: number;
  isVerbatim: boolean;
}

/**
 * Reads RESP3 (and RESP2) that comes in pieces of any size. No byte is looked at twice, and of a string only as many bytes
 * are kept as the reader wants: `keepMax` is asked when the string begins.
 */
export class Parser {
  readonly #keepMax: () => number;
  readonly #onReply: (reply: Reply) => void;
  readonly #open: Open[] = [];
  readonly #decoder = new TextDecoder();
  #line: Uint8Array = new Uint8Array(256);
  #lineLength = 0;
  #bulk: Bulk | undefined;

  constructor(keepMax: () => number, onReply: (reply: Reply) => void) {
    this.#keepMax = keepMax;
    this.#onReply = onReply;
  }

  /** Takes what came; throws where it is not RESP. */
  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#bulk ? this.#fill(this.#bulk, chunk, at) : this.#readLine(chunk, at);
    }
  }

  #fill(bulk: Bulk, chunk: Uint8Array, at: number): number {
    const whole = bulk.length + 2;
    const end = Math.min(chunk.length, at + whole - bulk.filled);
    if (bulk.filled < bulk.kept.length) {
      bulk.kept.set(chunk.subarray(at, Math.min(end, at + bulk.kept.length - bulk.filled)), bulk.filled);
    }
    bulk.filled += end - at;
    if (bulk.filled === whole) {
      this.#bulk = undefined;
      const skipped = bulk.isVerbatim ? Math.min(4, bulk.length) : 0;
      this.#add({ kind: "bytes", bytes: bulk.kept.subarray(skipped), length: bulk.length - skipped });
    }
    return end;
  }

  #readLine(chunk: Uint8Array, at: number): number {
    const end = chunk.indexOf(LineFeed, at);
    const part = chunk.subarray(at, end < 0 ? chunk.length : end + 1);
    this.#append(part);
    if (end < 0) {
      return chunk.length;
    }
    if (this.#lineLength < 3 || this.#line[this.#lineLength - 2] !== CarriageReturn) {
      throw new Error("a line of the protocol does not end as it should");
    }
    const text = this.#decoder.decode(this.#line.subarray(1, this.#lineLength - 2));
    const type = String.fromCharCode(this.#line[0]!);
    this.#lineLength = 0;
    this.#begin(type, text);
    return end + 1;
  }

  #append(part: Uint8Array): void {
    const length = this.#lineLength + part.length;
    if (length > LineMax) {
      throw new Error("a line of the protocol does not end");
    }
    if (length > this.#line.length) {
      const larger = new Uint8Array(Math.max(length, this.#line.length * 2));
      larger.set(this.#line.subarray(0, this.#lineLength));
      this.#line = larger;
    }
    this.#line.set(part, this.#lineLength);
    this.#lineLength = length;
  }

  #begin(type: string, text: string): void {
    switch (type) {
      case "+":
        return this.#add({ kind: "status", text });
      case "-":
        return this.#add({ kind: "error", text });
      case ":":
        return this.#add({ kind: "integer", text });
      case ",":
        return this.#add({ kind: "double", text });
      case "(":
        return this.#add({ kind: "bignumber", text });
      case "#":
        return this.#add({ kind: "boolean", value: text === "t" });
      case "_":
        return this.#add({ kind: "null" });
      case "$":
      case "=":
      case "!":
        return this.#beginBulk(type, text);
      case "*":
        return this.#beginItems("array", text, 1);
      case "~":
        return this.#beginItems("set", text, 1);
      case ">":
        return this.#beginItems("push", text, 1);
      case "%":
        return this.#beginItems("map", text, 2);
      case "|":
        return this.#beginItems("attribute", text, 2);
      default:
        throw new Error(`the protocol knows no type ${JSON.stringify(type)}`);
    }
  }

  #beginBulk(type: string, text: string): void {
    const length = this.#count(text);
    if (length < 0) {
      return this.#add({ kind: "null" });
    }
    const kept = new Uint8Array(Math.min(length, this.#keepMax()));
    this.#bulk = { kept, length, filled: 0, isVerbatim: type === "=" };
  }

  #beginItems(kind: Open["kind"], text: string, each: number): void {
    const count = this.#count(text);
    if (count < 0) {
      return this.#add({ kind: "null" });
    }
    if (this.#open.length >= DepthMax) {
      throw new Error("a reply is nested too deeply");
    }
    this.#open.push({ kind, items: [], missing: count * each });
    this.#close();
  }

  #count(text: string): number {
    const count = Number(text);
    if (!Number.isSafeInteger(count) || count < -1 || text === "") {
      throw new Error(`the protocol has no length ${JSON.stringify(text)}`);
    }
    return count;
  }

  #add(reply: Reply): void {
    const inner = this.#open.at(-1);
    if (!inner) {
      this.#onReply(reply);
      return;
    }
    inner.items.push(reply);
    inner.missing--;
    this.#close();
  }

  #close(): void {
    const inner = this.#open.at(-1);
    if (!inner || inner.missing > 0) {
      return;
    }
    this.#open.pop();
    if (inner.kind !== "attribute") {
      this.#add({ kind: inner.kind, items: inner.items });
    }
  }
}
