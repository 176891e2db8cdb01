import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Store } from "../session/store.ts";
import type { Asking, Question } from "../session/writes.ts";
import { useStore } from "./app.ts";
import { FormDialog } from "./dialog.tsx";
import { kindly, messageOf } from "./hooks.ts";

const NoticeMs = 6000;
const UndoMs = 20_000;
const NoticesMax = 4;

interface Notice {
  id: number;
  text: string;
  undo: (() => Promise<void>) | undefined;
}

interface Open {
  question: Question;
  answer(yes: boolean): void;
}

/** Questions and notices: what views say, kept for {@link AskingLayer} to show. The last change only can be undone. */
export class PageAsking implements Asking {
  readonly open = new Store<Open | undefined>(undefined);
  readonly notices = new Store<readonly Notice[]>([]);
  #nextId = 1;

  confirm(question: Question): Promise<boolean> {
    this.open.value?.answer(false);
    return new Promise((resolve) => {
      this.open.value = {
        question,
        answer: (yes) => {
          this.open.value = undefined;
          resolve(yes);
        },
      };
    });
  }

  tell(text: string, undo?: () => Promise<void>): void {
    const notice = { id: this.#nextId++, text, undo };
    const before = undo ? this.notices.value.filter((other) => !other.undo) : this.notices.value;
    this.notices.value = [...before, notice].slice(-NoticesMax);
    setTimeout(() => this.drop(notice.id), undo ? UndoMs : NoticeMs);
  }

  drop(id: number): void {
    this.notices.value = this.notices.value.filter((notice) => notice.id !== id);
  }
}

export function AskingLayer({ asking }: { asking: PageAsking }): JSX.Element {
  const open = useStore(asking.open);
  const notices = useStore(asking.notices);
  const undo = (notice: Notice): void => {
    asking.drop(notice.id);
    notice.undo?.().catch((error: unknown) => asking.tell(kindly(messageOf(error))));
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const last = asking.notices.value.findLast((notice) => notice.undo);
      if (last && event.key === "u" && !isTyping(event)) {
        undo(last);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [asking]);
  return (
    <>
      {open && (
        <FormDialog
          title={open.question.title}
          action={open.question.action}
          isDangerous={open.question.isDangerous ?? false}
          onClose={() => open.answer(false)}
          onSubmit={() => open.answer(true)}
        >
          <p>{open.question.text}</p>
        </FormDialog>
      )}
      <div class="notices" role="status" aria-live="polite">
        {notices.map((notice) => (
          <div class="notice" key={notice.id}>
            <span>{notice.text}</span>
            {notice.undo && (
              <button type="button" class="undo" onClick={() => undo(notice)}>
                Undo
              </button>
            )}
            <button type="button" class="quiet" aria-label="Dismiss" onClick={() => asking.drop(notice.id)}>
              ✕
            </button>
          </div>
        ))}
      </div>
    </>
  );
}

/** Whether a key is meant for a field, or for the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  const isField = target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
  return isField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null;
}
