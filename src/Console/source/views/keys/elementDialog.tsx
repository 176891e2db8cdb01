import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FormDialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";

interface ElementDialogProps {
  title: string;
  label: string;
  bytes?: Uint8Array | undefined;
  /** With it, the element has a score. */
  score?: string;
  onClose(): void;
  onSave(bytes: Uint8Array, score: string): void;
}

/** Edits one element, or a new one. */
export function ElementDialog(props: ElementDialogProps): JSX.Element {
  const [draft, setDraft] = useState(draftOf(props.bytes));
  const [score, setScore] = useState(props.score ?? "");
  const save = (): void => props.onSave(bytesOfDraft(draft), score);
  return (
    <FormDialog title={props.title} action="Save" onClose={props.onClose} onSubmit={save} isWide>
      <ValueField label={props.label} draft={draft} onInput={setDraft} rows={6} />
      {props.score !== undefined && <Field label="Score" value={score} isRequired isMono onInput={setScore} />}
    </FormDialog>
  );
}
