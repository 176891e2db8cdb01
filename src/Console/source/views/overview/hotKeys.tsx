import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fieldOf, itemsOf, numberOf, type Reply } from "../../resp/reply.ts";
import { short } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useLoad, usePoll } from "../../ui/hooks.ts";
import { Card } from "../../ui/parts.tsx";
import { KeyTable } from "../keys/keyTable.tsx";

const PeriodMs = 5000;
const KeysShown = 10;

/** The keys that are used most, where the server tells. */
export function HotKeys(): JSX.Element | null {
  const { session } = useApp();
  const rights = useRights();
  const isTold = rights.has("hotkeys|top") && rights.may("hotkeys|top");
  const [keys, setKeys] = useState<readonly Reply[]>([]);
  const read = async (): Promise<void> => {
    if (isTold) {
      setKeys(itemsOf(fieldOf(await session.ask(["HOTKEYS", "TOP", "COUNT", KeysShown]), "keys")));
    }
  };
  useLoad(read, []);
  usePoll(() => read().catch(() => undefined), PeriodMs);
  return isTold ? (
    <Card title="Hot keys">
      <KeyTable label="Hot keys" keys={keys} head="Uses a second" number={(key) => short(numberOf(fieldOf(key, "per-second")))} />
    </Card>
  ) : null;
}
