import type { Channel } from "../../net/channel.ts";
import { decodeUtf8 } from "../../text/bytes.ts";
import type { Reply } from "../../resp/reply.ts";
import type { Session } from "../../session/session.ts";
import { Store } from "../../session/store.ts";
import { splitArguments } from "../../text/commandLine.ts";

/** Requests and their replies that are kept; of pushes as well. */
const EntriesMax = 200;
const HistoryMax = 200;
const KeptBytes = 256 * 1024;

/** Requests of which the replies are pushes. */
const Subscribing = /^[ps]?(un)?subscribe$|^s?unsubscribe$/;

export interface Entry {
  id: number;
  line: string;
  reply: Reply | undefined;
  problem: string;
  /** Its reply has not come yet. */
  isWaiting: boolean;
}

/** A command line with a session of its own, so that MULTI, SELECT, SUBSCRIBE or a command that blocks disturb no view. */
export class Terminal {
  readonly entries = new Store<readonly Entry[]>([]);
  readonly history: string[] = [];
  readonly #session: Session;
  #channel: Promise<Channel> | undefined;
  #nextId = 1;

  constructor(session: Session) {
    this.#session = session;
  }

  async run(line: string): Promise<void> {
    if (this.history.at(-1) !== line) {
      this.history.push(line);
      this.history.splice(0, this.history.length - HistoryMax);
    }
    const request = splitArguments(line);
    if (!request) {
      this.#add({ line, problem: "A quotation does not end." });
      return;
    }
    const name = (decodeUtf8(request[0]!) ?? "").toLowerCase();
    const refusal = refused(name, decodeUtf8(request[1] ?? new Uint8Array()) ?? "");
    if (refusal) {
      this.#add({ line, problem: refusal });
      return;
    }
    const id = this.#add({ line, isWaiting: true });
    try {
      const channel = await this.#open();
      if (Subscribing.test(name)) {
        channel.tell(request);
        this.#change(id, { isWaiting: false });
      } else {
        const reply = await channel.ask(request, KeptBytes);
        this.#session.rights.learn(reply);
        this.#change(id, { reply, isWaiting: false });
      }
    } catch (error) {
      this.#change(id, { problem: error instanceof Error ? error.message : String(error), isWaiting: false });
    }
  }

  clear(): void {
    this.entries.value = [];
  }

  #open(): Promise<Channel> {
    this.#channel ??= this.#session
      .openChannel({
        onPush: (reply) => void this.#add({ line: "", reply }),
        onClose: () => (this.#channel = undefined),
      })
      .catch((error: unknown) => {
        this.#channel = undefined;
        throw error;
      });
    return this.#channel;
  }

  #add(entry: Partial<Entry> & { line: string }): number {
    const id = this.#nextId++;
    const added = { reply: undefined, problem: "", isWaiting: false, ...entry, id };
    this.entries.value = [...this.entries.value, added].slice(-EntriesMax);
    return id;
  }

  #change(id: number, change: Partial<Entry>): void {
    this.entries.value = this.entries.value.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
  }
}

/** Requests that would leave the page without an answer. */
function refused(name: string, second: string): string {
  if (name === "hello" && second !== "" && second !== "3") {
    return "The console speaks RESP3 only.";
  }
  if (name === "client" && second.toLowerCase() === "reply") {
    return "Without replies the console could show nothing.";
  }
  return name === "reset" ? "RESET would end the session's protocol; leave the view and come back instead." : "";
}
