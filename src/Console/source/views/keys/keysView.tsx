import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { numberOf } from "../../resp/reply.ts";
import { equalBytes } from "../../text/bytes.ts";
import { count, duration } from "../../text/format.ts";
import { useApp, useRights, useStore } from "../../ui/app.ts";
import { messageOf, useLoad, useTitle, useViewKeys } from "../../ui/hooks.ts";
import { ByteText, Problem, Select } from "../../ui/parts.tsx";
import { go, route } from "../route.ts";
import { KeyView } from "./keyView.tsx";
import { NewKey } from "./newKey.tsx";
import { Survey } from "./survey.tsx";
import { Search, type FoundKey, type SearchState } from "./search.ts";

const Types = ["string", "hash", "list", "set", "zset", "stream"] as const;
const NameShown = 120;
const Nothing: SearchState = { keys: [], scanned: 0, isRunning: false, isDone: false };

/** Keys are searched for on the left; the one that is opened stands on the right. */
export function KeysView(): JSX.Element {
  useTitle("Keys");
  const { session } = useApp();
  const rights = useRights();
  const shown = useStore(route).key;
  const database = useStore(session.database);
  const [pattern, setPattern] = useState("");
  const [type, setType] = useState("");
  const [state, setState] = useState(Nothing);
  const [error, setError] = useState("");
  const [isAdding, setAdding] = useState(false);
  const [round, setRound] = useState(0);
  const search = useRef<Search>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const size = useLoad(async () => numberOf(await session.call(["DBSIZE"])), [database, round]);
  const more = (): void => {
    setError("");
    search.current?.more().catch((problem: unknown) => setError(messageOf(problem)));
  };
  const begin = (): void => {
    search.current?.stop();
    setState(Nothing);
    const begun = new Search(session, pattern, type, (now) => search.current === begun && setState(now));
    search.current = begun;
    more();
  };
  const again = (): void => setRound((before) => before + 1);
  useEffect(begin, [type, database, round]);
  useEffect(() => () => search.current?.stop(), []);
  useViewKeys({ search: () => field.current?.focus(), reload: again });
  return (
    <div class={shown ? "keys opened" : "keys"}>
      <section class="finder" aria-label="Search">
        <div class="title">
          <h1>Keys</h1>
          <button type="button" class="primary" disabled={!rights.may("set")} onClick={() => setAdding(true)}>
            New key
          </button>
        </div>
        <form
          class="search"
          role="search"
          aria-label="Keys"
          onSubmit={(event) => {
            event.preventDefault();
            again();
          }}
        >
          <input
            ref={field}
            type="search"
            class="mono"
            aria-label="Part of a name, or a pattern such as user:*"
            placeholder="Part of a name, or user:*"
            spellcheck={false}
            autocomplete="off"
            value={pattern}
            onInput={(event) => setPattern(event.currentTarget.value)}
          />
          <button type="submit">Search</button>
        </form>
        <div class="filters">
          <Select
            label="Type"
            value={type}
            options={[["", "all"], ...Types.map((name) => [name, name] as const)]}
            onInput={setType}
          />
          <DatabaseField database={database} />
        </div>
        <Problem text={error} />
        <KeyList keys={state.keys} shown={shown} />
        <Progress state={state} total={size.value ?? NaN} onMore={more} onStop={() => search.current?.stop()} />
      </section>
      {shown ? (
        <KeyView key={`${database}/${shown.join()}`} name={shown} onGone={again} />
      ) : (
        <Survey />
      )}
      {isAdding && <NewKey onClose={() => setAdding(false)} onAdded={again} />}
    </div>
  );
}

function DatabaseField({ database }: { database: number }): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const select = (text: string): void => {
    const wanted = Number(text);
    if (text !== "" && Number.isInteger(wanted)) {
      session.select(wanted).then(() => go("keys"), (error: unknown) => asking.tell(messageOf(error)));
    }
  };
  return (
    <div class="field">
      <label for="database">Database</label>
      <input
        id="database"
        type="number"
        min={0}
        value={database}
        disabled={!rights.may("select")}
        onChange={(event) => select(event.currentTarget.value)}
      />
    </div>
  );
}

interface KeyListProps {
  keys: readonly FoundKey[];
  shown: Uint8Array | undefined;
}

/** Each is a link, but for those with names too long to be fetched; the arrows go from one to the next. */
function KeyList({ keys, shown }: KeyListProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const links = step ? [...document.querySelectorAll<HTMLElement>(".key-list a")] : [];
    const at = links.indexOf(document.activeElement as HTMLElement);
    if (at >= 0 && links[at + step]) {
      event.preventDefault();
      links[at + step]!.focus();
    }
  };
  return (
    <ul class="key-list" onKeyDown={onKeyDown}>
      {keys.map((key, i) => (
        <li key={i}>
          {key.length === key.name.length ? (
            <a
              href="#/keys"
              aria-current={shown && equalBytes(shown, key.name) ? "true" : undefined}
              onClick={(event) => {
                event.preventDefault();
                go("keys", key.name);
              }}
            >
              <KeyLine found={key} />
            </a>
          ) : (
            <span class="unopenable">
              <KeyLine found={key} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function KeyLine({ found }: { found: FoundKey }): JSX.Element {
  return (
    <>
      <span class={`type ${found.type}`}>{found.type}</span>
      <span class="name">
        <ByteText value={{ kind: "bytes", bytes: found.name.subarray(0, NameShown), length: found.length }} shown={NameShown} />
      </span>
      {found.ttlMs >= 0 && <span class="ttl faint">{duration(found.ttlMs / 1000)}</span>}
    </>
  );
}

interface ProgressProps {
  state: SearchState;
  total: number;
  onMore(): void;
  onStop(): void;
}

function Progress({ state, total, onMore, onStop }: ProgressProps): JSX.Element {
  const scanned = Math.min(state.scanned, total || state.scanned);
  const text = state.isDone
    ? `${count(state.keys.length)} found, all of ${count(total)} looked at`
    : `${count(state.keys.length)} found, ${count(scanned)} of ${count(total)} looked at`;
  return (
    <div class="progress">
      <span role="status" class="faint">
        {text}
      </span>
      {state.isRunning ? (
        <button type="button" onClick={onStop}>
          Stop
        </button>
      ) : (
        !state.isDone && (
          <button type="button" onClick={onMore}>
            Search on
          </button>
        )
      )}
    </div>
  );
}
