import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { textOf } from "../../resp/reply.ts";
import { splitOnce } from "../../text/info.ts";
import { count, duration, size } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction, useLoad, usePoll, useTitle, useViewKeys } from "../../ui/hooks.ts";
import { Check, Problem, Table } from "../../ui/parts.tsx";
import { TimesDialog } from "./timesDialog.tsx";

const PeriodMs = 3000;

/** Of more only the first are shown. */
const ClientsShown = 500;

/** CLIENT LIST may be large: this is a hundred thousand clients. */
const ListBytes = 32 << 20;

type Client = ReadonlyMap<string, string>;

export function ClientsView(): JSX.Element {
  useTitle("Clients");
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState("id");
  const [isLive, setLive] = useState(true);
  const [timed, setTimed] = useState<string>();
  const list = useLoad(async () => parse(textOf(await session.call(["CLIENT", "LIST"], ListBytes))), []);
  usePoll(() => (isLive ? list.reload() : Promise.resolve()), PeriodMs);
  useViewKeys({ reload: () => void list.reload() });
  const kill = async (client: Client): Promise<void> => {
    const question = {
      title: `Disconnect client ${client.get("id")}?`,
      text: `${client.get("name") || "It has no name"}, ${client.get("addr")}, ${client.get("user")}`,
      action: "Disconnect",
      isDangerous: true,
    };
    if (await asking.confirm(question)) {
      await session.call(["CLIENT", "KILL", "ID", client.get("id") ?? ""]);
      asking.tell("Client disconnected");
      await list.reload();
    }
  };
  const found = (list.value ?? []).filter((client) => filter === "" || [...client.values()].some((value) => value.includes(filter)));
  const clients = found.sort(compare(order)).slice(0, ClientsShown);
  return (
    <>
      <div class="title">
        <h1>Clients</h1>
        <span class="faint" role="status">
          {count(found.length)} of {count(list.value?.length ?? NaN)}
        </span>
      </div>
      <div class="toolbar">
        <input
          type="search"
          aria-label="Clients with this in an address, a name, a user"
          placeholder="Address, name, user"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <label class="inline">
          Order{" "}
          <select value={order} onInput={(event) => setOrder(event.currentTarget.value)}>
            {Object.entries(Orders).map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Check label="Live" isOn={isLive} onInput={setLive} />
      </div>
      <Problem text={list.error} />
      <Table
        label="Clients"
        head={["Id", "Name", "Address", "User", "Database", "Age", "Idle", "Memory", "In", "Out", "Commands", "Last", "Flags", ""]}
        numbers={[0, 4, 7, 8, 9, 10]}
      >
        {clients.map((client) => (
          <tr key={client.get("id")}>
            <td class="number">{client.get("id")}</td>
            <td>{client.get("name") || client.get("lib-name") || <span class="faint">–</span>}</td>
            <td class="mono">{client.get("addr")}</td>
            <td>{client.get("user")}</td>
            <td class="number">{client.get("db")}</td>
            <td class="nowrap">{duration(numeric(client, "age"))}</td>
            <td class="nowrap">{duration(numeric(client, "idle"))}</td>
            <td class="number nowrap">{size(numeric(client, "tot-mem"))}</td>
            <td class="number nowrap">{size(numeric(client, "tot-net-in"))}</td>
            <td class="number nowrap">{size(numeric(client, "tot-net-out"))}</td>
            <td class="number">{count(numeric(client, "tot-cmds"))}</td>
            <td class="mono">{client.get("cmd")?.replace("|", " ")}</td>
            <td class="mono">{client.get("flags")}</td>
            <td class="row-actions">
              {rights.has("client|times") && (
                <button
                  type="button"
                  disabled={!rights.may("client|times")}
                  aria-label={`Times of client ${client.get("id")}`}
                  onClick={() => setTimed(client.get("id"))}
                >
                  Times
                </button>
              )}
              <button
                type="button"
                disabled={!rights.may("client|kill")}
                aria-label={`Disconnect client ${client.get("id")}`}
                onClick={() => act(() => kill(client))}
              >
                Disconnect
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {timed && <TimesDialog id={timed} onClose={() => setTimed(undefined)} />}
    </>
  );
}

const Orders: Record<string, string> = {
  id: "oldest",
  "tot-mem": "memory",
  idle: "idle",
  "tot-cmds": "commands",
  "tot-net-out": "bytes out",
};

function compare(order: string): (left: Client, right: Client) => number {
  return (left, right) =>
    order === "id" ? numeric(left, "id") - numeric(right, "id") : numeric(right, order) - numeric(left, order);
}

function numeric(client: Client, name: string): number {
  return Number(client.get(name) ?? NaN);
}

function parse(text: string): Client[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => new Map(line.split(" ").map((part) => splitOnce(part, "="))));
}
