import type { JSX } from "preact";
import type { Info } from "../../text/info.ts";
import { percent, size } from "../../text/format.ts";
import { Card } from "../../ui/parts.tsx";

/** Kinds of memory, by the lines of INFO that add up to them. */
const Kinds: readonly (readonly [name: string, color: string, lines: readonly string[]])[] = [
  ["Data", "data-1", ["used_memory_dataset"]],
  ["Clients", "data-2", ["mem_clients_normal", "mem_clients_slaves"]],
  ["Replication", "data-3", ["mem_replication_backlog", "mem_total_replication_buffers"]],
  ["Log buffer", "data-4", ["mem_aof_buffer"]],
  ["Scripts and functions", "data-5", ["used_memory_vm_total", "used_memory_scripts"]],
  ["Workspace", "data-6", ["used_memory_workspace"]],
  ["Runtime", "data-7", ["used_memory_runtime"]],
];

export function Memory({ info }: { info: Info }): JSX.Element {
  const kinds = Kinds.map(([name, color, lines]) => ({
    name,
    color,
    bytes: lines.reduce((sum, line) => sum + (info.number(line) || 0), 0),
  }));
  const all = kinds.reduce((sum, kind) => sum + kind.bytes, 0);
  const limit = info.number("maxmemory");
  return (
    <Card title="Memory by kind">
      <svg class="parts" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {kinds.map((kind, i) => (
          <rect
            key={kind.name}
            class={kind.color}
            x={(100 * kinds.slice(0, i).reduce((sum, before) => sum + before.bytes, 0)) / Math.max(all, 1)}
            y={0}
            width={(100 * kind.bytes) / Math.max(all, 1)}
            height={4}
          />
        ))}
      </svg>
      <table class="plain">
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind.name}>
              <th scope="row">
                <i class={`dot ${kind.color}`} aria-hidden="true" /> {kind.name}
              </th>
              <td class="number">{size(kind.bytes)}</td>
              <td class="number faint">{percent(kind.bytes / Math.max(all, 1))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="faint">
        {limit > 0 ? `Limit ${size(limit)}, ${info.text("maxmemory_policy")}. ` : "No limit. "}
        Peak {size(info.number("used_memory_peak"))}, the process has {size(info.number("used_memory_rss"))}.
      </p>
    </Card>
  );
}
