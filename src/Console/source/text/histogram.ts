import { fieldOf, numberOf, pairsOf, textOf, type Reply } from "../resp/reply.ts";

/** How many calls took at most so many microseconds, by bound; counts include those of the bounds before. */
export type Histogram = ReadonlyMap<number, number>;

/** What LATENCY HISTOGRAM tells of each command since the counters began. */
export function readHistograms(reply: Reply): Map<string, Histogram> {
  return new Map(
    pairsOf(reply).map(([name, value]) => [
      textOf(name),
      new Map(pairsOf(fieldOf(value, "histogram_usec")).map(([bound, calls]) => [numberOf(bound), numberOf(calls)])),
    ]),
  );
}

/** Calls by bound, each counted once, of what came between two readings; all of the later where the counters began anew. */
export function callsBetween(earlier: Histogram | undefined, later: Histogram): Map<number, number> {
  const before = each(earlier ?? new Map());
  const calls = each(later);
  const isNew = [...before].some(([bound, count]) => (calls.get(bound) ?? 0) < count);
  if (!isNew) {
    for (const [bound, count] of before) {
      calls.set(bound, (calls.get(bound) ?? 0) - count);
    }
  }
  return calls;
}

export function addCalls(sum: Map<number, number>, calls: ReadonlyMap<number, number>): void {
  for (const [bound, count] of calls) {
    sum.set(bound, (sum.get(bound) ?? 0) + count);
  }
}

/** The time within which this part of the calls was done; within a bound they are taken to lie evenly. Null without calls. */
export function percentile(calls: ReadonlyMap<number, number>, part: number): number | null {
  const bounds = [...calls].filter(([, count]) => count > 0).sort(([left], [right]) => left - right);
  const wanted = bounds.reduce((sum, [, count]) => sum + count, 0) * part;
  let seen = 0;
  for (const [bound, count] of bounds) {
    if (seen + count >= wanted) {
      const low = bound / 2;
      return low + ((bound - low) * (wanted - seen)) / count;
    }
    seen += count;
  }
  return null;
}

function each(histogram: Histogram): Map<number, number> {
  const calls = new Map<number, number>();
  let before = 0;
  for (const [bound, count] of [...histogram].sort(([left], [right]) => left - right)) {
    calls.set(bound, count - before);
    before = count;
  }
  return calls;
}
