/** A reply of RESP3 with the kind that it came as, so that it can be shown as it came. */
export type Reply =
  | { kind: "status"; text: string }
  | { kind: "error"; text: string }
  | { kind: "integer"; text: string }
  | { kind: "double"; text: string }
  | { kind: "bignumber"; text: string }
  | { kind: "boolean"; value: boolean }
  | { kind: "null" }
  | BytesReply
  | { kind: "array" | "set" | "push"; items: Reply[] }
  | { kind: "map"; items: Reply[] };

/** A string: its first bytes, and the length of the whole, of which the rest was thrown away. */
export interface BytesReply {
  kind: "bytes";
  bytes: Uint8Array;
  length: number;
}

/** What the server answered instead of doing what it was asked. */
export class ReplyError extends Error {
  get isDenied(): boolean {
    return this.message.startsWith("NOPERM");
  }
}

const decoder = new TextDecoder();

export function isNull(reply: Reply | undefined): boolean {
  return reply === undefined || reply.kind === "null";
}

/** The text of anything that is one; nothing for what is not there. */
export function textOf(reply: Reply | undefined): string {
  switch (reply?.kind) {
    case "bytes":
      return decoder.decode(reply.bytes);
    case "status":
    case "error":
    case "integer":
    case "double":
    case "bignumber":
      return reply.text;
    case "boolean":
      return String(reply.value);
    default:
      return "";
  }
}

export function bytesOf(reply: Reply | undefined): Uint8Array {
  return reply?.kind === "bytes" ? reply.bytes : new TextEncoder().encode(textOf(reply));
}

/** The length of the whole string, also where only its beginning was kept. */
export function lengthOf(reply: Reply | undefined): number {
  return reply?.kind === "bytes" ? reply.length : bytesOf(reply).length;
}

/** Whether all bytes are here, so that nothing is cut off by who writes them back. */
export function isWhole(reply: Reply | undefined): boolean {
  return lengthOf(reply) === bytesOf(reply).length;
}

export function numberOf(reply: Reply | undefined): number {
  switch (reply?.kind) {
    case "boolean":
      return reply.value ? 1 : 0;
    case "double":
      return scoreOf(reply.text);
    default:
      return Number(textOf(reply));
  }
}

export function itemsOf(reply: Reply | undefined): Reply[] {
  return reply && "items" in reply ? reply.items : [];
}

/** Pairs of a map, or of an array that alternates names and values. */
export function pairsOf(reply: Reply | undefined): [Reply, Reply][] {
  const items = itemsOf(reply);
  const pairs: [Reply, Reply][] = [];
  for (let i = 0; i + 1 < items.length; i += 2) {
    pairs.push([items[i]!, items[i + 1]!]);
  }
  return pairs;
}

/** What a map has under a name. */
export function fieldOf(reply: Reply | undefined, name: string): Reply | undefined {
  return pairsOf(reply).find(([key]) => textOf(key) === name)?.[1];
}

function scoreOf(text: string): number {
  if (text === "inf" || text === "+inf") {
    return Infinity;
  }
  return text === "-inf" ? -Infinity : Number(text);
}
