import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { textOf } from "../../resp/reply.ts";
import { count, size } from "../../text/format.ts";
import type { Info } from "../../text/info.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { messageOf, useLoad, usePoll } from "../../ui/hooks.ts";
import { Card, Problem, Table } from "../../ui/parts.tsx";
import { rangesText, shardsOf, SlotCount, type Shard, type ShardNode } from "./shards.ts";

const PeriodMs = 5000;
const Colors = 7;

/** Which nodes there are, and which of them has which slots. Nothing where there is no cluster. */
export function Cluster({ info }: { info: Info }): JSX.Element | null {
  const rights = useRights();
  return info.text("cluster_enabled") === "1" && rights.may("cluster|shards", "cluster|myid") ? <ClusterMap /> : null;
}

function ClusterMap(): JSX.Element {
  const { session } = useApp();
  const [shards, setShards] = useState<readonly Shard[]>([]);
  const [error, setError] = useState("");
  const read = async (): Promise<void> => {
    try {
      const [reply, self] = await Promise.all([session.call(["CLUSTER", "SHARDS"]), session.call(["CLUSTER", "MYID"])]);
      setShards(shardsOf(reply, textOf(self)));
      setError("");
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  useLoad(read, []);
  usePoll(read, PeriodMs);
  const assigned = shards.reduce((sum, shard) => sum + shard.slotCount, 0);
  return (
    <Card title="Cluster" isWide>
      <Problem text={error} />
      <SlotMap shards={shards} />
      <p class="faint">
        {count(assigned)} of {count(SlotCount)} slots are somebody's.
      </p>
      <Table label="Nodes" head={["Slots", "Number", "Node", "Role", "Health", "Behind"]} numbers={[1, 5]}>
        {shards.flatMap((shard, i) =>
          shard.nodes.map((node, at) => <Row key={node.id} shard={shard} color={colorOf(i)} node={node} isFirst={at === 0} />),
        )}
      </Table>
    </Card>
  );
}

/** All slots in a line, those of each shard in its colour, and those of nobody empty. */
function SlotMap({ shards }: { shards: readonly Shard[] }): JSX.Element {
  return (
    <svg class="parts" viewBox={`0 0 ${SlotCount} 4`} preserveAspectRatio="none" aria-hidden="true">
      {shards.flatMap((shard, i) =>
        shard.ranges.map((range) => (
          <rect key={range.first} class={colorOf(i)} x={range.first} y={0} width={range.last - range.first + 1} height={4} />
        )),
      )}
    </svg>
  );
}

interface RowProps {
  shard: Shard;
  color: string;
  node: ShardNode;
  isFirst: boolean;
}

function Row({ shard, color, node, isFirst }: RowProps): JSX.Element {
  const primary = shard.nodes[0]!;
  return (
    <tr>
      {isFirst && (
        <>
          <td class="mono" rowSpan={shard.nodes.length}>
            <i class={`dot ${color}`} aria-hidden="true" /> {rangesText(shard.ranges) || <span class="faint">none</span>}
          </td>
          <td class="number" rowSpan={shard.nodes.length}>
            {count(shard.slotCount)}
          </td>
        </>
      )}
      <td class="mono" title={node.id}>
        {node.address} {node.isThis && <span class="badge">this one</span>}
      </td>
      <td>{node.isPrimary ? "primary" : "replica"}</td>
      <td>{node.health === "online" ? node.health : <span class="badge warn">{node.health}</span>}</td>
      <td class="number">{node.isPrimary || !primary.isPrimary ? "" : size(Math.max(0, primary.offset - node.offset))}</td>
    </tr>
  );
}

function colorOf(shard: number): string {
  return `data-${(shard % Colors) + 1}`;
}
