import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Store } from "../session/store.ts";
import { go } from "../views/route.ts";
import { Views } from "../views/views.ts";
import { useStore } from "./app.ts";
import { isTyping } from "./asking.tsx";
import { Dialog } from "./dialog.tsx";
import { Check } from "./parts.tsx";

const Setting = "bixbite-console-shortcuts";

/** How long after g the second letter may come. */
const PairMs = 1500;

/** Whether letters do something; those whose keyboard or voice types by accident turn it off. */
export const areOn = new Store(localStorage.getItem(Setting) !== "off");

export function useShortcuts(onHelp: () => void): void {
  const wentAt = useRef(0);
  const help = useRef(onHelp);
  help.current = onHelp;
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || (!areOn.value && event.key !== "?")) {
        return;
      }
      const isPair = event.timeStamp - wentAt.current < PairMs;
      wentAt.current = event.key === "g" ? event.timeStamp : -PairMs;
      const view = isPair ? Views.find((one) => one.key === event.key) : undefined;
      if (view) {
        go(view.id);
      } else if (event.key === "?") {
        help.current();
      } else if (event.key === "/") {
        event.preventDefault();
        dispatchEvent(new Event("console-search"));
      } else if (event.key === "r") {
        dispatchEvent(new Event("console-reload"));
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

export function ShortcutsDialog({ onClose }: { onClose(): void }): JSX.Element {
  const isOn = useStore(areOn);
  const turn = (on: boolean): void => {
    areOn.value = on;
    localStorage.setItem(Setting, on ? "on" : "off");
  };
  const others: [string[], string][] = [
    [["/"], "Search, or the command line"],
    [["r"], "Read anew"],
    [["u"], "Undo the last change"],
    [["↑", "↓"], "From key to key in a list"],
    [["Esc"], "Close what is open"],
    [["?"], "This help"],
  ];
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="shortcuts">
        {Views.map((view) => (
          <div key={view.id}>
            <dt>
              <kbd>g</kbd> <kbd>{view.key}</kbd>
            </dt>
            <dd>{view.title}</dd>
          </div>
        ))}
        {others.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Check label="Letters are shortcuts" isOn={isOn} onInput={turn} />
      <div class="actions">
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
