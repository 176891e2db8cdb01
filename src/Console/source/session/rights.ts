import type { Channel } from "../net/channel.ts";
import { itemsOf, textOf, type Reply } from "../resp/reply.ts";
import { Store } from "./store.ts";

/** What the user may run. What is not known is taken to be allowed until the server refuses it. */
export class Rights {
  /** Grows with each thing that is learned. */
  readonly version = new Store(0);
  readonly #denied = new Set<string>();
  #known: ReadonlySet<string> | undefined;
  #allowed: ReadonlySet<string> | undefined;

  /** Asks the server which commands there are, and which of them the user may run. */
  async load(channel: Channel): Promise<void> {
    const [known, allowed] = await Promise.all([
      channel.ask(["COMMAND", "LIST"]),
      channel.ask(["COMMAND", "LIST", "FILTERBY", "ALLOWED"]),
    ]);
    this.#known = namesOf(known);
    this.#allowed = namesOf(allowed);
    this.#denied.clear();
    this.version.value++;
  }

  /** Whether the server has this command, and the user may run it: `get`, `config|set`. */
  may(...commands: string[]): boolean {
    return commands.every(
      (name) =>
        !this.#denied.has(name) && (this.#allowed?.has(name) ?? true) && (this.#known?.has(name) ?? true),
    );
  }

  /** Whether the server has the command, as far as one knows. */
  has(command: string): boolean {
    return this.#known?.has(command) ?? false;
  }

  /** Learns from a refusal, which names the command. */
  learn(reply: Reply): void {
    const name = reply.kind === "error" ? /^NOPERM .*run the '([^']+)' command/.exec(reply.text)?.[1] : undefined;
    if (name && !this.#denied.has(name.toLowerCase())) {
      this.#denied.add(name.toLowerCase());
      this.version.value++;
    }
  }
}

function namesOf(reply: Reply): ReadonlySet<string> | undefined {
  return reply.kind === "error" ? undefined : new Set(itemsOf(reply).map((item) => textOf(item).toLowerCase()));
}
