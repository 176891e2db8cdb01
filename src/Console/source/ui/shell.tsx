import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { go, route } from "../views/route.ts";
import { Views, type View } from "../views/views.ts";
import { useApp, useRights, useStore } from "./app.ts";
import { ShortcutsDialog, useShortcuts } from "./shortcuts.tsx";

/** The frame: where one is, where one can go, and who one is. */
export function Shell(): JSX.Element {
  const { session, sampler } = useApp();
  const rights = useRights();
  const now = useStore(route);
  const [isHelping, setHelping] = useState(false);
  const content = useRef<HTMLElement>(null);
  const view = Views.find((one) => one.id === now.view) ?? Views[0]!;
  useShortcuts(() => setHelping(true));
  useEffect(() => sampler.start(), [sampler]);
  useFocusOn(content, view);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => content.current?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <a class="brand" href="#/overview">
          <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
            <path d="M8 1l6 3.5v7L8 15l-6-3.5v-7z" />
          </svg>
          Bixbite
        </a>
        <Where />
        <button type="button" class="quiet" aria-label="Keyboard shortcuts" onClick={() => setHelping(true)}>
          ?
        </button>
      </header>
      <nav aria-label="Views">
        <ul>
          {Views.map((one) => (
            <li key={one.id}>
              <NavLink view={one} isHere={one === view} isAllowed={rights.may(...one.needs)} />
            </li>
          ))}
        </ul>
        <div class="who">
          <span>{session.user.value}</span>
          <button type="button" class="quiet" onClick={() => session.logOut()}>
            Log out
          </button>
        </div>
      </nav>
      <main ref={content} id="content" tabIndex={-1}>
        <Lost />
        {rights.may(...view.needs) ? <view.show key={view.id} /> : <Denied view={view} />}
      </main>
      {isHelping && <ShortcutsDialog onClose={() => setHelping(false)} />}
    </div>
  );
}

/** After a change of view whoever reads by ear hears the new one; the first view leaves the focus where it is. */
function useFocusOn(content: { current: HTMLElement | null }, view: View): void {
  const shown = useRef(view);
  useLayoutEffect(() => {
    if (shown.current !== view) {
      shown.current = view;
      if (!content.current?.contains(document.activeElement)) {
        content.current?.focus();
      }
      scrollTo(0, 0);
    }
  }, [view]);
}

function NavLink({ view, isHere, isAllowed }: { view: View; isHere: boolean; isAllowed: boolean }): JSX.Element {
  return (
    <a
      href={`#/${view.id}`}
      class={isAllowed ? "" : "denied"}
      aria-current={isHere ? "page" : undefined}
      title={isAllowed ? undefined : "You may not see this"}
      onClick={(event) => {
        event.preventDefault();
        go(view.id);
      }}
    >
      {view.title}
    </a>
  );
}

function Denied({ view }: { view: View }): JSX.Element {
  const { session } = useApp();
  return (
    <>
      <h1>{view.title}</h1>
      <p class="hint">
        The user <b>{session.user.value}</b> may not see this: it needs{" "}
        {view.needs.map((command) => command.toUpperCase().replace("|", " ")).join(", ")}.
      </p>
    </>
  );
}

function Where(): JSX.Element {
  const { sampler } = useApp();
  const info = useStore(sampler.overview)?.info;
  return (
    <span class="where">
      <span class="mono">{location.host}</span>
      {info && <span class="badge">{info.text("role") === "slave" ? "replica" : "primary"}</span>}
      {info?.text("loading") === "1" && <span class="badge warn">loading</span>}
    </span>
  );
}

function Lost(): JSX.Element | null {
  const { session } = useApp();
  const state = useStore(session.state);
  return state.at === "lost" ? (
    <p class="problem" role="alert">
      {state.message} Trying again …
    </p>
  ) : null;
}
