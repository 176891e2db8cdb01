import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isWhole, itemsOf, lengthOf, type BytesReply } from "../../resp/reply.ts";
import { equalBytes } from "../../text/bytes.ts";
import { count } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction } from "../../ui/hooks.ts";
import { ByteText, Field, Table } from "../../ui/parts.tsx";
import { ElementDialog } from "./elementDialog.tsx";
import { pageSize, type ValueProps } from "./keyView.tsx";
import { More, Toolbar, usePages } from "./pages.tsx";

interface Element {
  index: number;
  value: BytesReply;
}

type Open = { end: "RPUSH" | "LPUSH" } | { element: Element };

export function ListValue({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [from, setFrom] = useState("0");
  const [open, setOpen] = useState<Open>();
  const pages = usePages<Element>(
    async (next) => {
      const first = Number(next);
      const last = first + pageSize(facts) - 1;
      const items = itemsOf(await session.call(["LRANGE", name, first, last]));
      return {
        items: items.map((value, i) => ({ index: first + i, value: value as BytesReply })),
        next: last + 1 < facts.elements && items.length > 0 ? String(last + 1) : undefined,
      };
    },
    from,
    [facts.version],
  );
  /** Whoever else changes the list moves its elements: at the place must be what is shown. */
  const check = async ({ index, value }: Element): Promise<void> => {
    const now = await session.call(["LINDEX", name, index]);
    if (now.kind !== "bytes" || lengthOf(now) !== lengthOf(value) || !equalBytes(now.bytes, value.bytes)) {
      throw new Error("The list has changed since it was read, and nothing was done. Reload it.");
    }
  };
  /** LREM knows values only: the element is first made one that there is not. */
  const remove = async (element: Element): Promise<boolean> => {
    await check(element);
    const mark = `bixbite-console-removed-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
    const requests = [
      ["LSET", name, element.index, mark],
      ["LREM", name, 1, mark],
    ];
    return change(requests, { question: `Delete element ${element.index}?`, done: "Element deleted" });
  };
  const save = async (target: Open, bytes: Uint8Array): Promise<boolean> => {
    setOpen(undefined);
    if ("element" in target) {
      await check(target.element);
    }
    const request = "element" in target ? ["LSET", name, target.element.index, bytes] : [target.end, name, bytes];
    return change([request], { question: "Change the list?", done: "List changed" });
  };
  return (
    <>
      <Toolbar>
        <button type="button" disabled={!rights.may("lpush")} onClick={() => setOpen({ end: "LPUSH" })}>
          Add first
        </button>
        <button type="button" disabled={!rights.may("rpush")} onClick={() => setOpen({ end: "RPUSH" })}>
          Add last
        </button>
        <Field label="From element" type="number" value={from} onInput={(text) => setFrom(text || "0")} />
      </Toolbar>
      <Table label="Elements" head={["Index", "Element", ""]} numbers={[0]}>
        {pages.items.map((element) => (
          <tr key={element.index}>
            <td class="number">{count(element.index)}</td>
            <td class="mono">
              <ByteText value={element.value} />
            </td>
            <td class="row-actions">
              <button type="button" disabled={!rights.may("lset") || !isWhole(element.value)} onClick={() => setOpen({ element })}>
                Edit
              </button>
              <button type="button" disabled={!rights.may("lset", "lrem")} onClick={() => act(() => remove(element))}>
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <More pages={pages} total={facts.elements} />
      {open && (
        <ElementDialog
          title={"element" in open ? `Element ${open.element.index}` : "Add element"}
          label="Element"
          bytes={"element" in open ? open.element.value.bytes : undefined}
          onClose={() => setOpen(undefined)}
          onSave={(bytes) => act(() => save(open, bytes))}
        />
      )}
    </>
  );
}
