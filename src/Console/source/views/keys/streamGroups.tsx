import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { bytesOf, fieldOf, itemsOf, numberOf, textOf, type Reply } from "../../resp/reply.ts";
import { count, duration } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction, useLoad } from "../../ui/hooks.ts";
import { ByteText, Card, Field, Problem, Table } from "../../ui/parts.tsx";
import { bytesOfDraft, draftOf, ValueField } from "../../ui/valueField.tsx";
import type { ValueProps } from "./keyView.tsx";

/** Pending entries of a group that are shown. */
const PendingShown = 100;

/** The groups of a stream, and of the one that is opened its consumers and what they have not acknowledged. */
export function StreamGroups({ name, facts, change }: ValueProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const [shown, setShown] = useState<Uint8Array>();
  const [isAdding, setAdding] = useState(false);
  const groups = useLoad(async () => itemsOf(await session.call(["XINFO", "GROUPS", name])), [facts.version]);
  const remove = (group: Uint8Array): Promise<boolean> =>
    change([["XGROUP", "DESTROY", name, group]], { question: "Delete the group?", done: "Group deleted" });
  return (
    <>
      <div class="toolbar">
        <button type="button" disabled={!rights.may("xgroup|create")} onClick={() => setAdding(true)}>
          Add group
        </button>
      </div>
      <Problem text={groups.error} />
      <Table
        label="Groups"
        head={["Group", "Consumers", "Pending", "Lag", "Last delivered", ""]}
        numbers={[1, 2, 3]}
        empty="No groups."
        isEmpty={groups.value?.length === 0}
      >
        {groups.value?.map((group, i) => (
          <tr key={i}>
            <td class="mono">
              <ByteText value={bytesOf(fieldOf(group, "name"))} />
            </td>
            <td class="number">{count(numberOf(fieldOf(group, "consumers")))}</td>
            <td class="number">{count(numberOf(fieldOf(group, "pending")))}</td>
            <td class="number">{textOf(fieldOf(group, "lag")) || "–"}</td>
            <td class="mono">{textOf(fieldOf(group, "last-delivered-id"))}</td>
            <td class="row-actions">
              <button type="button" onClick={() => setShown(bytesOf(fieldOf(group, "name")))}>
                Pending
              </button>
              <button
                type="button"
                disabled={!rights.may("xgroup|destroy")}
                onClick={() => act(() => remove(bytesOf(fieldOf(group, "name"))))}
              >
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {shown && <Group key={shown.join()} name={name} group={shown} version={facts.version} change={change} />}
      {isAdding && <GroupDialog name={name} change={change} onClose={() => setAdding(false)} />}
    </>
  );
}

interface GroupProps {
  name: Uint8Array;
  group: Uint8Array;
  version: number;
  change: ValueProps["change"];
}

function Group({ name, group, version, change }: GroupProps): JSX.Element {
  const { session } = useApp();
  const rights = useRights();
  const act = useAction();
  const loaded = useLoad(async () => {
    const [consumers, pending] = await session.all([
      ["XINFO", "CONSUMERS", name, group],
      ["XPENDING", name, group, "-", "+", PendingShown],
    ]);
    return { consumers: itemsOf(consumers), pending: itemsOf(pending) };
  }, [version]);
  const acknowledge = (id: string): Promise<boolean> =>
    change([["XACK", name, group, id]], { question: `Acknowledge ${id}?`, done: "Entry acknowledged" });
  return (
    <div class="cards">
      <Problem text={loaded.error} />
      <Card title="Consumers">
        <Table label="Consumers" head={["Consumer", "Pending", "Idle"]} numbers={[1]} isEmpty={loaded.value?.consumers.length === 0}>
          {loaded.value?.consumers.map((consumer, i) => (
            <tr key={i}>
              <td class="mono">
                <ByteText value={bytesOf(fieldOf(consumer, "name"))} />
              </td>
              <td class="number">{count(numberOf(fieldOf(consumer, "pending")))}</td>
              <td>{duration(numberOf(fieldOf(consumer, "idle")) / 1000)}</td>
            </tr>
          ))}
        </Table>
      </Card>
      <Card title={`Pending, the first ${PendingShown}`}>
        <Table
          label="Pending entries"
          head={["Id", "Consumer", "Idle", "Delivered", ""]}
          numbers={[3]}
          isEmpty={loaded.value?.pending.length === 0}
        >
          {loaded.value?.pending.map((entry, i) => (
            <PendingRow key={i} entry={entry} isAllowed={rights.may("xack")} onAck={(id) => act(() => acknowledge(id))} />
          ))}
        </Table>
      </Card>
    </div>
  );
}

function PendingRow(props: { entry: Reply; isAllowed: boolean; onAck(id: string): void }): JSX.Element {
  const [id, consumer, idle, deliveries] = itemsOf(props.entry);
  return (
    <tr>
      <td class="mono">{textOf(id)}</td>
      <td class="mono">
        <ByteText value={bytesOf(consumer)} />
      </td>
      <td>{duration(numberOf(idle) / 1000)}</td>
      <td class="number">{textOf(deliveries)}</td>
      <td class="row-actions">
        <button type="button" disabled={!props.isAllowed} onClick={() => props.onAck(textOf(id))}>
          Acknowledge
        </button>
      </td>
    </tr>
  );
}

interface GroupDialogProps {
  name: Uint8Array;
  change: ValueProps["change"];
  onClose(): void;
}

function GroupDialog({ name, change, onClose }: GroupDialogProps): JSX.Element {
  const act = useAction();
  const [group, setGroup] = useState(draftOf());
  const [from, setFrom] = useState("$");
  const save = async (): Promise<void> => {
    onClose();
    await change([["XGROUP", "CREATE", name, bytesOfDraft(group), from]], { question: "Create the group?", done: "Group created" });
  };
  return (
    <FormDialog title="Add group" action="Create" onClose={onClose} onSubmit={() => act(save)}>
      <ValueField label="Name" draft={group} onInput={setGroup} />
      <Field label="Reads after" value={from} isMono hint="$ is the newest entry, 0 the beginning." onInput={setFrom} />
    </FormDialog>
  );
}
