import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { numberOf, textOf } from "../../resp/reply.ts";
import type { Session } from "../../session/session.ts";
import { write, type WriteText } from "../../session/writes.ts";
import { escapeBytes } from "../../text/bytes.ts";
import { count, duration, size } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction, useLoad, useViewKeys } from "../../ui/hooks.ts";
import { ByteText, Facts, Field, Problem } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";
import { go } from "../route.ts";
import { HashValue } from "./hashValue.tsx";
import { ListValue } from "./listValue.tsx";
import { SetValue } from "./setValue.tsx";
import { SortedSetValue } from "./sortedSetValue.tsx";
import { StreamValue } from "./streamValue.tsx";
import { StringValue } from "./stringValue.tsx";

/** What is known of a key before what it holds is read. */
export interface KeyFacts {
  /** Grows with each reading, so that the value is read anew too. */
  version: number;
  type: string;
  ttlMs: number;
  encoding: string;
  bytes: number;
  elements: number;
}

/** What the view of a type gets. */
export interface ValueProps {
  name: Uint8Array;
  facts: KeyFacts;
  /** Runs requests that change the key, and shows what is there then. */
  change(requests: readonly (readonly Argument[])[], text: WriteText): Promise<boolean>;
}

const Views: Record<string, (props: ValueProps) => JSX.Element> = {
  string: StringValue,
  hash: HashValue,
  list: ListValue,
  set: SetValue,
  zset: SortedSetValue,
  stream: StreamValue,
};

const Lengths: Record<string, string> = {
  string: "STRLEN",
  hash: "HLEN",
  list: "LLEN",
  set: "SCARD",
  zset: "ZCARD",
  stream: "XLEN",
};

/** How many elements to ask for at once, so that about a quarter of a megabyte comes. */
export function pageSize(facts: KeyFacts): number {
  const each = facts.elements > 0 && facts.bytes > 0 ? facts.bytes / facts.elements : 0;
  return Math.max(1, Math.min(100, Math.floor(262_144 / Math.max(each, 1))));
}

/** A narrow page shows the key in place of the list, so the focus, which was there, goes to the way back. */
export function KeyView({ name, onGone }: { name: Uint8Array; onGone(): void }): JSX.Element {
  const { session, asking } = useApp();
  const [round, setRound] = useState(0);
  const loaded = useLoad(() => readFacts(session, name, round), [round]);
  const again = (): void => setRound((before) => before + 1);
  const back = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (back.current?.offsetParent) {
      back.current.focus();
    }
  }, []);
  useViewKeys({ reload: again });
  const change: ValueProps["change"] = async (requests, text) => {
    const isDone = await write(session, watching(asking, again), name, requests, text);
    again();
    return isDone;
  };
  const facts = loaded.value;
  const View = facts && Views[facts.type];
  return (
    <section class="key" aria-label="Key">
      <header>
        <button ref={back} type="button" class="back" onClick={() => go("keys")}>
          ← Keys
        </button>
        <h2>
          <ByteText value={name} />
        </h2>
      </header>
      <Problem text={loaded.error} />
      {facts?.type === "none" && <p class="problem">There is no such key (any more).</p>}
      {facts && facts.type !== "none" && (
        <>
          <KeyHeader name={name} facts={facts} change={change} onGone={onGone} />
          {View ? <View name={name} facts={facts} change={change} /> : <p>No view of this type.</p>}
        </>
      )}
    </section>
  );
}

/** Shows the key anew after an undo too. */
function watching(asking: ReturnType<typeof useApp>["asking"], again: () => void): typeof asking {
  return {
    confirm: (question) => asking.confirm(question),
    tell: (text, undo) => asking.tell(text, undo && (() => undo().then(again))),
  };
}

