import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { itemsOf, textOf, type Reply } from "../../resp/reply.ts";
import type { Session } from "../../session/session.ts";
import { unescapeText } from "../../text/bytes.ts";
import { toGlob } from "../../text/glob.ts";
import { count } from "../../text/format.ts";
import { messageOf } from "../../ui/hooks.ts";
import { Problem } from "../../ui/parts.tsx";

/** Elements that came so far, and how to get the next: a cursor or a place, nothing at the end. */
export interface Page<T> {
  items: readonly T[];
  next: string | undefined;
}

export interface Pages<T> {
  items: readonly T[];
  error: string;
  hasMore: boolean;
  isLoading: boolean;
  more(): void;
}

/**
 * A large value page by page: one request is out at a time, and what comes is added to what is shown. When something that it depends
 * on changes it begins anew; what was there stays until then.
 */
export function usePages<T>(read: (from: string) => Promise<Page<T>>, start: string, depends: readonly unknown[]): Pages<T> {
  const [state, setState] = useState<{ items: readonly T[]; next: string | undefined }>({ items: [], next: start });
  const [error, setError] = useState("");
  const [isLoading, setLoading] = useState(true);
  const round = useRef(0);
  const load = async (items: readonly T[], from: string): Promise<void> => {
    const mine = round.current;
    setLoading(true);
    try {
      const page = await read(from);
      if (mine === round.current) {
        setState({ items: [...items, ...page.items], next: page.next });
        setLoading(false);
      }
    } catch (problem) {
      if (mine === round.current) {
        setError(messageOf(problem));
        setLoading(false);
      }
    }
  };
  useEffect(() => {
    round.current++;
    setError("");
    void load([], start);
    return () => void round.current++;
  }, [start, ...depends]);
  return {
    items: state.items,
    error,
    hasMore: state.next !== undefined,
    isLoading,
    more: () => state.next !== undefined && !isLoading && void load(state.items, state.next),
  };
}

/** SCAN of a collection from a cursor: goes on past empty pages, but hands over what came when much was looked at. */
export async function scanElements<T>(
  session: Session,
  request: (cursor: string) => readonly Argument[],
  make: (items: readonly Reply[]) => Promise<readonly T[]>,
  from: string,
): Promise<Page<T>> {
  const RoundsMax = 20;
  let cursor = from;
  for (let i = 0; i < RoundsMax; i++) {
    const reply = itemsOf(await session.call(request(cursor)));
    cursor = textOf(reply[0]);
    const items = await make(itemsOf(reply[1]));
    if (items.length > 0 || cursor === "0") {
      return { items, next: cursor === "0" ? undefined : cursor };
    }
  }
  return { items: [], next: cursor };
}

export function matching(filter: string): Argument[] {
  return filter === "" ? [] : ["MATCH", unescapeText(toGlob(filter))];
}

interface MoreProps<T> {
  pages: Pages<T>;
  total: number;
}

export function More<T>({ pages, total }: MoreProps<T>): JSX.Element {
  return (
    <div class="progress">
      <Problem text={pages.error} />
      <span role="status" class="faint">
        {count(pages.items.length)} of {count(total)} shown
      </span>
      {pages.hasMore && (
        <button type="button" disabled={pages.isLoading} onClick={pages.more}>
          Show more
        </button>
      )}
    </div>
  );
}

interface ToolbarProps {
  children: ComponentChildren;
  filter?: string;
  onFilter?(filter: string): void;
}

/** A filter that is sent by Enter, and what can be done. */
export function Toolbar({ children, filter, onFilter }: ToolbarProps): JSX.Element {
  const [text, setText] = useState(filter ?? "");
  return (
    <div class="toolbar">
      {onFilter && (
        <form
          role="search"
          aria-label="Elements"
          onSubmit={(event) => {
            event.preventDefault();
            onFilter(text);
          }}
        >
          <input
            type="search"
            class="mono"
            aria-label="Filter elements by a part or a pattern"
            placeholder="Filter, then Enter"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </form>
      )}
      {children}
    </div>
  );
}

