import type { JSX } from "preact";
import { fieldOf, itemsOf, numberOf, pairsOf, textOf, type Reply } from "../../resp/reply.ts";
import { count, microseconds } from "../../text/format.ts";
import { useApp } from "../../ui/app.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { useLoad, usePoll } from "../../ui/hooks.ts";
import { Problem, Table } from "../../ui/parts.tsx";

const PeriodMs = 2000;

/** What it means when a stage of a request takes long. */
const Meanings: Record<string, string> = {
  read: "many clients, or very large requests, in one round",
  lock: "another loop runs long commands",
  queue: "others of the same round asked for much",
  execute: "the requests are slow themselves",
  hold: "the disk, or replicas, are slow",
  send: "large replies, or a client that does not read",
};

/** Where the time of a client's requests went. */
export function TimesDialog({ id, onClose }: { id: string; onClose(): void }): JSX.Element {
  const { session } = useApp();
  const times = useLoad(async () => itemsOf(await session.call(["CLIENT", "TIMES", "ID", id]))[0], []);
  usePoll(() => times.reload(), PeriodMs);
  const stages = pairsOf(times.value).filter(([, value]) => value.kind === "map" || value.kind === "array");
  return (
    <Dialog title={`Times of client ${id}`} onClose={onClose} isWide>
      <Problem text={times.error} />
      <Table
        label="Stages of requests"
        head={["Stage", "Rounds", "Mean", "Longest", "Last", "Long times mean"]}
        numbers={[1, 2, 3, 4]}
        empty="The client has gone."
        isEmpty={!times.isLoading && times.value === undefined}
      >
        {stages.map(([stage, time]) => (
          <tr key={textOf(stage)}>
            <th scope="row">{textOf(stage)}</th>
            <td class="number">{count(told(time, "count"))}</td>
            <td class="number nowrap">{microseconds(told(time, "total-usec") / told(time, "count"))}</td>
            <td class="number nowrap">{microseconds(told(time, "max-usec"))}</td>
            <td class="number nowrap">{microseconds(told(time, "last-usec"))}</td>
            <td class="faint">{Meanings[textOf(stage)]}</td>
          </tr>
        ))}
      </Table>
      <div class="actions">
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function told(time: Reply, name: string): number {
  return numberOf(fieldOf(time, name));
}
