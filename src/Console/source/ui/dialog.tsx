import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose(): void;
  isWide?: boolean;
}

/** A window over the page; the browser keeps the focus in it, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, children, onClose, isWide }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog ref={dialog} class={isWide ? "wide" : ""} aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}

interface FormDialogProps extends DialogProps {
  action: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  onSubmit(): void;
}

/** A dialog that is sent or given up. */
export function FormDialog(props: FormDialogProps): JSX.Element {
  const submit = (event: Event): void => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <Dialog title={props.title} onClose={props.onClose} isWide={props.isWide ?? false}>
      <form onSubmit={submit}>
        {props.children}
        <div class="actions">
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class={props.isDangerous ? "danger" : "primary"} disabled={props.isDisabled ?? false}>
            {props.action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