async function readFacts(session: Session, name: Uint8Array, version: number): Promise<KeyFacts> {
  const [type, ttl, encoding, bytes] = await session.all([
    ["TYPE", name],
    ["PTTL", name],
    ["OBJECT", "ENCODING", name],
    ["MEMORY", "USAGE", name, "SAMPLES", 20],
  ]);
  if (type!.kind === "error") {
    throw new Error(type!.text);
  }
  const length = Lengths[textOf(type)];
  const elements = length ? await session.ask([length, name]) : undefined;
  return {
    version,
    type: textOf(type),
    ttlMs: numberOf(ttl),
    encoding: encoding!.kind === "error" ? "" : textOf(encoding),
    bytes: bytes!.kind === "error" ? NaN : numberOf(bytes),
    elements: numberOf(elements),
  };
}

interface HeaderProps extends ValueProps {
  onGone(): void;
}

function KeyHeader({ name, facts, change, onGone }: HeaderProps): JSX.Element {
  const rights = useRights();
  const act = useAction();
  const [open, setOpen] = useState<"" | "ttl" | "rename">("");
  const remove = async (): Promise<void> => {
    const shown = escapeBytes(name.subarray(0, 100));
    if (await change([["UNLINK", name]], { question: `Delete ${shown}?`, done: `${shown} deleted` })) {
      onGone();
    }
  };
  return (
    <>
      <div class="key-facts">
        <Facts
          facts={[
            ["Type", <span class={`type ${facts.type}`}>{facts.type}</span>],
            [facts.type === "string" ? "Length" : "Elements", facts.type === "string" ? size(facts.elements) : count(facts.elements)],
            ["Memory", size(facts.bytes)],
            ["Encoding", facts.encoding || "–"],
            ["Expires", facts.ttlMs >= 0 ? `in ${duration(facts.ttlMs / 1000)}` : "never"],
          ]}
        />
        <div class="actions">
          <button type="button" disabled={!rights.may("pexpire", "persist")} onClick={() => setOpen("ttl")}>
            Expiry
          </button>
          <button type="button" disabled={!rights.may("renamenx")} onClick={() => setOpen("rename")}>
            Rename
          </button>
          <button type="button" class="danger" disabled={!rights.may("unlink")} onClick={() => act(remove)}>
            Delete
          </button>
        </div>
      </div>
      {open === "ttl" && <ExpiryDialog name={name} facts={facts} change={change} onClose={() => setOpen("")} />}
      {open === "rename" && <RenameDialog name={name} onClose={() => setOpen("")} onDone={onGone} />}
    </>
  );
}

function ExpiryDialog({ name, facts, change, onClose }: ValueProps & { onClose(): void }): JSX.Element {
  const act = useAction();
  const [seconds, setSeconds] = useState(facts.ttlMs >= 0 ? String(facts.ttlMs / 1000) : "");
  const submit = async (): Promise<void> => {
    onClose();
    const request = seconds === "" ? ["PERSIST", name] : ["PEXPIRE", name, Math.round(Number(seconds) * 1000)];
    await change([request], { question: "Change when the key expires?", done: "Expiry changed" });
  };
  return (
    <FormDialog title="Expiry" action="Set" onClose={onClose} onSubmit={() => act(submit)}>
      <Field label="Seconds from now" value={seconds} type="number" hint="Empty is never." onInput={setSeconds} />
    </FormDialog>
  );
}

interface RenameProps {
  name: Uint8Array;
  onClose(): void;
  onDone(): void;
}

function RenameDialog({ name, onClose, onDone }: RenameProps): JSX.Element {
  const { session, asking } = useApp();
  const act = useAction();
  const [draft, setDraft] = useState(draftOf(name));
  const move = async (from: Uint8Array, to: Uint8Array): Promise<boolean> => {
    if (numberOf(await session.call(["RENAMENX", from, to])) === 0) {
      asking.tell("There is a key of that name already.");
      return false;
    }
    onDone();
    go("keys", to);
    return true;
  };
  const submit = async (): Promise<void> => {
    const to = bytesOfDraft(draft);
    if (await move(name, to)) {
      onClose();
      asking.tell("Key renamed", async () => void (await move(to, name)));
    }
  };
  return (
    <FormDialog title="Rename" action="Rename" onClose={onClose} onSubmit={() => act(submit)}>
      <ValueField label="New name" draft={draft} onInput={setDraft} />
    </FormDialog>
  );
}
