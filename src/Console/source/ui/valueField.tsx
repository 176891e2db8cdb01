import type { JSX } from "preact";
import { toBytes } from "../resp/encoder.ts";
import { escapeBytes, plainText, unescapeText } from "../text/bytes.ts";
import { Check, Field, editable } from "./parts.tsx";

/** A value while it is edited: its text, and whether \x00 in it is a byte. */
export interface Draft {
  text: string;
  isEscaped: boolean;
}

export function draftOf(bytes?: Uint8Array): Draft {
  return bytes ? editable(bytes) : { text: "", isEscaped: false };
}

export function bytesOfDraft(draft: Draft): Uint8Array {
  return draft.isEscaped ? unescapeText(draft.text) : toBytes(draft.text);
}

interface ValueFieldProps {
  label: string;
  draft: Draft;
  onInput(draft: Draft): void;
  rows?: number;
}

/** Edits bytes as text. What cannot be typed is written as an escape. */
export function ValueField({ label, draft, onInput, rows }: ValueFieldProps): JSX.Element {
  const bytes = bytesOfDraft(draft);
  const mustEscape = draft.isEscaped && plainText(bytes) === undefined;
  const turn = (isEscaped: boolean): void =>
    onInput({ isEscaped, text: isEscaped ? escapeBytes(bytes) : (plainText(bytes) ?? draft.text) });
  return (
    <div>
      <Field
        label={label}
        value={draft.text}
        isMono
        {...(rows ? { rows } : {})}
        onInput={(text) => onInput({ ...draft, text })}
      />
      {mustEscape ? (
        <small class="faint">Escapes are bytes: \n, \x00, \\.</small>
      ) : (
        <Check label="Escapes such as \x00 are bytes" isOn={draft.isEscaped} onInput={turn} />
      )}
    </div>
  );
}
