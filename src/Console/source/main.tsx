import { render, type JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Catalog } from "./session/catalog.ts";
import { Sampler } from "./session/sampler.ts";
import { Session } from "./session/session.ts";
import { AppContext, useStore, type App } from "./ui/app.ts";
import { AskingLayer, PageAsking } from "./ui/asking.tsx";
import { Shell } from "./ui/shell.tsx";
import { Login } from "./views/login.tsx";

const session = new Session();
const asking = new PageAsking();

function Console(): JSX.Element {
  const state = useStore(session.state);
  const user = useStore(session.user);
  const app = useMemo<App>(() => ({ session, asking, catalog: new Catalog(session), sampler: new Sampler(session) }), [user]);
  if (state.at === "login") {
    return <Login session={session} message={state.message} />;
  }
  if (state.at === "connecting" || (state.at === "lost" && !state.wasOpen)) {
    return (
      <main class="login">
        <p class="faint" role="status">
          {state.at === "lost" && `${state.message} `}Connecting …
        </p>
      </main>
    );
  }
  return (
    <AppContext.Provider value={app}>
      <Shell />
      <AskingLayer asking={asking} />
    </AppContext.Provider>
  );
}

render(<Console />, document.getElementById("console")!);
void session.connect();
