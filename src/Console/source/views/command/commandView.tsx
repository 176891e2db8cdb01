import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CommandDoc } from "../../session/catalog.ts";
import { itemsOf, textOf, type Reply } from "../../resp/reply.ts";
import { useApp, useStore } from "../../ui/app.ts";
import { useAction, useLoad, useTitle, useViewKeys } from "../../ui/hooks.ts";
import { Check } from "../../ui/parts.tsx";
import { docOf, suggestions, type Suggestion } from "./completion.ts";
import { ReplyView } from "./replyView.tsx";
import { Terminal, type Entry } from "./terminal.ts";

/** Terminals live as long as the page, so that one comes back to what was there. */
const terminals = new WeakMap<object, Terminal>();

export function CommandView(): JSX.Element {
  useTitle("Command line");
  const { session, catalog, asking } = useApp();
  const act = useAction();
  const terminal = terminals.get(session) ?? new Terminal(session);
  terminals.set(session, terminal);
  const entries = useStore(terminal.entries);
  const [asksAlways, setAsksAlways] = useState(false);
  const connection = useStore(session.state).at;
  const docs = useLoad(() => catalog.load(), [connection]).value ?? new Map<string, CommandDoc>();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [entries]);
  const run = async (line: string): Promise<void> => {
    const name = docOf(docs, line)?.name ?? line.trim().split(/\s+/)[0]!.toLowerCase();
    const risk = await riskOf((request) => session.ask(request), name);
    const question = {
      title: `Run ${name.toUpperCase().replace("|", " ")}?`,
      text: risk === "dangerous" ? "The command is dangerous: it may destroy data, or keep the server busy." : "The command changes data.",
      action: "Run",
      isDangerous: true,
    };
    const isFine = risk === "" || (risk === "write" && !asksAlways) || (await asking.confirm(question));
    if (isFine) {
      await terminal.run(line);
    }
  };
  return (
    <div class="terminal">
      <div class="title">
        <h1>Command line</h1>
        <Check label="Ask before each write" isOn={asksAlways} onInput={setAsksAlways} />
        <button type="button" onClick={() => terminal.clear()}>
          Clear
        </button>
      </div>
      <div class="output" role="log" aria-label="Replies" tabIndex={0}>
        {entries.map((entry) => (
          <Shown key={entry.id} entry={entry} />
        ))}
        <div ref={end} />
      </div>
      <Prompt docs={docs} history={terminal.history} onRun={(line) => act(() => run(line))} />
    </div>
  );
}

/** What COMMAND INFO says that the command may do. Commands that only look are not asked about, although some are dangerous to read. */
async function riskOf(ask: (request: string[]) => Promise<Reply>, name: string): Promise<string> {
  const info = itemsOf(itemsOf(await ask(["COMMAND", "INFO", name]))[0]);
  const flags = itemsOf(info[2]).map(textOf);
  const categories = itemsOf(info[6]).map(textOf);
  const isHarmless = flags.includes("readonly") || Harmless.test(name);
  if (categories.includes("@dangerous") && !isHarmless) {
    return "dangerous";
  }
  return flags.includes("write") ? "write" : "";
}

/** Dangerous in the eyes of access control, because they tell much; they change nothing. */
const Harmless = /^(info|role|lastsave|latency|slowlog|config\|get|client\|list|client\|info|acl\|(list|users|getuser|log|dryrun))/;

function Shown({ entry }: { entry: Entry }): JSX.Element {
  return (
    <div class="entry">
      {entry.line && (
        <div class="line">
          <span class="prompt" aria-hidden="true">
            ›
          </span>
          {entry.line}
        </div>
      )}
      {entry.reply && (
        <div class="reply">
          <ReplyView reply={entry.reply} />
        </div>
      )}
      {entry.isWaiting && <div class="reply faint">…</div>}
      {entry.problem && <div class="reply r-error">{entry.problem}</div>}
    </div>
  );
}

interface PromptProps {
  docs: ReadonlyMap<string, CommandDoc>;
  history: readonly string[];
  onRun(line: string): void;
}

/** The line that is typed: Tab completes, the arrows go through what was typed before or is suggested, Escape closes suggestions. */
function Prompt({ docs, history, onRun }: PromptProps): JSX.Element {
  const [line, setLine] = useState("");
  const [cursor, setCursor] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [past, setPast] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  useViewKeys({ search: () => field.current?.focus() });
  const offered = isOpen ? suggestions(docs, line, cursor) : [];
  const doc = docOf(docs, line);
  const type = (text: string, at: number, opens: boolean): void => {
    setLine(text);
    setCursor(at);
    setOpen(opens);
    setChosen(0);
  };
  /** At once, not with the next picture: by then the next letter may have been typed. */
  const take = (suggestion: Suggestion): void => {
    type(suggestion.line, suggestion.cursor, true);
    field.current!.value = suggestion.line;
    field.current!.setSelectionRange(suggestion.cursor, suggestion.cursor);
  };
  const recall = (step: number): void => {
    const now = Math.max(0, Math.min(history.length, past + step));
    setPast(now);
    const text = now === 0 ? "" : history[history.length - now]!;
    type(text, text.length, false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const suggestion = offered[chosen];
    if (event.key === "Tab" && !event.shiftKey && suggestion) {
      event.preventDefault();
      take(suggestion);
    } else if (event.key === "Escape") {
      setOpen(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (offered.length > 0) {
        setChosen((chosen + step + offered.length) % offered.length);
      } else {
        recall(-step);
      }
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (line.trim() !== "") {
      onRun(line.trim());
      setPast(0);
      type("", 0, false);
    }
  };
  return (
    <form class="prompt-line" onSubmit={submit}>
      <div class="suggestions" id="suggestions" role="listbox" aria-label="Suggestions" hidden={offered.length === 0}>
        {offered.map((suggestion, i) => (
          <div key={suggestion.text} id={`suggestion-${i}`} role="option" aria-selected={i === chosen} onMouseDown={(event) => {
            event.preventDefault();
            take(suggestion);
          }}>
            <b>{suggestion.text}</b> <span class="faint">{suggestion.summary}</span>
          </div>
        ))}
      </div>
      <div class="prompt-field">
        <span class="prompt" aria-hidden="true">
          ›
        </span>
        <input
          ref={field}
          class="mono"
          role="combobox"
          aria-label="Command"
          aria-autocomplete="list"
          aria-expanded={offered.length > 0}
          aria-controls="suggestions"
          aria-activedescendant={offered.length > 0 ? `suggestion-${chosen}` : undefined}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={line}
          onInput={(event) => type(event.currentTarget.value, event.currentTarget.selectionStart ?? 0, true)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="primary">
          Run
        </button>
      </div>
      <p class="help">
        {doc ? (
          <>
            <b>
              {doc.name.toUpperCase().replace("|", " ")} {doc.syntax}
            </b>{" "}
            – {doc.summary} <span class="faint">{doc.complexity}{doc.since && `, since ${doc.since}`}</span>
          </>
        ) : (
          <span class="faint">Tab completes, ↑ brings back what was typed before, Escape closes suggestions.</span>
        )}
      </p>
    </form>
  );
}
