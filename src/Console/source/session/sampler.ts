import { textOf } from "../resp/reply.ts";
import { addCalls, callsBetween, percentile, readHistograms, type Histogram } from "../text/histogram.ts";
import { Info } from "../text/info.ts";
import type { Session } from "./session.ts";
import { Store } from "./store.ts";

const PeriodMs = 2000;

/** Ten minutes. */
const HistoryMax = 300;

/** What went on between two readings; null where nothing can be told. */
export interface Sample {
  timeMs: number;
  operations: number | null;
  p50: number | null;
  p99: number | null;
  p999: number | null;
  hitRatio: number | null;
  memory: number;
  resident: number;
  clients: number;
  /** Of one core. */
  cpu: number | null;
  bytesIn: number | null;
  bytesOut: number | null;
}

/** What a command did between two readings. */
export interface CommandLoad {
  name: string;
  callsPerSecond: number;
  /** Of one core: 1 is all of it. */
  share: number;
  p99: number | null;
  failed: number;
}

export interface Overview {
  info: Info;
  samples: readonly Sample[];
  commands: readonly CommandLoad[];
}

interface Reading {
  timeMs: number;
  info: Info;
  histograms: ReadonlyMap<string, Histogram>;
}

/** Reads INFO and the histograms of latency every two seconds while the page is seen, and keeps what follows from them. */
export class Sampler {
  readonly overview = new Store<Overview | undefined>(undefined);
  readonly error = new Store("");
  readonly #session: Session;
  #samples: readonly Sample[] = [];
  #last: Reading | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Begins anew, until the returned function is called. */
  start(): () => void {
    let timer = 0;
    let isOver = false;
    const round = async (): Promise<void> => {
      if (!document.hidden) {
        await this.#read().catch((error: unknown) => (this.error.value = String(error)));
      }
      if (!isOver) {
        timer = window.setTimeout(() => void round(), PeriodMs);
      }
    };
    void round();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }

  async #read(): Promise<void> {
    const [info, latency] = await this.#session.all([
      ["INFO", "default", "commandstats"],
      ["LATENCY", "HISTOGRAM"],
    ], 1 << 20);
    if (info!.kind === "error") {
      this.error.value = textOf(info);
      return;
    }
    const reading = { timeMs: Date.now(), info: new Info(textOf(info)), histograms: readHistograms(latency!) };
    const last = this.#last && isSameRun(this.#last, reading) ? this.#last : undefined;
    const { commands, all } = loads(last, reading);
    this.#samples = [...this.#samples, sample(last, reading, all)].slice(-HistoryMax);
    this.#last = reading;
    this.error.value = "";
    this.overview.value = { info: reading.info, samples: this.#samples, commands };
  }
}

function isSameRun(last: Reading, now: Reading): boolean {
  return last.info.text("run_id") === now.info.text("run_id") && now.timeMs > last.timeMs;
}

function sample(last: Reading | undefined, now: Reading, calls: ReadonlyMap<number, number>): Sample {
  const rate = (name: string): number | null => {
    const grown = last ? now.info.number(name) - last.info.number(name) : -1;
    return last && grown >= 0 ? (grown * 1000) / (now.timeMs - last.timeMs) : null;
  };
  const hits = rate("keyspace_hits");
  const lookups = (hits ?? 0) + (rate("keyspace_misses") ?? 0);
  return {
    timeMs: now.timeMs,
    operations: rate("total_commands_processed"),
    p50: percentile(calls, 0.5),
    p99: percentile(calls, 0.99),
    p999: percentile(calls, 0.999),
    hitRatio: hits !== null && lookups > 0 ? hits / lookups : null,
    memory: now.info.number("used_memory"),
    resident: now.info.number("used_memory_rss"),
    clients: now.info.number("connected_clients"),
    cpu: sum(rate("used_cpu_user"), rate("used_cpu_sys")),
    bytesIn: rate("total_net_input_bytes"),
    bytesOut: rate("total_net_output_bytes"),
  };
}

function sum(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left + right;
}

function loads(last: Reading | undefined, now: Reading): { commands: CommandLoad[]; all: Map<number, number> } {
  const all = new Map<number, number>();
  if (!last) {
    return { commands: [], all };
  }
  const seconds = (now.timeMs - last.timeMs) / 1000;
  const before = new Map(last.info.tables("cmdstat_").map(({ name, values }) => [name, values]));
  const commands = now.info.tables("cmdstat_").map(({ name, values }): CommandLoad => {
    const grown = (field: string): number =>
      Math.max(0, Number(values.get(field) ?? 0) - Number(before.get(name)?.get(field) ?? 0));
    const histogram = now.histograms.get(name);
    const calls = histogram ? callsBetween(last.histograms.get(name), histogram) : new Map<number, number>();
    addCalls(all, calls);
    return {
      name,
      callsPerSecond: grown("calls") / seconds,
      share: grown("usec") / 1_000_000 / seconds,
      p99: percentile(calls, 0.99),
      failed: grown("failed_calls") + grown("rejected_calls"),
    };
  });
  return { commands: commands.filter((command) => command.callsPerSecond > 0), all };
}
