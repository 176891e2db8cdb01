import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { isWhole, type BytesReply } from "../../resp/reply.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction } from "../../ui/hooks.ts";
import { ByteText, Table } from "../../ui/parts.tsx";
import { ElementDialog } from "./elementDialog.tsx";
import { pageSize, type ValueProps } from "./keyView.tsx";
import { matching, More, scanElements, Toolbar, usePages } from "./pages.tsx";

export function SetValue({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [filter, setFilter] = useState("");
  const [isAdding, setAdding] = useState(false);
  const request = (cursor: string): Argument[] => ["SSCAN", name, cursor, ...matching(filter), "COUNT", pageSize(facts)];
  const pages = usePages(
    (from) => scanElements(session, request, async (items) => items.map((item) => item as BytesReply), from),
    "0",
    [filter, facts.version],
  );
  const add = (member: Uint8Array): Promise<boolean> => {
    setAdding(false);
    return change([["SADD", name, member]], { question: "Add the member?", done: "Member added" });
  };
  const remove = (member: Uint8Array): Promise<boolean> =>
    change([["SREM", name, member]], { question: "Delete the member?", done: "Member deleted" });
  return (
    <>
      <Toolbar filter={filter} onFilter={setFilter}>
        <button type="button" disabled={!rights.may("sadd")} onClick={() => setAdding(true)}>
          Add member
        </button>
      </Toolbar>
      <Table label="Members" head={["Member", ""]} isEmpty={pages.items.length === 0 && !pages.isLoading}>
        {pages.items.map((member, i) => (
          <tr key={i}>
            <td class="mono">
              <ByteText value={member} />
            </td>
            <td class="row-actions">
              <button type="button" disabled={!rights.may("srem") || !isWhole(member)} onClick={() => act(() => remove(member.bytes))}>
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <More pages={pages} total={facts.elements} />
      {isAdding && (
        <ElementDialog
          title="Add member"
          label="Member"
          onClose={() => setAdding(false)}
          onSave={(bytes) => act(() => add(bytes))}
        />
      )}
    </>
  );
}
