import type { JSX } from "preact";
import { count, duration, size } from "../../text/format.ts";
import type { Info } from "../../text/info.ts";
import { Card, Facts, Table } from "../../ui/parts.tsx";

export function Replication({ info }: { info: Info }): JSX.Element {
  const isReplica = info.text("role") === "slave";
  const offset = info.number("master_repl_offset");
  const replicas = info.tables("slave").filter(({ name }) => /^\d+$/.test(name));
  return (
    <Card title="Replication">
      {isReplica ? (
        <Facts
          facts={[
            ["Role", "replica"],
            ["Primary", `${info.text("master_host")}:${info.text("master_port")}`],
            ["Link", info.text("master_link_status")],
            ["Last heard", duration(info.number("master_last_io_seconds_ago"))],
            ["Offset", count(info.number("slave_repl_offset"))],
            ["Full copy", info.text("master_sync_in_progress") === "1" ? "in progress" : "no"],
          ]}
        />
      ) : (
        <Facts
          facts={[
            ["Role", "primary"],
            ["Replicas", count(info.number("connected_slaves"))],
            ["Offset", count(offset)],
            ["Backlog", size(info.number("repl_backlog_size"))],
          ]}
        />
      )}
      {replicas.length > 0 && (
        <Table label="Replicas" head={["Replica", "State", "Behind", "Lag"]} numbers={[2, 3]}>
          {replicas.map(({ name, values }) => (
            <tr key={name}>
              <td class="mono">
                {values.get("ip")}:{values.get("port")}
              </td>
              <td>{values.get("state")}</td>
              <td class="number">{size(Math.max(0, offset - Number(values.get("offset") ?? NaN)))}</td>
              <td class="number">{duration(Number(values.get("lag") ?? NaN))}</td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
