import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { textOf } from "../resp/reply.ts";
import { Info } from "../text/info.ts";
import { count, date, duration, percent, size } from "../text/format.ts";
import { useApp, useRights } from "../ui/app.ts";
import { useAction, useLoad, usePoll, useTitle, useViewKeys } from "../ui/hooks.ts";
import { Card, Facts, Problem } from "../ui/parts.tsx";

const PeriodMs = 1000;

/** Snapshots and the append only log: how they are, and doing it now. */
export function PersistenceView(): JSX.Element {
  useTitle("Persistence");
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const [isPressed, setPressed] = useState("");
  const loaded = useLoad(async () => new Info(textOf(await session.call(["INFO", "persistence"]))), []);
  usePoll(() => loaded.reload(), PeriodMs);
  useViewKeys({ reload: () => void loaded.reload() });
  const start = async (command: string, text: string): Promise<void> => {
    setPressed(command);
    try {
      await session.call([command]);
      asking.tell(text);
      await loaded.reload();
    } finally {
      setPressed("");
    }
  };
  const info = loaded.value;
  return (
    <>
      <h1>Persistence</h1>
      <Problem text={loaded.error} />
      {info && (
        <div class="cards">
          <Card
            title="Snapshot"
            aside={
              <button
                type="button"
                class="primary"
                disabled={!rights.may("bgsave") || isOn(info, "rdb_bgsave_in_progress") || isPressed !== ""}
                onClick={() => act(() => start("BGSAVE", "A snapshot is being saved"))}
              >
                Save now
              </button>
            }
          >
            <Saving info={info} />
            <Facts
              facts={[
                ["Last saved", date(info.number("rdb_last_save_time") * 1000)],
                ["Outcome", info.text("rdb_last_bgsave_status")],
                ["It took", duration(info.number("rdb_last_bgsave_time_sec"))],
                ["Changes since", count(info.number("rdb_changes_since_last_save"))],
                ["Saved since the start", count(info.number("rdb_saves"))],
              ]}
            />
          </Card>
          <Card
            title="Append only log"
            aside={
              <button
                type="button"
                disabled={
                  !rights.may("bgrewriteaof") || !isOn(info, "aof_enabled") || isOn(info, "aof_rewrite_in_progress") || isPressed !== ""
                }
                onClick={() => act(() => start("BGREWRITEAOF", "The log is being rewritten"))}
              >
                Rewrite now
              </button>
            }
          >
            {isOn(info, "aof_enabled") ? (
              <Facts
                facts={[
                  ["Size", size(info.number("aof_current_size"))],
                  ["After the last rewrite", size(info.number("aof_base_size"))],
                  ["Rewrite", isOn(info, "aof_rewrite_in_progress") ? "in progress" : "none"],
                  ["Last rewrite", info.text("aof_last_bgrewrite_status")],
                  ["Last write", info.text("aof_last_write_status")],
                  ["Waits for the disk", size(info.number("aof_buffer_length"))],
                ]}
              />
            ) : (
              <p class="faint">
                There is none: <code>appendonly</code> is off.
              </p>
            )}
          </Card>
        </div>
      )}
    </>
  );
}

function Saving({ info }: { info: Info }): JSX.Element {
  if (!isOn(info, "rdb_bgsave_in_progress")) {
    return <p class="faint">No snapshot is being saved.</p>;
  }
  const saved = info.number("current_save_keys_processed");
  const total = info.number("current_save_keys_total");
  return (
    <p role="status">
      <progress aria-label="Saving" value={saved} max={Math.max(total, 1)} /> {count(saved)} of {count(total)} keys,{" "}
      {percent(saved / Math.max(total, 1))}
    </p>
  );
}

function isOn(info: Info, name: string): boolean {
  return info.number(name) > 0;
}
