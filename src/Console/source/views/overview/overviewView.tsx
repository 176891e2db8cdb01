import type { JSX } from "preact";
import type { Sample } from "../../session/sampler.ts";
import type { Info } from "../../text/info.ts";
import { count, duration, microseconds, percent, short, size } from "../../text/format.ts";
import { useApp, useStore } from "../../ui/app.ts";
import { Chart, type Series, type Steps } from "../../ui/chart.tsx";
import { useTitle } from "../../ui/hooks.ts";
import { Card, Facts, Problem } from "../../ui/parts.tsx";
import { Busy } from "./busy.tsx";
import { Cluster } from "./cluster.tsx";
import { HotKeys } from "./hotKeys.tsx";
import { Memory } from "./memory.tsx";
import { Replication } from "./replication.tsx";

/** How the server is, and was in the last ten minutes. */
export function OverviewView(): JSX.Element {
  useTitle("Overview");
  const { sampler } = useApp();
  const overview = useStore(sampler.overview);
  const error = useStore(sampler.error);
  if (!overview) {
    return (
      <>
        <h1>Overview</h1>
        {error ? <Problem text={error} /> : <p class="faint">Reading …</p>}
      </>
    );
  }
  const { info, samples, commands } = overview;
  return (
    <>
      <h1>Overview</h1>
      <Problem text={error} />
      <Tiles info={info} last={samples.at(-1)!} />
      <div class="cards">
        <Card title="Operations a second">
          <Line label="Operations a second" samples={samples} format={short} series={[["Operations", "--data-1", "operations"]]} isFilled />
        </Card>
        <Card title="Latency">
          <Line
            label="Latency"
            samples={samples}
            format={microseconds}
            series={[
              ["Half", "--data-2", "p50"],
              ["99 %", "--data-3", "p99"],
              ["99.9 %", "--data-1", "p999"],
            ]}
          />
        </Card>
        <Card title="Hit ratio">
          <Line label="Hit ratio" samples={samples} format={percent} max={1} series={[["Hit ratio", "--data-2", "hitRatio"]]} isFilled />
        </Card>
        <Card title="Clients">
          <Line label="Clients" samples={samples} format={count} steps="whole" series={[["Clients", "--data-4", "clients"]]} isFilled />
        </Card>
        <Card title="Memory">
          <Line
            label="Memory"
            samples={samples}
            format={size}
            steps="bytes"
            series={[
              ["Used", "--data-1", "memory"],
              ["Of the process", "--data-4", "resident"],
            ]}
          />
        </Card>
        <Card title="Network, a second">
          <Line
            label="Network"
            samples={samples}
            format={size}
            steps="bytes"
            series={[
              ["In", "--data-2", "bytesIn"],
              ["Out", "--data-3", "bytesOut"],
            ]}
          />
        </Card>
        <Memory info={info} />
        <Busy commands={commands} />
        <HotKeys />
        <Replication info={info} />
        <Cluster info={info} />
        <Server info={info} />
      </div>
    </>
  );
}

interface LineProps {
  label: string;
  samples: readonly Sample[];
  series: readonly (readonly [label: string, color: string, field: Exclude<keyof Sample, "timeMs">])[];
  format(value: number): string;
  max?: number;
  isFilled?: boolean;
  steps?: Steps;
}

function Line({ label, samples, series, format, max, isFilled, steps }: LineProps): JSX.Element {
  const lines = series.map(([name, color, field]): Series => ({
    label: name,
    color,
    values: samples.map((sample) => sample[field]),
    isFilled: isFilled ?? false,
  }));
  const times = samples.map((sample) => sample.timeMs);
  return <Chart label={label} times={times} series={lines} format={format} max={max} steps={steps} />;
}

function Tiles({ info, last }: { info: Info; last: Sample }): JSX.Element {
  const keys = info.tables("db").reduce((sum, { values }) => sum + Number(values.get("keys") ?? 0), 0);
  const tiles: [string, string][] = [
    ["Operations / s", last.operations === null ? "–" : short(last.operations)],
    ["99 % within", last.p99 === null ? "–" : microseconds(last.p99)],
    ["Keys", count(keys)],
    ["Memory", size(last.memory)],
    ["Hit ratio", last.hitRatio === null ? "–" : percent(last.hitRatio)],
    ["Clients", count(last.clients)],
    ["Of a core", last.cpu === null ? "–" : percent(last.cpu)],
    ["Up for", duration(info.number("uptime_in_seconds"))],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Server({ info }: { info: Info }): JSX.Element {
  return (
    <Card title="Server">
      <Facts
        facts={[
          ["Version", info.text("bixbite_version") || info.text("redis_version")],
          ["System", info.text("os")],
          ["Process", info.text("process_id")],
          ["Port", info.text("tcp_port")],
          ["Configuration", info.text("config_file") || "none"],
          ["Expired keys", count(info.number("expired_keys"))],
          ["Evicted keys", count(info.number("evicted_keys"))],
          ["Rejected connections", count(info.number("rejected_connections"))],
          ["Errors", count(info.number("total_error_replies"))],
        ]}
      />
    </Card>
  );
}
