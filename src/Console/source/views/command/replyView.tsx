import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Reply } from "../../resp/reply.ts";
import { plainText } from "../../text/bytes.ts";
import { count } from "../../text/format.ts";
import { ByteText } from "../../ui/parts.tsx";

const ItemsShown = 100;
const BytesShown = 1000;

/** A reply as redis-cli prints it, each kind in its colour, and of a long one the beginning. */
export function ReplyView({ reply }: { reply: Reply }): JSX.Element {
  switch (reply.kind) {
    case "null":
      return <span class="r-null">(nil)</span>;
    case "status":
      return <span class="r-status">{reply.text}</span>;
    case "error":
      return <span class="r-error">(error) {reply.text}</span>;
    case "integer":
    case "bignumber":
      return <span class="r-number">(integer) {reply.text}</span>;
    case "double":
      return <span class="r-number">(double) {reply.text}</span>;
    case "boolean":
      return <span class="r-number">({String(reply.value)})</span>;
    case "bytes":
      return <Text reply={reply} />;
    case "map":
      return <Pairs items={reply.items} />;
    default:
      return <Items items={reply.items} kind={reply.kind} />;
  }
}

/** Text of several lines, as INFO gives it, stands as it is. */
function Text({ reply }: { reply: Reply & { kind: "bytes" } }): JSX.Element {
  const text = reply.bytes.length === reply.length && reply.bytes.includes(10) ? plainText(reply.bytes) : undefined;
  return text === undefined ? (
    <span class="r-text">
      "<ByteText value={reply} shown={BytesShown} />"
    </span>
  ) : (
    <span class="r-text r-lines">{text}</span>
  );
}

function Items({ items, kind }: { items: readonly Reply[]; kind: string }): JSX.Element {
  const [limit, setLimit] = useState(ItemsShown);
  if (items.length === 0) {
    return <span class="r-null">(empty {kind})</span>;
  }
  return (
    <ol class={`r-items r-${kind}`}>
      {items.slice(0, limit).map((item, i) => (
        <li key={i}>
          <span class="r-index">{kind === "set" ? `${i + 1}~` : `${i + 1})`}</span> <ReplyView reply={item} />
        </li>
      ))}
      <More total={items.length} limit={limit} onMore={() => setLimit(limit * 5)} />
    </ol>
  );
}

function Pairs({ items }: { items: readonly Reply[] }): JSX.Element {
  const [limit, setLimit] = useState(ItemsShown);
  const pairs = items.length / 2;
  if (pairs === 0) {
    return <span class="r-null">(empty map)</span>;
  }
  return (
    <ol class="r-items">
      {Array.from({ length: Math.min(pairs, limit) }, (_, i) => (
        <li key={i}>
          <span class="r-index">{i + 1}#</span> <ReplyView reply={items[i * 2]!} /> <span class="faint">⇒</span>{" "}
          <ReplyView reply={items[i * 2 + 1]!} />
        </li>
      ))}
      <More total={pairs} limit={limit} onMore={() => setLimit(limit * 5)} />
    </ol>
  );
}

function More({ total, limit, onMore }: { total: number; limit: number; onMore(): void }): JSX.Element | null {
  return total > limit ? (
    <li>
      <button type="button" class="more" onClick={onMore}>
        show more of {count(total)}
      </button>
    </li>
  ) : null;
}
