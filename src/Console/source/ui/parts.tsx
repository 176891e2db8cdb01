import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { BytesReply } from "../resp/reply.ts";
import { escapePieces, plainText } from "../text/bytes.ts";
import { size } from "../text/format.ts";
import { kindly } from "./hooks.ts";

const ShownBytes = 200;

interface ByteTextProps {
  value: Uint8Array | BytesReply;
  /** Bytes that are shown before more are asked for. */
  shown?: number;
}

/** Bytes as text, with all that would not be seen escaped, and no more at first than fits. */
export function ByteText({ value, shown = ShownBytes }: ByteTextProps): JSX.Element {
  const [limit, setLimit] = useState(shown);
  const bytes = value instanceof Uint8Array ? value : value.bytes;
  const length = value instanceof Uint8Array ? value.length : value.length;
  const part = bytes.subarray(0, limit);
  const canGrow = bytes.length > limit;
  return (
    <span class="bytes" dir="ltr">
      {escapePieces(part).map((piece, i) =>
        piece.isEscape ? (
          <span class="escape" key={i}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
      {length === 0 && <span class="faint">(empty)</span>}
      {canGrow && (
        <button
          type="button"
          class="more"
          onClick={(event) => {
            event.stopPropagation();
            setLimit(Math.max(limit * 8, 2000));
          }}
        >
          show more of {size(length)}
        </button>
      )}
      {!canGrow && length > bytes.length && (
        <span class="faint">
          {" "}
          … the first {size(bytes.length)} of {size(length)}
        </span>
      )}
    </span>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onInput(value: string): void;
  hint?: string;
  type?: "text" | "number" | "password";
  isRequired?: boolean;
  isMono?: boolean;
  rows?: number;
  isDisabled?: boolean;
}

/** A labelled field; with rows, of several lines. */
export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const common = {
    id,
    class: props.isMono ? "mono" : "",
    value: props.value,
    required: props.isRequired ?? false,
    disabled: props.isDisabled ?? false,
    spellcheck: false,
    autocomplete: "off",
    "aria-describedby": props.hint ? `${id}-hint` : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.rows ? (
        <textarea {...common} rows={props.rows} onInput={(event) => props.onInput(event.currentTarget.value)} />
      ) : (
        /* The types of Preact want to know the kind of each input by itself; all of these take the same attributes. */
        <input {...common} type={(props.type ?? "text") as "text"} onInput={(event) => props.onInput(event.currentTarget.value)} />
      )}
      {props.hint && (
        <small id={`${id}-hint`} class="faint">
          {props.hint}
        </small>
      )}
    </div>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onInput(value: string): void;
}

export function Select({ label, value, options, onInput }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onInput={(event) => onInput(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Check(props: { label: string; isOn: boolean; onInput(isOn: boolean): void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={props.isOn} onInput={(event) => props.onInput(event.currentTarget.checked)} />
      <span>{props.label}</span>
    </label>
  );
}

interface TableProps {
  label: string;
  head: readonly string[];
  /** Columns of numbers, by their place. */
  numbers?: readonly number[];
  children: ComponentChildren;
  empty?: string;
  isEmpty?: boolean;
}

export function Table({ label, head, numbers, children, empty, isEmpty }: TableProps): JSX.Element {
  if (isEmpty) {
    return <p class="faint">{empty ?? "Nothing here."}</p>;
  }
  return (
    <div class="scroll" role="region" aria-label={`${label}, table`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((text, i) => (
              <th key={i} scope="col" class={numbers?.includes(i) ? "number" : ""}>
                {text || <span class="hidden">Actions</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function Problem({ text }: { text: string }): JSX.Element | null {
  return text ? (
    <p class="problem" role="alert">
      {kindly(text)}
    </p>
  ) : null;
}

interface CardProps {
  title: string;
  children: ComponentChildren;
  aside?: ComponentChildren;
  isWide?: boolean;
}

export function Card({ title, children, aside, isWide }: CardProps): JSX.Element {
  const id = useId();
  return (
    <section class={isWide ? "card wide" : "card"} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface TabsProps {
  label: string;
  tabs: readonly (readonly [id: string, text: string])[];
  selected: string;
  onSelect(id: string): void;
}

/** Choices of which one is shown; a group of buttons, of which one is pressed. */
export function Choices({ label, tabs, selected, onSelect }: TabsProps): JSX.Element {
  return (
    <div class="choices" role="group" aria-label={label}>
      {tabs.map(([id, text]) => (
        <button key={id} type="button" aria-pressed={id === selected} onClick={() => onSelect(id)}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** How bytes are first shown for editing: as they are where each is seen, otherwise with escapes. */
export function editable(bytes: Uint8Array): { text: string; isEscaped: boolean } {
  const text = plainText(bytes);
  const escaped = escapePieces(bytes)
    .map((piece) => piece.text)
    .join("");
  return text === undefined ? { text: escaped, isEscaped: true } : { text, isEscaped: false };
}
