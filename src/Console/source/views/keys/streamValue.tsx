import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { itemsOf, textOf, type BytesReply } from "../../resp/reply.ts";
import { date } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction } from "../../ui/hooks.ts";
import { ByteText, Choices, Field, Table } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField, type Draft } from "../../ui/valueField.tsx";
import { pageSize, type ValueProps } from "./keyView.tsx";
import { More, Toolbar, usePages, type Page } from "./pages.tsx";
import { StreamGroups } from "./streamGroups.tsx";

interface Entry {
  id: string;
  fields: readonly BytesReply[];
}

export function StreamValue(props: ValueProps): JSX.Element {
  const [part, setPart] = useState("entries");
  return (
    <>
      <div class="toolbar">
        <Choices
          label="Part of the stream"
          tabs={[
            ["entries", "Entries"],
            ["groups", "Groups"],
          ]}
          selected={part}
          onSelect={setPart}
        />
      </div>
      {part === "entries" ? <Entries {...props} /> : <StreamGroups {...props} />}
    </>
  );
}

function Entries({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [order, setOrder] = useState("new");
  const [isAdding, setAdding] = useState(false);
  const read = async (from: string): Promise<Page<Entry>> => {
    const size = pageSize(facts);
    const start = from || (order === "new" ? "+" : "-");
    const request = order === "new" ? ["XREVRANGE", name, start, "-"] : ["XRANGE", name, start, "+"];
    const entries = itemsOf(await session.call([...request, "COUNT", size])).map((entry) => ({
      id: textOf(itemsOf(entry)[0]),
      fields: itemsOf(itemsOf(entry)[1]) as BytesReply[],
    }));
    const last = entries.at(-1);
    return { items: entries, next: last && entries.length === size ? `(${last.id}` : undefined };
  };
  const pages = usePages<Entry>(read, "", [order, facts.version]);
  const remove = (id: string): Promise<boolean> =>
    change([["XDEL", name, id]], { question: `Delete entry ${id}?`, done: "Entry deleted" });
  return (
    <>
      <Toolbar>
        <Choices
          label="Order"
          tabs={[
            ["new", "Newest first"],
            ["old", "Oldest first"],
          ]}
          selected={order}
          onSelect={setOrder}
        />
        <button type="button" disabled={!rights.may("xadd")} onClick={() => setAdding(true)}>
          Add entry
        </button>
      </Toolbar>
      <Table label="Entries" head={["Id", "Added", "Fields", ""]} isEmpty={pages.items.length === 0 && !pages.isLoading}>
        {pages.items.map((entry) => (
          <tr key={entry.id}>
            <td class="mono">{entry.id}</td>
            <td class="nowrap">{date(Number(entry.id.split("-")[0]))}</td>
            <td class="mono">
              <FieldList fields={entry.fields} />
            </td>
            <td class="row-actions">
              <button type="button" disabled={!rights.may("xdel")} onClick={() => act(() => remove(entry.id))}>
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <More pages={pages} total={facts.elements} />
      {isAdding && <EntryDialog name={name} change={change} onClose={() => setAdding(false)} />}
    </>
  );
}

function FieldList({ fields }: { fields: readonly BytesReply[] }): JSX.Element {
  const names = fields.filter((_, i) => i % 2 === 0);
  return (
    <dl class="fields">
      {names.map((field, i) => (
        <div key={i}>
          <dt>
            <ByteText value={field} />
          </dt>
          <dd>
            <ByteText value={fields[i * 2 + 1]!} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface EntryDialogProps {
  name: Uint8Array;
  change: ValueProps["change"];
  onClose(): void;
}

function EntryDialog({ name, change, onClose }: EntryDialogProps): JSX.Element {
  const act = useAction();
  const [id, setId] = useState("*");
  const [fields, setFields] = useState<readonly Draft[]>([draftOf(), draftOf()]);
  const set = (at: number, draft: Draft): void => setFields(fields.map((old, i) => (i === at ? draft : old)));
  const save = async (): Promise<void> => {
    onClose();
    const text = { question: "Add the entry?", done: "Entry added" };
    await change([["XADD", name, id, ...fields.map(bytesOfDraft)]], text);
  };
  return (
    <FormDialog title="Add entry" action="Add" onClose={onClose} onSubmit={() => act(save)} isWide>
      <Field label="Id" value={id} isMono hint="* lets the server choose." onInput={setId} />
      {fields.map((draft, i) => (
        <ValueField
          key={i}
          label={`${i % 2 === 0 ? "Field" : "Value"} ${Math.floor(i / 2) + 1}`}
          draft={draft}
          onInput={(now) => set(i, now)}
        />
      ))}
      <button type="button" onClick={() => setFields([...fields, draftOf(), draftOf()])}>
        One more field
      </button>
    </FormDialog>
  );
}
