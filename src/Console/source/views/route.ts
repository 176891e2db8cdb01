import { Store } from "../session/store.ts";
import { fromAddress, toAddress } from "../text/bytes.ts";

/** A key that is longer has no address of its own. */
const AddressKeyMax = 512;

export interface Route {
  view: string;
  /** The key that is shown, in the view of keys. */
  key: Uint8Array | undefined;
}

/** What is shown, which the address of the page tells: #/keys/user%3a1. */
export const route = new Store<Route>(read());

export function go(view: string, key?: Uint8Array): void {
  const address = key && key.length <= AddressKeyMax ? `#/${view}/${toAddress(key)}` : `#/${view}`;
  route.value = { view, key };
  if (location.hash !== address) {
    history.pushState(null, "", address);
  }
}

addEventListener("popstate", () => (route.value = read()));
addEventListener("hashchange", () => {
  const now = read();
  const isSame = now.view === route.value.view && (now.key?.length ?? 0) === 0 && !route.value.key;
  if (!isSame) {
    route.value = now;
  }
});

function read(): Route {
  const [, view = "", key] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(location.hash) ?? [];
  return { view: view || "overview", key: key ? fromAddress(key) : undefined };
}
