import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { fieldOf, pairsOf, textOf, type Reply } from "../resp/reply.ts";
import { count } from "../text/format.ts";
import { useApp, useRights } from "../ui/app.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { useAction, useLoad, useTitle, useViewKeys } from "../ui/hooks.ts";
import { Check, Field, Problem, Select, Table } from "../ui/parts.tsx";

interface Setting {
  name: string;
  value: string;
  summary: string;
  usual: string;
  accepts: string;
  choices: readonly string[];
  effect: string;
  canChange: boolean;
}

const Secret = /pass|masterauth$|user$/;

/** All settings with what they mean; one is changed at a time. */
export function SettingsView(): JSX.Element {
  useTitle("Settings");
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const [filter, setFilter] = useState("");
  const [isChanged, setChanged] = useState(false);
  const [open, setOpen] = useState<Setting>();
  const field = useRef<HTMLInputElement>(null);
  const loaded = useLoad(async () => {
    const [values, docs] = await session.all([
      ["CONFIG", "GET", "*"],
      ["CONFIG", "DOCS"],
    ]);
    if (values!.kind === "error") {
      throw new Error(values!.text);
    }
    return settings(values!, docs!);
  }, []);
  useViewKeys({ search: () => field.current?.focus(), reload: () => void loaded.reload() });
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (loaded.value ?? []).filter(
    (setting) =>
      words.every((word) => `${setting.name} ${setting.summary}`.toLowerCase().includes(word)) &&
      (!isChanged || (setting.usual !== setting.value && setting.accepts !== "")),
  );
  const set = async (setting: Setting, value: string): Promise<void> => {
    await session.call(["CONFIG", "SET", setting.name, value]);
    setOpen(undefined);
    await loaded.reload();
    asking.tell(`${setting.name} changed`, async () => {
      await session.call(["CONFIG", "SET", setting.name, setting.value]);
      await loaded.reload();
    });
  };
  const rewrite = async (): Promise<void> => {
    const question = {
      title: "Write the settings into the configuration file?",
      text: "The values as they are now replace those of the file, which keeps its comments.",
      action: "Write",
    };
    if (await asking.confirm(question)) {
      await session.call(["CONFIG", "REWRITE"]);
      asking.tell("Settings written into the configuration file");
    }
  };
  return (
    <>
      <div class="title">
        <h1>Settings</h1>
        <button type="button" disabled={!rights.may("config|rewrite")} onClick={() => act(rewrite)}>
          Write to file
        </button>
      </div>
      <div class="toolbar">
        <input
          ref={field}
          type="search"
          aria-label="Settings with these words"
          placeholder="Name or meaning"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <Check label="Changed ones only" isOn={isChanged} onInput={setChanged} />
        <span class="faint" role="status">
          {count(shown.length)} of {count(loaded.value?.length ?? NaN)}
        </span>
      </div>
      <Problem text={loaded.error} />
      <Table label="Settings" head={["Setting", "Value", "Meaning", ""]}>
        {shown.map((setting) => (
          <tr key={setting.name}>
            <th scope="row" class="mono nowrap">
              {setting.name}
            </th>
            <td class="mono">
              {setting.value === "" ? <span class="faint">(empty)</span> : Secret.test(setting.name) ? "••••••" : setting.value}
            </td>
            <td>
              {setting.summary}{" "}
              <span class="faint">
                {setting.accepts && `Accepts ${setting.accepts}; usually ${setting.usual || "empty"}. `}
                {setting.effect && setting.effect !== "works" && `Here: ${setting.effect}.`}
              </span>
            </td>
            <td class="row-actions">
              {setting.canChange && (
                <button
                  type="button"
                  disabled={!rights.may("config|set")}
                  aria-label={`Change ${setting.name}`}
                  onClick={() => setOpen(setting)}
                >
                  Change
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {open && <SettingDialog setting={open} onClose={() => setOpen(undefined)} onSet={(value) => act(() => set(open, value))} />}
    </>
  );
}

interface SettingDialogProps {
  setting: Setting;
  onClose(): void;
  onSet(value: string): void;
}

function SettingDialog({ setting, onClose, onSet }: SettingDialogProps): JSX.Element {
  const [value, setValue] = useState(setting.value);
  return (
    <FormDialog
      title={setting.name}
      action="Set"
      isDisabled={value === setting.value}
      onClose={onClose}
      onSubmit={() => onSet(value)}
    >
      <p>{setting.summary}</p>
      {setting.choices.length > 0 ? (
        <Select label="Value" value={value} options={setting.choices.map((choice) => [choice, choice])} onInput={setValue} />
      ) : (
        <Field
          label="Value"
          value={value}
          isMono
          type={Secret.test(setting.name) ? "password" : "text"}
          hint={setting.accepts && `Accepts ${setting.accepts}; usually ${setting.usual || "empty"}.`}
          onInput={setValue}
        />
      )}
    </FormDialog>
  );
}

/** Values, with what the server tells of them where it does. */
function settings(values: Reply, docs: Reply): Setting[] {
  const told = new Map(pairsOf(docs).map(([name, doc]) => [textOf(name), doc]));
  return pairsOf(values)
    .map(([name, value]): Setting => {
      const doc = told.get(textOf(name));
      const accepts = textOf(fieldOf(doc, "accepts"));
      const isList = /^[\w-]+(, [\w-]+)+$/.test(accepts);
      return {
        name: textOf(name),
        value: textOf(value),
        summary: textOf(fieldOf(doc, "summary")),
        usual: textOf(fieldOf(doc, "default")),
        accepts,
        choices: isList ? accepts.split(", ") : [],
        effect: textOf(fieldOf(doc, "effect")),
        canChange: textOf(fieldOf(doc, "change")) !== "no",
      };
    })
    .sort((left, right) => left.name.localeCompare(right.name, "en"));
}
