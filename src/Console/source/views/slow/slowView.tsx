import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { itemsOf, numberOf, pairsOf, textOf, type Reply } from "../../resp/reply.ts";
import { percentile, readHistograms, callsBetween } from "../../text/histogram.ts";
import { count, date, microseconds, size } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction, useLoad, useTitle, useViewKeys } from "../../ui/hooks.ts";
import { Card, Choices, Problem, Table } from "../../ui/parts.tsx";
import { RequestText } from "./requestText.tsx";

const EntriesShown = 128;

/** Logs of COMMANDLOG beside the slow one. */
const LargeLogs = [
  ["LARGE-REQUEST", "Large requests"],
  ["LARGE-REPLY", "Large replies"],
] as const;

/** Slow requests, and how long each command takes. */
export function SlowView(): JSX.Element {
  useTitle("Slow requests");
  const rights = useRights();
  const [part, setPart] = useState("log");
  const [round, setRound] = useState(0);
  useViewKeys({ reload: () => setRound((before) => before + 1) });
  return (
    <>
      <div class="title">
        <h1>Slow requests</h1>
        <button type="button" onClick={() => setRound((before) => before + 1)}>
          Read anew
        </button>
      </div>
      <Choices
        label="What is shown"
        tabs={[
          ["log", "Slow log"],
          ...(rights.has("commandlog|get") ? LargeLogs.map(([id, text]) => [id, text] as const) : []),
          ["commands", "Latency of commands"],
          ["events", "Latency events"],
        ]}
        selected={part}
        onSelect={setPart}
      />
      {part === "log" && <SlowLog key={round} />}
      {LargeLogs.some(([id]) => id === part) && <LargeLog key={part + round} type={part} />}
      {part === "commands" && <CommandLatency key={round} />}
      {part === "events" && <Events key={round} />}
    </>
  );
}

function SlowLog(): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const log = useLoad(async () => itemsOf(await session.call(["SLOWLOG", "GET", EntriesShown])), []);
  const limit = useLoad(async () => textOf(pairsOf(await session.ask(["CONFIG", "GET", "slowlog-log-slower-than"]))[0]?.[1]), []);
  const reset = async (): Promise<void> => {
    const question = { title: "Empty the slow log?", text: "This cannot be undone.", action: "Empty", isDangerous: true };
    if (await asking.confirm(question)) {
      await session.call(["SLOWLOG", "RESET"]);
      await log.reload();
    }
  };
  return (
    <>
      <div class="toolbar">
        {limit.value && (
          <p class="faint">
            Requests that run for {microseconds(Number(limit.value))} or longer, <code>slowlog-log-slower-than</code>.
          </p>
        )}
        <button type="button" disabled={!rights.may("slowlog|reset")} onClick={() => act(reset)}>
          Empty
        </button>
      </div>
      <Problem text={log.error} />
      <Table
        label="Slow log"
        head={["At", "Took", "Request", "Client"]}
        numbers={[1]}
        empty="No request was slow."
        isEmpty={log.value?.length === 0}
      >
        {log.value?.map((entry) => <SlowEntry key={textOf(itemsOf(entry)[0])} entry={entry} format={microseconds} />)}
      </Table>
    </>
  );
}

function LargeLog({ type }: { type: string }): JSX.Element {
  const { session } = useApp();
  const log = useLoad(async () => itemsOf(await session.call(["COMMANDLOG", "GET", EntriesShown, type])), []);
  return (
    <>
      <Problem text={log.error} />
      <Table label="Large ones" head={["At", "Size", "Request", "Client"]} numbers={[1]} empty="None." isEmpty={log.value?.length === 0}>
        {log.value?.map((entry) => <SlowEntry key={textOf(itemsOf(entry)[0])} entry={entry} format={size} />)}
      </Table>
    </>
  );
}

interface SlowEntryProps {
  entry: Reply;
  format(value: number): string;
}

function SlowEntry({ entry, format }: SlowEntryProps): JSX.Element {
  const [, time, us, request, address, name] = itemsOf(entry);
  return (
    <tr>
      <td class="nowrap">{date(numberOf(time) * 1000)}</td>
      <td class="number nowrap">{format(numberOf(us))}</td>
      <td class="mono">
        <RequestText request={itemsOf(request)} />
      </td>
      <td>
        {textOf(name)} <span class="faint">{textOf(address)}</span>
      </td>
    </tr>
  );
}

function CommandLatency(): JSX.Element {
  const { session } = useApp();
  const loaded = useLoad(async () => {
    const histograms = readHistograms(await session.call(["LATENCY", "HISTOGRAM"]));
    return [...histograms].map(([name, histogram]) => ({ name, calls: callsBetween(undefined, histogram) }));
  }, []);
  const parts = [0.5, 0.99, 0.999, 1];
  const commands = [...(loaded.value ?? [])].sort((left, right) => total(right.calls) - total(left.calls));
  return (
    <>
      <p class="faint">Since the server started, or its counters began anew.</p>
      <Problem text={loaded.error} />
      <Table label="Latency of commands" head={["Command", "Calls", "Half", "99 %", "99.9 %", "All within"]} numbers={[1, 2, 3, 4, 5]}>
        {commands.map(({ name, calls }) => (
          <tr key={name}>
            <td class="mono">{name.replace("|", " ")}</td>
            <td class="number">{count(total(calls))}</td>
            {parts.map((part) => (
              <td key={part} class="number nowrap">
                {microseconds(percentile(calls, part) ?? NaN)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}

function total(calls: ReadonlyMap<number, number>): number {
  return [...calls.values()].reduce((sum, one) => sum + one, 0);
}

function Events(): JSX.Element {
  const { session } = useApp();
  const latest = useLoad(async () => itemsOf(await session.call(["LATENCY", "LATEST"])), []);
  const doctor = useLoad(async () => textOf(await session.call(["LATENCY", "DOCTOR"])), []);
  return (
    <div class="cards">
      <Card title="Latest">
        <Problem text={latest.error} />
        <Table
          label="Latency events"
          head={["Event", "At", "Took", "Longest"]}
          numbers={[2, 3]}
          empty="No event. They are watched for where latency-monitor-threshold is above 0."
          isEmpty={latest.value?.length === 0}
        >
          {latest.value?.map((event) => {
            const [name, time, ms, max] = itemsOf(event);
            return (
              <tr key={textOf(name)}>
                <td>{textOf(name)}</td>
                <td class="nowrap">{date(numberOf(time) * 1000)}</td>
                <td class="number">{microseconds(numberOf(ms) * 1000)}</td>
                <td class="number">{microseconds(numberOf(max) * 1000)}</td>
              </tr>
            );
          })}
        </Table>
      </Card>
      <Card title="What the doctor says">
        <Problem text={doctor.error} />
        <pre class="prose">{doctor.value}</pre>
      </Card>
    </div>
  );
}
