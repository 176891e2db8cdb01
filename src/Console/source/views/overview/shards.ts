import { fieldOf, itemsOf, numberOf, pairsOf, textOf, type Reply } from "../../resp/reply.ts";

export const SlotCount = 16_384;

/** Slots from the first to the last, both included. */
export interface SlotRange {
  first: number;
  last: number;
}

export interface ShardNode {
  id: string;
  address: string;
  isPrimary: boolean;
  health: string;
  /** Where it is in the stream of changes. */
  offset: number;
  /** The page comes from it. */
  isThis: boolean;
}

/** Slots, and the nodes that have them: the primary first. */
export interface Shard {
  ranges: readonly SlotRange[];
  slotCount: number;
  nodes: readonly ShardNode[];
}

/** What CLUSTER SHARDS tells, those with the first slots first and those without any last. */
export function shardsOf(reply: Reply, self: string): Shard[] {
  return itemsOf(reply)
    .map((shard): Shard => {
      const ranges = rangesOf(fieldOf(shard, "slots"));
      const nodes = itemsOf(fieldOf(shard, "nodes")).map((node) => nodeOf(node, self));
      return {
        ranges,
        slotCount: ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0),
        nodes: [...nodes.filter((node) => node.isPrimary), ...nodes.filter((node) => !node.isPrimary)],
      };
    })
    .sort((left, right) => firstOf(left) - firstOf(right));
}

/** `0-5460 7000`, or nothing. */
export function rangesText(ranges: readonly SlotRange[]): string {
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(" ");
}

function rangesOf(slots: Reply | undefined): SlotRange[] {
  return pairsOf(slots)
    .map(([first, last]) => ({ first: numberOf(first), last: numberOf(last) }))
    .sort((left, right) => left.first - right.first);
}

function firstOf(shard: Shard): number {
  return shard.ranges[0]?.first ?? SlotCount;
}

/** An endpoint that is not told, or is unknown (`?`), is the address; a node that nobody has met does not know its own. */
function nodeOf(node: Reply, self: string): ShardNode {
  const text = (name: string): string => textOf(fieldOf(node, name));
  const endpoint = text("endpoint");
  const host = (endpoint === "?" ? "" : endpoint) || text("hostname") || text("ip");
  const port = text("port") || text("tls-port");
  const id = text("id");
  return {
    id,
    address: host ? `${host.includes(":") ? `[${host}]` : host}:${port}` : `port ${port}`,
    isPrimary: text("role") === "master" || text("role") === "primary",
    health: text("health"),
    offset: Number(text("replication-offset") || NaN),
    isThis: id === self,
  };
}
