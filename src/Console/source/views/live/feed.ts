import { useEffect, useRef, useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { bytesOf, itemsOf, textOf, type Reply } from "../../resp/reply.ts";
import { useApp } from "../../ui/app.ts";
import { Following } from "./following.ts";

/** Messages that are kept; of more the oldest are thrown away. */
export const MessagesMax = 1000;

/** How often what came is shown. */
const ShowMs = 200;

export interface Message {
  id: number;
  timeMs: number;
  channel: Uint8Array;
  text: Uint8Array;
}

/** Nothing was followed from then until then. */
export interface Gap {
  id: string;
  lostMs: number;
  untilMs: number;
}

export interface Feed {
  /** What came, with the gaps between, the oldest first. */
  messages: readonly (Message | Gap)[];
  /** How many came in all, and so how many were thrown away. */
  total: number;
  error: string;
  clear(): void;
}

interface Kept {
  messages: (Message | Gap)[];
  total: number;
}

/** What is pushed on a channel of its own while the request stands; nothing without one. */
export function useFeed(request: readonly Argument[] | undefined): Feed {
  const { session } = useApp();
  const [state, setState] = useState<Readonly<Kept>>({ messages: [], total: 0 });
  const [error, setError] = useState("");
  const kept = useRef<Kept>({ messages: [], total: 0 });
  const hasNews = useRef(false);
  const name = request ? request.map(String).join(" ") : "";
  const show = (): void => {
    hasNews.current = false;
    setState({ messages: kept.current.messages.slice(-MessagesMax), total: kept.current.total });
  };
  const clear = (): void => {
    kept.current = { messages: [], total: 0 };
    show();
  };
  useEffect(() => {
    setError("");
    if (!request) {
      return undefined;
    }
    const keep = (message: Message | Gap): void => {
      hasNews.current = true;
      kept.current.messages.push(message);
      if (kept.current.messages.length > MessagesMax * 2) {
        kept.current.messages = kept.current.messages.slice(-MessagesMax);
      }
    };
    const take = (reply: Reply): void => {
      const message = read(reply, kept.current.total);
      if (message?.isError) {
        setError(textOf(reply));
      } else if (message) {
        kept.current.total++;
        keep(message);
      }
    };
    const following = new Following(session, request, {
      onReply: take,
      onAgain: (lostMs) => keep({ id: `gap ${lostMs}`, lostMs, untilMs: Date.now() }),
      onProblem: setError,
    });
    const timer = window.setInterval(() => {
      if (hasNews.current && !document.hidden) {
        show();
      }
    }, ShowMs);
    return () => {
      clearInterval(timer);
      following.stop();
    };
  }, [session, name]);
  return { ...state, error, clear };
}

/** A message of a subscription, or a line of MONITOR; nothing where it is an acknowledgement. */
function read(reply: Reply, id: number): (Message & { isError: boolean }) | undefined {
  const made = (channel: Reply | undefined, text: Reply | undefined, isError = false): Message & { isError: boolean } => ({
    id,
    timeMs: Date.now(),
    channel: bytesOf(channel).slice(0, 4096),
    text: bytesOf(text).slice(0, 4096),
    isError,
  });
  if (reply.kind === "error") {
    return made(undefined, reply, true);
  }
  if (reply.kind === "status") {
    return reply.text === "OK" ? undefined : made(undefined, reply);
  }
  const items = itemsOf(reply);
  switch (textOf(items[0])) {
    case "message":
    case "smessage":
      return made(items[1], items[2]);
    case "pmessage":
      return made(items[2], items[3]);
    default:
      return undefined;
  }
}
