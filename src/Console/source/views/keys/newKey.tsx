import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { numberOf } from "../../resp/reply.ts";
import { escapeBytes } from "../../text/bytes.ts";
import { useApp } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction } from "../../ui/hooks.ts";
import { Field, Select } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";
import { write } from "../../session/writes.ts";
import { go } from "../route.ts";

/** What a first element is made of, by type: the names of its parts, and the request. */
const Kinds: Record<string, { first: string; second?: string; request(first: Uint8Array, second: Uint8Array): Argument[] }> = {
  string: { first: "Value", request: (value) => ["SET", value, "NX"] },
  hash: { first: "Field", second: "Value", request: (field, value) => ["HSET", field, value] },
  list: { first: "First element", request: (element) => ["RPUSH", element] },
  set: { first: "First member", request: (member) => ["SADD", member] },
  zset: { first: "First member", second: "Score", request: (member, score) => ["ZADD", score, member] },
  stream: { first: "Field", second: "Value", request: (field, value) => ["XADD", "*", field, value] },
};

export function NewKey({ onClose, onAdded }: { onClose(): void; onAdded(): void }): JSX.Element {
  const { session, asking } = useApp();
  const act = useAction();
  const [name, setName] = useState(draftOf());
  const [type, setType] = useState("string");
  const [first, setFirst] = useState(draftOf());
  const [second, setSecond] = useState(draftOf());
  const [seconds, setSeconds] = useState("");
  const kind = Kinds[type]!;
  const add = async (): Promise<void> => {
    const key = bytesOfDraft(name);
    if (numberOf(await session.call(["EXISTS", key])) > 0) {
      asking.tell("There is a key of this name already.");
      return;
    }
    const [command, ...rest] = kind.request(bytesOfDraft(first), bytesOfDraft(second));
    const requests: Argument[][] = [[command!, key, ...rest]];
    if (seconds) {
      requests.push(["EXPIRE", key, seconds]);
    }
    const text = { question: `Create ${escapeBytes(key.subarray(0, 100))}?`, done: "Key created" };
    if (await write(session, asking, key, requests, text)) {
      onClose();
      onAdded();
      go("keys", key);
    }
  };
  return (
    <FormDialog title="New key" action="Create" onClose={onClose} onSubmit={() => act(add)}>
      <ValueField label="Name" draft={name} onInput={setName} />
      <Select label="Type" value={type} options={Object.keys(Kinds).map((id) => [id, id])} onInput={setType} />
      <ValueField label={kind.first} draft={first} onInput={setFirst} rows={type === "string" ? 5 : 1} />
      {kind.second && <ValueField label={kind.second} draft={second} onInput={setSecond} />}
      <Field label="Expires after seconds" value={seconds} type="number" onInput={setSeconds} hint="Empty is never." />
    </FormDialog>
  );
}
