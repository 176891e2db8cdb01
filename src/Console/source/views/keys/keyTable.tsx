import type { JSX } from "preact";
import { bytesOf, fieldOf, numberOf, textOf, type Reply } from "../../resp/reply.ts";
import { useApp, useStore } from "../../ui/app.ts";
import { messageOf } from "../../ui/hooks.ts";
import { ByteText, Table } from "../../ui/parts.tsx";
import { go } from "../route.ts";

interface KeyTableProps {
  label: string;
  /** Maps with `key`, its whole `length` and its `db`. */
  keys: readonly Reply[];
  head: string;
  number(key: Reply): string;
}

/** Keys with a number each; those of which the name is whole can be opened, in whatever database they are. */
export function KeyTable({ label, keys, head, number }: KeyTableProps): JSX.Element {
  const { session, asking } = useApp();
  const database = useStore(session.database);
  const open = async (name: Uint8Array, db: number): Promise<void> => {
    if (db !== database) {
      await session.select(db);
    }
    go("keys", name);
  };
  return (
    <Table label={label} head={["Key", head]} numbers={[1]} empty="None." isEmpty={keys.length === 0}>
      {keys.map((key, i) => {
        const name = bytesOf(fieldOf(key, "key"));
        const length = numberOf(fieldOf(key, "length"));
        const db = numberOf(fieldOf(key, "db"));
        const text = <ByteText value={{ kind: "bytes", bytes: name.subarray(0, 120), length }} shown={120} />;
        return (
          <tr key={i}>
            <td class="mono">
              {length === name.length ? (
                <a
                  href="#/keys"
                  onClick={(event) => {
                    event.preventDefault();
                    open(name, db).catch((error: unknown) => asking.tell(messageOf(error)));
                  }}
                >
                  {text}
                </a>
              ) : (
                text
              )}
              {db !== 0 && <span class="faint"> database {textOf(fieldOf(key, "db"))}</span>}
            </td>
            <td class="number nowrap">{number(key)}</td>
          </tr>
        );
      })}
    </Table>
  );
}
