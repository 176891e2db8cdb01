import { concatenate, encodeRequest, type Argument } from "../resp/encoder.ts";
import { Parser } from "../resp/parser.ts";
import { ReplyError, type Reply } from "../resp/reply.ts";

/** Requests that are sent before the first of them is answered. */
const OutstandingMax = 64;

/** Requests that wait to be sent; one more is refused. */
const WaitingMax = 2000;

/** Bytes that are kept of each string of a reply, where the request does not say otherwise. */
const KeptBytes = 64 * 1024;

interface Pending {
  request: readonly Argument[];
  keep: number;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

export interface ChannelEvents {
  /** It was open, and is not any more; or it never opened. */
  onClose(reason: string): void;
  /** A push, or a reply that nobody asked for. */
  onPush?(reply: Reply): void;
}

/** One session with the server: requests go out in order, replies come in the same order, pushes between them. */
export class Channel {
  readonly #socket: WebSocket;
  readonly #events: ChannelEvents;
  readonly #parser: Parser;
  readonly #waiting: Pending[] = [];
  readonly #outstanding: Pending[] = [];
  #flushIsDue = false;
  #isClosed = false;

  constructor(events: ChannelEvents) {
    this.#events = events;
    this.#parser = new Parser(() => this.#outstanding[0]?.keep ?? KeptBytes, (reply) => this.#receive(reply));
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(`${scheme}//${location.host}/console/socket`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#flush();
    this.#socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.#feed(event.data);
    this.#socket.onclose = (event) => this.#end(event.reason || "The connection is gone.");
  }

  /** The reply, whatever it is; rejects only where the connection is gone. */
  ask(request: readonly Argument[], keep = KeptBytes): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new Error("There is no connection."));
      } else if (this.#waiting.length >= WaitingMax) {
        reject(new Error("Too many requests wait for the server already."));
      } else {
        this.#waiting.push({ request, keep, resolve, reject });
        this.#flushSoon();
      }
    });
  }

  /** The reply; an error of the server is thrown as {@link ReplyError}. */
  async call(request: readonly Argument[], keep = KeptBytes): Promise<Reply> {
    const reply = await this.ask(request, keep);
    if (reply.kind === "error") {
      throw new ReplyError(reply.text);
    }
    return reply;
  }

  /** Sends a request that is answered by pushes. */
  tell(request: readonly Argument[]): void {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(concatenate([encodeRequest(request)]));
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
    this.#rejectAll(new Error("There is no connection."));
  }

  #feed(data: ArrayBuffer): void {
    try {
      this.#parser.feed(new Uint8Array(data));
    } catch (error) {
      this.#socket.close();
      this.#end(error instanceof Error ? error.message : "The server does not speak RESP.");
    }
  }

  #receive(reply: Reply): void {
    if (reply.kind === "push") {
      this.#events.onPush?.(reply);
      return;
    }
    const pending = this.#outstanding.shift();
    if (pending) {
      pending.resolve(reply);
      this.#flushSoon();
    } else {
      this.#events.onPush?.(reply);
    }
  }

  #flushSoon(): void {
    if (!this.#flushIsDue) {
      this.#flushIsDue = true;
      queueMicrotask(() => {
        this.#flushIsDue = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#waiting.length === 0) {
      return;
    }
    const sent = this.#waiting.splice(0, OutstandingMax - this.#outstanding.length);
    if (sent.length > 0) {
      this.#outstanding.push(...sent);
      this.#socket.send(concatenate(sent.map((pending) => encodeRequest(pending.request))));
    }
  }

  #end(reason: string): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#rejectAll(new Error(reason));
    this.#events.onClose(reason);
  }

  #rejectAll(error: Error): void {
    for (const pending of [...this.#outstanding.splice(0), ...this.#waiting.splice(0)]) {
      pending.reject(error);
    }
  }
}
