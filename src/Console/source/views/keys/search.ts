import { bytesOf, isWhole, itemsOf, lengthOf, numberOf, textOf } from "../../resp/reply.ts";
import type { Session } from "../../session/session.ts";
import { unescapeText } from "../../text/bytes.ts";
import { toGlob } from "../../text/glob.ts";

/** Keys looked at by one SCAN, which takes the server well below a millisecond; fewer where each is one that is wanted. */
const ScanCount = 1000;
const ListCount = 100;

/** Keys that are found before one has to ask for more. */
const PageSize = 100;

/** Of a key name so many bytes are fetched, whatever its length. */
const NameBytes = 16 * 1024;

export interface FoundKey {
  name: Uint8Array;
  /** The whole length; what is longer than the name cannot be opened. */
  length: number;
  type: string;
  ttlMs: number;
}

export interface SearchState {
  keys: readonly FoundKey[];
  scanned: number;
  isRunning: boolean;
  isDone: boolean;
}

/** A search by SCAN: one after the other, each short, until a page is full, all is seen or nobody waits any more. */
export class Search {
  readonly #session: Session;
  readonly #pattern: Uint8Array;
  readonly #type: string;
  readonly #onChange: (state: SearchState) => void;
  readonly #seen = new Set<string>();
  #state: SearchState = { keys: [], scanned: 0, isRunning: false, isDone: false };
  readonly #count: number;
  #cursor = "0";
  #isStopped = false;

  constructor(session: Session, pattern: string, type: string, onChange: (state: SearchState) => void) {
    this.#session = session;
    this.#pattern = unescapeText(toGlob(pattern));
    this.#type = type;
    this.#count = pattern === "" && type === "" ? ListCount : ScanCount;
    this.#onChange = onChange;
  }

  /** Finds the next page. */
  async more(): Promise<void> {
    const wanted = this.#state.keys.length + PageSize;
    this.#isStopped = false;
    this.#change({ isRunning: true });
    try {
      do {
        await this.#scan();
      } while (!this.#isStopped && !this.#state.isDone && this.#state.keys.length < wanted);
    } finally {
      this.#change({ isRunning: false });
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #scan(): Promise<void> {
    const type = this.#type ? ["TYPE", this.#type] : [];
    const request = ["SCAN", this.#cursor, "MATCH", this.#pattern, "COUNT", this.#count, ...type];
    const reply = itemsOf(await this.#session.call(request, NameBytes));
    this.#cursor = textOf(reply[0]);
    const names = itemsOf(reply[1]).filter((name) => this.#isNew(bytesOf(name)));
    const tells = await this.#session.all(
      names.flatMap((name) => [
        ["TYPE", bytesOf(name)],
        ["PTTL", bytesOf(name)],
      ]),
    );
    const found = names.map((name, i) => {
      const isTold = isWhole(name);
      return {
        name: bytesOf(name),
        length: lengthOf(name),
        type: this.#type || (isTold && tells[i * 2]!.kind === "status" ? textOf(tells[i * 2]) : "–"),
        ttlMs: isTold ? numberOf(tells[i * 2 + 1]) : -1,
      };
    });
    this.#change({
      keys: [...this.#state.keys, ...found],
      scanned: this.#state.scanned + this.#count,
      isDone: this.#cursor === "0",
    });
  }

  /** SCAN may tell a key more than once. */
  #isNew(name: Uint8Array): boolean {
    const text = String.fromCharCode(...name.subarray(0, 4096)) + name.length;
    return !this.#seen.has(text) && Boolean(this.#seen.add(text));
  }

  #change(part: Partial<SearchState>): void {
    this.#state = { ...this.#state, ...part };
    this.#onChange(this.#state);
  }
}
