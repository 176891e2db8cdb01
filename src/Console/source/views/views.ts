import type { JSX } from "preact";
import { AccessView } from "./access/accessView.tsx";
import { ClientsView } from "./clients/clientsView.tsx";
import { CommandView } from "./command/commandView.tsx";
import { KeysView } from "./keys/keysView.tsx";
import { LiveView } from "./live/liveView.tsx";
import { OverviewView } from "./overview/overviewView.tsx";
import { PersistenceView } from "./persistence.tsx";
import { SettingsView } from "./settings.tsx";
import { SlowView } from "./slow/slowView.tsx";

export interface View {
  id: string;
  title: string;
  /** After g. */
  key: string;
  /** Without these there is nothing to see. */
  needs: readonly string[];
  show: () => JSX.Element;
}

export const Views: readonly View[] = [
  { id: "overview", title: "Overview", key: "o", needs: ["info"], show: OverviewView },
  { id: "keys", title: "Keys", key: "k", needs: ["scan", "type"], show: KeysView },
  { id: "command", title: "Command line", key: "c", needs: [], show: CommandView },
  { id: "slow", title: "Slow requests", key: "s", needs: ["slowlog|get"], show: SlowView },
  { id: "clients", title: "Clients", key: "l", needs: ["client|list"], show: ClientsView },
  { id: "live", title: "Live", key: "e", needs: ["psubscribe"], show: LiveView },
  { id: "settings", title: "Settings", key: "t", needs: ["config|get"], show: SettingsView },
  { id: "persistence", title: "Persistence", key: "p", needs: ["info"], show: PersistenceView },
  { id: "access", title: "Access", key: "a", needs: ["acl|list"], show: AccessView },
];
