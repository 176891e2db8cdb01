import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { itemsOf, numberOf, type Reply } from "../../resp/reply.ts";
import type { CommandLoad } from "../../session/sampler.ts";
import { clock, microseconds, percent, short } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useLoad, usePoll } from "../../ui/hooks.ts";
import { Card, Table } from "../../ui/parts.tsx";
import { RequestText } from "../slow/requestText.tsx";

const CommandsShown = 8;
const SlowShown = 5;
const SlowPeriodMs = 5000;

/** What takes the time now: commands by their share of it, and the last slow requests. */
export function Busy({ commands }: { commands: readonly CommandLoad[] }): JSX.Element {
  const busiest = [...commands].sort((left, right) => right.share - left.share).slice(0, CommandsShown);
  return (
    <>
      <Card title="Busiest commands now">
        <Table
          label="Busiest commands"
          head={["Command", "A second", "Of a core", "99 % within", "Failed"]}
          numbers={[1, 2, 3, 4]}
          empty="Nothing runs."
          isEmpty={busiest.length === 0}
        >
          {busiest.map((command) => (
            <tr key={command.name}>
              <td class="mono">{command.name.replace("|", " ")}</td>
              <td class="number">{short(command.callsPerSecond)}</td>
              <td class="number">{percent(command.share)}</td>
              <td class="number">{command.p99 === null ? "–" : microseconds(command.p99)}</td>
              <td class="number">{command.failed || ""}</td>
            </tr>
          ))}
        </Table>
      </Card>
      <LastSlow />
    </>
  );
}

function LastSlow(): JSX.Element | null {
  const { session } = useApp();
  const rights = useRights();
  const [entries, setEntries] = useState<readonly Reply[]>([]);
  const read = async (): Promise<void> => {
    if (rights.may("slowlog|get")) {
      setEntries(itemsOf(await session.ask(["SLOWLOG", "GET", SlowShown])));
    }
  };
  useLoad(read, []);
  usePoll(() => read().catch(() => undefined), SlowPeriodMs);
  if (!rights.may("slowlog|get")) {
    return null;
  }
  return (
    <Card title="Last slow requests" aside={<a href="#/slow">All</a>}>
      <Table label="Last slow requests" head={["At", "Took", "Request"]} numbers={[1]} empty="None." isEmpty={entries.length === 0}>
        {entries.map((entry, i) => {
          const [, time, us, request] = itemsOf(entry);
          return (
            <tr key={i}>
              <td class="nowrap">{clock(numberOf(time) * 1000)}</td>
              <td class="number nowrap">{microseconds(numberOf(us))}</td>
              <td class="mono">
                <RequestText request={itemsOf(request)} shown={60} />
              </td>
            </tr>
          );
        })}
      </Table>
    </Card>
  );
}
