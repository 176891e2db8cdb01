import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../../ui/app.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { useAction } from "../../ui/hooks.ts";
import { Check, Field } from "../../ui/parts.tsx";

export interface User {
  name: string;
  isOn: boolean;
  hasNoPassword: boolean;
  hashes: number;
  rules: readonly string[];
}

interface UserDialogProps {
  user: User | undefined;
  onClose(): void;
  onDone(): void;
}

/** Changes a user, or makes one. Rules replace those that there were; a password is added unless all are to go. */
export function UserDialog({ user, onClose, onDone }: UserDialogProps): JSX.Element {
  const { session, asking } = useApp();
  const act = useAction();
  const [name, setName] = useState(user?.name ?? "");
  const [isOn, setOn] = useState(user?.isOn ?? true);
  const [password, setPassword] = useState("");
  const [replaces, setReplaces] = useState(false);
  const [rules, setRules] = useState(user?.rules.join(" ") ?? "~* +@read");
  const isOwn = name === session.user.value;
  const save = async (): Promise<void> => {
    const question = {
      title: `Change ${name}, as which you are here?`,
      text: "You may lose the right to change it back.",
      action: "Change",
      isDangerous: true,
    };
    if (isOwn && !(await asking.confirm(question))) {
      return;
    }
    const passwords = [...(replaces ? ["resetpass"] : []), ...(password ? [`>${password}`] : [])];
    const parts = rules.match(/\([^)]*\)|\S+/g) ?? [];
    const request = [isOn ? "on" : "off", ...passwords, "resetkeys", "resetchannels", "clearselectors", "-@all", ...parts];
    await session.call(["ACL", "SETUSER", name, ...request]);
    asking.tell(`User ${name} ${user ? "changed" : "made"}`);
    onDone();
  };
  return (
    <FormDialog title={user ? `User ${user.name}` : "New user"} action="Save" onClose={onClose} onSubmit={() => act(save)} isWide>
      {!user && <Field label="Name" value={name} isRequired isMono onInput={setName} />}
      <Check label="May log in" isOn={isOn} onInput={setOn} />
      <Field label="Password to add" value={password} type="password" hint="Empty adds none." onInput={setPassword} />
      {user && <Check label="Remove the passwords that there are" isOn={replaces} onInput={setReplaces} />}
      <Field
        label="Rules"
        value={rules}
        isMono
        rows={4}
        hint="Keys ~pattern, channels &pattern, commands +get -set, groups of them +@read."
        onInput={setRules}
      />
    </FormDialog>
  );
}
