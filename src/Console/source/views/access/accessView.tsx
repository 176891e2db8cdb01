import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fieldOf, itemsOf, numberOf, textOf, type Reply } from "../../resp/reply.ts";
import { duration } from "../../text/format.ts";
import { useApp, useRights, useStore } from "../../ui/app.ts";
import { useAction, useLoad, useTitle, useViewKeys } from "../../ui/hooks.ts";
import { Choices, Problem, Table } from "../../ui/parts.tsx";
import { UserDialog, type User } from "./userDialog.tsx";

/** Users with their rules, and who was refused. */
export function AccessView(): JSX.Element {
  useTitle("Access");
  const [part, setPart] = useState("users");
  const [round, setRound] = useState(0);
  useViewKeys({ reload: () => setRound((before) => before + 1) });
  return (
    <>
      <h1>Access</h1>
      <Choices
        label="What is shown"
        tabs={[
          ["users", "Users"],
          ["log", "Refusals"],
        ]}
        selected={part}
        onSelect={setPart}
      />
      {part === "users" ? <Users key={round} /> : <Log key={round} />}
    </>
  );
}

function Users(): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const mine = useStore(session.user);
  const [open, setOpen] = useState<User | "new">();
  const users = useLoad(async () => itemsOf(await session.call(["ACL", "LIST"])).map((line) => userOf(textOf(line))), []);
  const remove = async (user: User): Promise<void> => {
    const question = {
      title: `Delete user ${user.name}?`,
      text: "Its clients are disconnected. Passwords cannot be brought back.",
      action: "Delete",
      isDangerous: true,
    };
    if (await asking.confirm(question)) {
      await session.call(["ACL", "DELUSER", user.name]);
      await users.reload();
    }
  };
  const save = async (): Promise<void> => {
    await session.call(["ACL", "SAVE"]);
    asking.tell("Users written into the file of users");
  };
  return (
    <>
      <div class="toolbar">
        <p>
          You are <b>{mine}</b>.
        </p>
        <button type="button" disabled={!rights.may("acl|setuser")} onClick={() => setOpen("new")}>
          New user
        </button>
        <button type="button" disabled={!rights.may("acl|save")} onClick={() => act(save)}>
          Write to file
        </button>
      </div>
      <Problem text={users.error} />
      <Table label="Users" head={["User", "State", "Rules", ""]} isEmpty={users.value?.length === 0}>
        {users.value?.map((user) => (
          <tr key={user.name}>
            <th scope="row" class="mono">
              {user.name}
            </th>
            <td>{stateOf(user)}</td>
            <td class="mono">{user.rules.join(" ")}</td>
            <td class="row-actions">
              <button type="button" disabled={!rights.may("acl|setuser")} onClick={() => setOpen(user)}>
                Change
              </button>
              <button
                type="button"
                disabled={!rights.may("acl|deluser") || user.name === "default"}
                onClick={() => act(() => remove(user))}
              >
                Delete
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {open && (
        <UserDialog
          user={open === "new" ? undefined : open}
          onClose={() => setOpen(undefined)}
          onDone={() => {
            setOpen(undefined);
            void users.reload();
          }}
        />
      )}
    </>
  );
}

function stateOf(user: User): string {
  const login = user.hasNoPassword ? "without a password" : user.hashes === 0 ? "no password set" : `${user.hashes} password(s)`;
  return `${user.isOn ? "on" : "off"}, ${login}`;
}

/** A line of ACL LIST: `user alice on #hash ~cache:* +get`. Hashes are not shown. */
function userOf(line: string): User {
  const [, name = "", ...rules] = line.split(" ");
  return {
    name,
    isOn: rules.includes("on"),
    hasNoPassword: rules.includes("nopass"),
    hashes: rules.filter((rule) => rule.startsWith("#")).length,
    rules: rules.filter((rule) => !/^(on|off|nopass|#.*|sanitize-payload)$/.test(rule)),
  };
}

function Log(): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const log = useLoad(async () => itemsOf(await session.call(["ACL", "LOG"])), []);
  const reset = async (): Promise<void> => {
    const question = { title: "Empty the log of refusals?", text: "This cannot be undone.", action: "Empty", isDangerous: true };
    if (await asking.confirm(question)) {
      await session.call(["ACL", "LOG", "RESET"]);
      await log.reload();
    }
  };
  return (
    <>
      <div class="toolbar">
        <button type="button" disabled={!rights.may("acl|log")} onClick={() => act(reset)}>
          Empty
        </button>
      </div>
      <Problem text={log.error} />
      <Table
        label="Refusals"
        head={["Ago", "User", "Reason", "What", "Times", "Client"]}
        numbers={[4]}
        empty="Nobody was refused."
        isEmpty={log.value?.length === 0}
      >
        {log.value?.map((entry, i) => <LogRow key={i} entry={entry} />)}
      </Table>
    </>
  );
}

function LogRow({ entry }: { entry: Reply }): JSX.Element {
  const client = / addr=(\S+)/.exec(textOf(fieldOf(entry, "client-info")))?.[1] ?? "";
  return (
    <tr>
      <td class="nowrap">{duration(numberOf(fieldOf(entry, "age-seconds")))}</td>
      <td class="mono">{textOf(fieldOf(entry, "username"))}</td>
      <td>{textOf(fieldOf(entry, "reason"))}</td>
      <td class="mono">{textOf(fieldOf(entry, "object"))}</td>
      <td class="number">{textOf(fieldOf(entry, "count"))}</td>
      <td class="mono">{client}</td>
    </tr>
  );
}
