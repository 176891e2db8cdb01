import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { concatenate } from "../../resp/encoder.ts";
import { bytesOf } from "../../resp/reply.ts";
import { hexLines, plainText } from "../../text/bytes.ts";
import { size } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction, useLoad } from "../../ui/hooks.ts";
import { ByteText, Choices, Problem } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";
import { jsonProblem, layOut, prettyJson } from "./json.ts";
import type { ValueProps } from "./keyView.tsx";

/** A slice of a value: of larger ones more is fetched when it is asked for. */
const SliceBytes = 64 * 1024;

/** Larger values are shown in slices, and not edited as a whole. */
const EditBytes = 256 * 1024;

const HexShown = 16 * 1024;

export function StringValue({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [bytes, setBytes] = useState<Uint8Array>();
  const [mode, setMode] = useState("");
  const [isEditing, setEditing] = useState(false);
  const first = useLoad(async () => {
    const slice = bytesOf(await session.call(["GETRANGE", name, 0, SliceBytes - 1]));
    setBytes(slice);
    return slice;
  }, [facts.version]);
  const more = async (): Promise<void> => {
    const start = bytes!.length;
    const slice = bytesOf(await session.call(["GETRANGE", name, start, start + SliceBytes - 1]));
    setBytes(concatenate([bytes!, slice]));
  };
  const edit = async (): Promise<void> => {
    if (bytes!.length < facts.elements) {
      setBytes(bytesOf(await session.call(["GETRANGE", name, 0, EditBytes - 1], EditBytes)));
    }
    setEditing(true);
  };
  if (!bytes) {
    return <Problem text={first.error} />;
  }
  const json = bytes.length === facts.elements ? prettyJson(bytes) : undefined;
  const chosen = (mode !== "json" && mode) || (json ? "json" : plainText(bytes) === undefined ? "escaped" : "text");
  if (isEditing) {
    return <StringEditor name={name} bytes={bytes} json={json} change={change} onClose={() => setEditing(false)} />;
  }
  return (
    <>
      <div class="toolbar">
        <Choices
          label="Shown as"
          tabs={[...(json ? [["json", "JSON"] as const] : []), ["text", "Text"], ["escaped", "Escaped"], ["hex", "Hex"]]}
          selected={chosen}
          onSelect={setMode}
        />
        <button
          type="button"
          disabled={!rights.may("set") || facts.elements > EditBytes}
          title={facts.elements > EditBytes ? `Only values up to ${size(EditBytes)} are edited here.` : ""}
          onClick={() => act(edit)}
        >
          Edit
        </button>
      </div>
      <StringText bytes={bytes} mode={chosen} json={json} />
      {bytes.length < facts.elements && (
        <p>
          <span class="faint">
            {size(bytes.length)} of {size(facts.elements)}.{" "}
          </span>
          <button type="button" onClick={() => act(more)}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

interface StringTextProps {
  bytes: Uint8Array;
  mode: string;
  json: string | undefined;
}

function StringText({ bytes, mode, json }: StringTextProps): JSX.Element {
  if (mode === "json" && json !== undefined) {
    return <Text text={json} />;
  }
  if (mode === "hex") {
    const lines = hexLines(bytes.subarray(-HexShown), Math.max(0, bytes.length - HexShown));
    return <Text text={lines.map((line) => `${line.offset}  ${line.hex.padEnd(47)}  ${line.characters}`).join("\n")} />;
  }
  const text = mode === "text" ? plainText(bytes) : undefined;
  return text === undefined ? (
    <div class="value mono" tabIndex={0} role="region" aria-label="Value">
      <ByteText value={bytes} shown={SliceBytes} />
    </div>
  ) : (
    <Text text={text} />
  );
}

function Text({ text }: { text: string }): JSX.Element {
  return (
    <pre class="value mono" tabIndex={0} role="region" aria-label="Value">
      {text}
    </pre>
  );
}

interface EditorProps {
  name: Uint8Array;
  bytes: Uint8Array;
  json: string | undefined;
  change: ValueProps["change"];
  onClose(): void;
}

function StringEditor({ name, bytes, json, change, onClose }: EditorProps): JSX.Element {
  const act = useAction();
  const [draft, setDraft] = useState(draftOf(bytes));
  const isBroken = json !== undefined && !draft.isEscaped && jsonProblem(draft.text) !== "";
  const save = async (): Promise<void> => {
    const text = { question: "Replace the value?", done: "Value replaced" };
    if (await change([["SET", name, bytesOfDraft(draft), "KEEPTTL"]], text)) {
      onClose();
    }
  };
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        act(save);
      }}
    >
      <ValueField label="Value" draft={draft} onInput={setDraft} rows={16} />
      {isBroken && <p class="problem">No JSON any more: {jsonProblem(draft.text)}</p>}
      <div class="actions">
        {json !== undefined && (
          <button type="button" onClick={() => setDraft({ text: layOut(draft.text), isEscaped: false })}>
            Indent
          </button>
        )}
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="primary">
          Save
        </button>
      </div>
    </form>
  );
}
