import type { Channel } from "../../net/channel.ts";
import type { Argument } from "../../resp/encoder.ts";
import { ReplyError, type Reply } from "../../resp/reply.ts";
import { RetryMs, type Session } from "../../session/session.ts";

/** A connection that lasted so long was a good one: the next attempt begins with the shortest wait. */
const LastingMs = 10_000;

export interface FollowingEvents {
  /** What came: the acknowledgement of the request, and then what it asked for. */
  onReply(reply: Reply): void;
  /** It is followed again: what came since it was lost is missing. Told before what comes from now on. */
  onAgain(lostMs: number): void;
  /** Why nothing comes; empty where something may. */
  onProblem(text: string): void;
}

/**
 * Follows what a request asks for, on a channel of its own. When the channel is lost it opens another, until it is stopped or the
 * server refuses it.
 */
export class Following {
  readonly #session: Pick<Session, "openChannel">;
  readonly #request: readonly Argument[];
  readonly #events: FollowingEvents;
  #channel: Channel | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #lostMs: number | undefined;
  #isOver = false;

  constructor(session: Pick<Session, "openChannel">, request: readonly Argument[], events: FollowingEvents) {
    this.#session = session;
    this.#request = request;
    this.#events = events;
    void this.#open();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  async #open(): Promise<void> {
    const openedMs = Date.now();
    let isLost = false;
    const onClose = (reason: string): void => {
      isLost = true;
      this.#lost(reason, openedMs);
    };
    try {
      const channel = await this.#session.openChannel({ onClose, onPush: (reply) => this.#take(reply) });
      if (this.#isOver) {
        channel.close();
        return;
      }
      this.#channel = channel;
      channel.tell(this.#request);
    } catch (error) {
      if (error instanceof ReplyError) {
        this.#problem(error.message);
      } else if (!isLost) {
        this.#lost(String(error), openedMs);
      }
    }
  }

  #take(reply: Reply): void {
    if (this.#isOver) {
      return;
    }
    if (this.#lostMs !== undefined && reply.kind !== "error") {
      const lostMs = this.#lostMs;
      this.#lostMs = undefined;
      this.#problem("");
      this.#events.onAgain(lostMs);
    }
    this.#events.onReply(reply);
  }

  #lost(reason: string, openedMs: number): void {
    if (this.#isOver) {
      return;
    }
    this.#channel = undefined;
    this.#retries = Date.now() - openedMs >= LastingMs ? 0 : this.#retries;
    this.#lostMs ??= Date.now();
    this.#problem(`${reason} Trying again …`);
    this.#timer = setTimeout(() => void this.#open(), RetryMs[Math.min(this.#retries++, RetryMs.length - 1)]);
  }

  #problem(text: string): void {
    if (!this.#isOver) {
      this.#events.onProblem(text);
    }
  }
}
