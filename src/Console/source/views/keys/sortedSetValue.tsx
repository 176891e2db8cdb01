import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { isWhole, itemsOf, textOf, type BytesReply, type Reply } from "../../resp/reply.ts";
import { count } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction } from "../../ui/hooks.ts";
import { ByteText, Choices, Table } from "../../ui/parts.tsx";
import { ElementDialog } from "./elementDialog.tsx";
import { pageSize, type ValueProps } from "./keyView.tsx";
import { matching, More, scanElements, Toolbar, usePages, type Page } from "./pages.tsx";

interface Member {
  rank: number | undefined;
  member: BytesReply;
  score: string;
}

/** By score in either direction; a filter shows what it finds without ranks, as ZSCAN knows none. */
export function SortedSetValue({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState("low");
  const [open, setOpen] = useState<Member | "new">();
  const range = async (from: string): Promise<Page<Member>> => {
    const first = Number(from);
    const last = first + pageSize(facts) - 1;
    const reverse = order === "high" ? ["REV"] : [];
    const items = flat(await session.call(["ZRANGE", name, first, last, ...reverse, "WITHSCORES"]));
    return {
      items: members(items, (i) => first + i),
      next: last + 1 < facts.elements && items.length > 0 ? String(last + 1) : undefined,
    };
  };
  const request = (cursor: string): Argument[] => ["ZSCAN", name, cursor, ...matching(filter), "COUNT", pageSize(facts)];
  const scan = (from: string): Promise<Page<Member>> =>
    scanElements(session, request, async (items) => members(items, () => undefined), from);
  const pages = usePages<Member>((from) => (filter ? scan(from) : range(from)), "0", [filter, order, facts.version]);
  const save = (member: Uint8Array, score: string): Promise<boolean> => {
    setOpen(undefined);
    return change([["ZADD", name, score, member]], { question: "Set the score?", done: "Score set" });
  };
  const remove = (member: Uint8Array): Promise<boolean> =>
    change([["ZREM", name, member]], { question: "Delete the member?", done: "Member deleted" });
  return (
    <>
      <Toolbar filter={filter} onFilter={setFilter}>
        <Choices
          label="Order"
          tabs={[
            ["low", "Lowest first"],
            ["high", "Highest first"],
          ]}
          selected={order}
          onSelect={setOrder}
        />
        <button type="button" disabled={!rights.may("zadd")} onClick={() => setOpen("new")}>
          Add member
        </button>
      </Toolbar>
      <Table label="Members" head={["Rank", "Score", "Member", ""]} numbers={[0, 1]} isEmpty={pages.items.length === 0 && !pages.isLoading}>
        {pages.items.map((item, i) => (
          <tr key={i}>
            <td class="number">{item.rank === undefined ? "–" : count(item.rank)}</td>
            <td class="number">{item.score}</td>
            <td class="mono">
              <ByteText value={item.member} />
            </td>
            <td class="row-actions">
              <button type="button" disabled={!rights.may("zadd") || !isWhole(item.member)} onClick={() => setOpen(item)}>
                Edit
              </button>
              <button
                type="button"
                disabled={!rights.may("zrem") || !isWhole(item.member)}
                onClick={() => act(() => remove(item.member.bytes))}
              >
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <More pages={pages} total={facts.elements} />
      {open && (
        <ElementDialog
          title={open === "new" ? "Add member" : "Edit member"}
          label="Member"
          bytes={open === "new" ? undefined : open.member.bytes}
          score={open === "new" ? "" : open.score}
          onClose={() => setOpen(undefined)}
          onSave={(bytes, score) => act(() => save(bytes, score))}
        />
      )}
    </>
  );
}

/** RESP3 tells each member and its score as a pair of their own. */
function flat(reply: Reply): readonly Reply[] {
  return itemsOf(reply).flatMap((item) => (item.kind === "array" ? item.items : [item]));
}

function members(items: readonly Reply[], rank: (i: number) => number | undefined): readonly Member[] {
  return Array.from({ length: Math.floor(items.length / 2) }, (_, i) => ({
    rank: rank(i),
    member: items[i * 2] as BytesReply,
    score: textOf(items[i * 2 + 1]),
  }));
}
