import { createContext } from "preact";
import { useContext, useLayoutEffect, useReducer } from "preact/hooks";
import type { Catalog } from "../session/catalog.ts";
import type { Rights } from "../session/rights.ts";
import type { Sampler } from "../session/sampler.ts";
import type { Session } from "../session/session.ts";
import type { Store } from "../session/store.ts";
import type { Asking } from "../session/writes.ts";

/** What every view may use. */
export interface App {
  session: Session;
  catalog: Catalog;
  sampler: Sampler;
  asking: Asking;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) {
    throw new Error("views are shown within the application");
  }
  return app;
}

/** The value now, and the component again whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, renew] = useReducer((n: number) => n + 1, 0);
  const value = store.value;
  useLayoutEffect(() => {
    // A child of this one may have changed it meanwhile.
    if (!Object.is(value, store.value)) {
      renew(0);
    }
    return store.follow(() => renew(0));
  }, [store]);
  return value;
}

export function useRights(): Rights {
  const { session } = useApp();
  useStore(session.rights.version);
  return session.rights;
}
