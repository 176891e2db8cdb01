import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { bytesOf, isWhole, itemsOf, numberOf, type BytesReply, type Reply } from "../../resp/reply.ts";
import { duration } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction } from "../../ui/hooks.ts";
import { ByteText, Field, Table } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";
import { pageSize, type ValueProps } from "./keyView.tsx";
import { matching, More, scanElements, Toolbar, usePages } from "./pages.tsx";

interface HashField {
  field: BytesReply;
  value: BytesReply;
  ttlMs: number;
}

export function HashValue({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [filter, setFilter] = useState("");
  const [open, setOpen] = useState<HashField | "new">();
  const make = async (items: readonly Reply[]): Promise<readonly HashField[]> => {
    const fields = items.filter((_, i) => i % 2 === 0).map(bytesOf);
    const expiry = fields.length > 0 ? await session.ask(["HPTTL", name, "FIELDS", fields.length, ...fields]) : undefined;
    return fields.map((_, i) => ({
      field: items[i * 2] as BytesReply,
      value: items[i * 2 + 1] as BytesReply,
      ttlMs: expiry?.kind === "array" ? numberOf(itemsOf(expiry)[i]) : -1,
    }));
  };
  const request = (cursor: string): Argument[] => ["HSCAN", name, cursor, ...matching(filter), "COUNT", pageSize(facts)];
  const pages = usePages((from) => scanElements(session, request, make, from), "0", [filter, facts.version]);
  const remove = (field: Uint8Array): Promise<boolean> =>
    change([["HDEL", name, field]], { question: "Delete the field?", done: "Field deleted" });
  return (
    <>
      <Toolbar filter={filter} onFilter={setFilter}>
        <button type="button" disabled={!rights.may("hset")} onClick={() => setOpen("new")}>
          Add field
        </button>
      </Toolbar>
      <Table label="Fields" head={["Field", "Value", "Expires", ""]} isEmpty={pages.items.length === 0 && !pages.isLoading}>
        {pages.items.map((item, i) => (
          <tr key={i}>
            <td class="mono">
              <ByteText value={item.field} />
            </td>
            <td class="mono">
              <ByteText value={item.value} />
            </td>
            <td>{item.ttlMs >= 0 ? duration(item.ttlMs / 1000) : "never"}</td>
            <td class="row-actions">
              <button
                type="button"
                disabled={!rights.may("hset") || !isWhole(item.value) || !isWhole(item.field)}
                onClick={() => setOpen(item)}
              >
                Edit
              </button>
              <button
                type="button"
                disabled={!rights.may("hdel") || !isWhole(item.field)}
                onClick={() => act(() => remove(item.field.bytes))}
              >
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      <More pages={pages} total={facts.elements} />
      {open && <FieldDialog name={name} change={change} item={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

interface FieldDialogProps {
  name: Uint8Array;
  item: HashField | undefined;
  change: ValueProps["change"];
  onClose(): void;
}

function FieldDialog({ name, item, change, onClose }: FieldDialogProps): JSX.Element {
  const act = useAction();
  const rights = useRights();
  const [field, setField] = useState(draftOf(item?.field.bytes));
  const [value, setValue] = useState(draftOf(item?.value.bytes));
  const [seconds, setSeconds] = useState(item && item.ttlMs >= 0 ? String(item.ttlMs / 1000) : "");
  const save = async (): Promise<void> => {
    const key = bytesOfDraft(field);
    const requests: Argument[][] = [["HSET", name, key, bytesOfDraft(value)]];
    if (seconds !== "") {
      requests.push(["HPEXPIRE", name, Math.round(Number(seconds) * 1000), "FIELDS", 1, key]);
    }
    onClose();
    await change(requests, { question: "Set the field?", done: item ? "Field changed" : "Field set" });
  };
  return (
    <FormDialog title={item ? "Edit field" : "Add field"} action="Save" onClose={onClose} onSubmit={() => act(save)} isWide>
      {item ? (
        <p class="mono">
          <ByteText value={item.field} />
        </p>
      ) : (
        <ValueField label="Field" draft={field} onInput={setField} />
      )}
      <ValueField label="Value" draft={value} onInput={setValue} rows={8} />
      {rights.may("hpexpire") && (
        <Field label="Expires after seconds" value={seconds} type="number" hint="Empty is never." onInput={setSeconds} />
      )}
    </FormDialog>
  );
}
