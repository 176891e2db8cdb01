import { Channel, type ChannelEvents } from "../net/channel.ts";
import type { Argument } from "../resp/encoder.ts";
import { ReplyError, textOf, type Reply } from "../resp/reply.ts";
import { logIn, type Credentials } from "./credentials.ts";
import { Rights } from "./rights.ts";
import { Store } from "./store.ts";

/** How long to wait before connecting again, the first time, the second, and so on. */
export const RetryMs = [500, 1000, 2000, 5000, 10_000];

export type SessionState =
  | { at: "connecting" }
  | { at: "login"; message: string }
  | { at: "open" }
  | { at: "lost"; message: string; wasOpen: boolean };

/** Who is logged in, the channel that the views share, and what else they know of the server. */
export class Session {
  readonly state = new Store<SessionState>({ at: "connecting" });
  readonly database = new Store(0);
  readonly user = new Store("default");
  readonly rights = new Rights();
  #channel: Channel | undefined;
  #credentials: Credentials | undefined;
  #retries = 0;
  #wasOpen = false;

  /** Connects; without credentials as the default user, who may need none. */
  async connect(credentials?: Credentials): Promise<void> {
    this.#credentials = credentials ?? this.#credentials;
    this.#channel?.close();
    const channel = new Channel({ onClose: (reason) => this.#lost(reason) });
    this.#channel = channel;
    try {
      await logIn(channel, this.#credentials, this.database.value);
      this.user.value = this.#credentials?.user ?? "default";
      await this.rights.load(channel);
      this.#retries = 0;
      this.#wasOpen = true;
      this.state.value = { at: "open" };
    } catch (error) {
      this.#refused(channel, error);
    }
  }

  logOut(): void {
    this.#channel?.close();
    this.#credentials = undefined;
    this.database.value = 0;
    this.state.value = { at: "login", message: "" };
  }

  /** The reply, which may be an error. */
  async ask(request: readonly Argument[], keep?: number): Promise<Reply> {
    if (!this.#channel) {
      throw new Error("There is no connection.");
    }
    const reply = await this.#channel.ask(request, keep);
    this.rights.learn(reply);
    return reply;
  }

  /** The reply; errors are thrown. */
  async call(request: readonly Argument[], keep?: number): Promise<Reply> {
    const reply = await this.ask(request, keep);
    if (reply.kind === "error") {
      throw new ReplyError(reply.text);
    }
    return reply;
  }

  /** All of them in one go; replies may be errors. No request of others comes between. */
  all(requests: readonly (readonly Argument[])[], keep?: number): Promise<Reply[]> {
    return Promise.all(requests.map((request) => this.ask(request, keep)));
  }

  /** Together or not at all: the replies of MULTI. */
  async transaction(requests: readonly (readonly Argument[])[], keep?: number): Promise<Reply[]> {
    const replies = await this.all([["MULTI"], ...requests, ["EXEC"]], keep);
    const outcome = replies.at(-1)!;
    const refused = replies.find((reply) => reply.kind === "error");
    if (refused || outcome.kind !== "array") {
      throw new ReplyError(textOf(refused) || "A watched key has changed; nothing was done.");
    }
    const failed = outcome.items.find((item) => item.kind === "error");
    if (failed) {
      throw new ReplyError(textOf(failed));
    }
    return outcome.items;
  }

  async select(database: number): Promise<void> {
    await this.call(["SELECT", database]);
    this.database.value = database;
  }

  /** A session of its own for what would disturb the shared one: subscriptions, blocking commands, MONITOR. */
  async openChannel(events: ChannelEvents): Promise<Channel> {
    const channel = new Channel(events);
    try {
      await logIn(channel, this.#credentials, this.database.value);
    } catch (error) {
      channel.close();
      throw error;
    }
    return channel;
  }

  #refused(channel: Channel, error: unknown): void {
    if (!(error instanceof ReplyError) || channel !== this.#channel) {
      return;
    }
    channel.close();
    const isQuestion = error.message.startsWith("NOAUTH") && !this.#credentials;
    this.#credentials = undefined;
    this.state.value = { at: "login", message: isQuestion ? "" : error.message };
  }

  #lost(reason: string): void {
    if (this.state.value.at === "login") {
      return;
    }
    this.state.value = { at: "lost", message: reason, wasOpen: this.#wasOpen };
    const delay = RetryMs[Math.min(this.#retries++, RetryMs.length - 1)]!;
    setTimeout(() => {
      if (this.state.value.at === "lost") {
        void this.connect();
      }
    }, delay);
  }
}
