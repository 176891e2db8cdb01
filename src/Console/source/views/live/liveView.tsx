import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Argument } from "../../resp/encoder.ts";
import { bytesOf, itemsOf, numberOf, pairsOf, textOf } from "../../resp/reply.ts";
import { unescapeText } from "../../text/bytes.ts";
import { clock, count } from "../../text/format.ts";
import { useApp, useRights } from "../../ui/app.ts";
import { useAction, useLoad, useTitle } from "../../ui/hooks.ts";
import { ByteText, Card, Choices, Problem, Table } from "../../ui/parts.tsx";
import { draftOf, ValueField, bytesOfDraft } from "../../ui/valueField.tsx";
import { MessagesMax, useFeed, type Gap, type Message } from "./feed.ts";

const Kinds: readonly (readonly [id: string, text: string])[] = [
  ["channels", "Channels"],
  ["events", "Key events"],
  ["monitor", "All commands"],
];

/** What happens, as it happens: messages, events of keys, and each command. */
export function LiveView(): JSX.Element {
  useTitle("Live");
  const [kind, setKind] = useState("channels");
  return (
    <>
      <h1>Live</h1>
      <Choices label="What is followed" tabs={Kinds} selected={kind} onSelect={setKind} />
      {kind === "channels" && <Channels />}
      {kind === "events" && <Events />}
      {kind === "monitor" && <Monitor />}
    </>
  );
}

function Channels(): JSX.Element {
  const [pattern, setPattern] = useState("*");
  const [request, setRequest] = useState<readonly Argument[]>();
  const follow = (event: Event): void => {
    event.preventDefault();
    setRequest(["PSUBSCRIBE", unescapeText(pattern)]);
  };
  return (
    <>
      <form class="toolbar" onSubmit={follow}>
        <input
          class="mono"
          aria-label="Channel or pattern"
          value={pattern}
          required
          onInput={(event) => setPattern(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Follow
        </button>
        <button type="button" disabled={!request} onClick={() => setRequest(undefined)}>
          Stop
        </button>
      </form>
      <Stream request={request} firstHead="Channel" />
      <div class="cards">
        <Publish />
        <KnownChannels />
      </div>
    </>
  );
}

function Events(): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const [isOn, setOn] = useState(false);
  const setting = useLoad(async () => textOf(pairsOf(await session.call(["CONFIG", "GET", "notify-keyspace-events"]))[0]?.[1]), []);
  const isOff = setting.value !== undefined && !(setting.value.includes("E") && setting.value.length > 1);
  const enable = async (): Promise<void> => {
    const before = setting.value ?? "";
    await session.call(["CONFIG", "SET", "notify-keyspace-events", "AKE"]);
    asking.tell("Events of keys are told now", async () => {
      await session.call(["CONFIG", "SET", "notify-keyspace-events", before]);
      await setting.reload();
    });
    await setting.reload();
  };
  return (
    <>
      {isOff && (
        <p class="hint">
          The server tells no events of keys: <code>notify-keyspace-events</code> is off.{" "}
          <button type="button" disabled={!rights.may("config|set")} onClick={() => act(enable)}>
            Turn on
          </button>
        </p>
      )}
      <div class="toolbar">
        <button type="button" class="primary" disabled={isOn} onClick={() => setOn(true)}>
          Follow
        </button>
        <button type="button" disabled={!isOn} onClick={() => setOn(false)}>
          Stop
        </button>
      </div>
      <Stream request={isOn ? ["PSUBSCRIBE", "__keyevent@*__:*"] : undefined} firstHead="Event" />
    </>
  );
}

function Monitor(): JSX.Element {
  const { asking } = useApp();
  const rights = useRights();
  const [isOn, setOn] = useState(false);
  const start = async (): Promise<void> => {
    const question = {
      title: "Follow all commands?",
      text: "The server then writes each command a second time, which costs a busy one much of what it can do.",
      action: "Follow",
    };
    setOn(await asking.confirm(question));
  };
  return (
    <>
      <div class="toolbar">
        <button type="button" class="primary" disabled={isOn || !rights.may("monitor")} onClick={() => void start()}>
          Follow
        </button>
        <button type="button" disabled={!isOn} onClick={() => setOn(false)}>
          Stop
        </button>
      </div>
      <Stream request={isOn ? ["MONITOR"] : undefined} firstHead="" />
    </>
  );
}

interface StreamProps {
  request: readonly Argument[] | undefined;
  firstHead: string;
}

function Stream({ request, firstHead }: StreamProps): JSX.Element {
  const feed = useFeed(request);
  const lost = feed.total - Math.min(feed.total, MessagesMax);
  const newest = [...feed.messages].reverse();
  return (
    <>
      <Problem text={feed.error} />
      <div class="progress">
        <span class="faint">
          {count(feed.total)} came{lost > 0 ? `; the last ${count(MessagesMax)} are shown` : ""}
        </span>
        <button type="button" disabled={feed.total === 0} onClick={feed.clear}>
          Empty
        </button>
      </div>
      <Table
        label="What came, newest first"
        head={["At", ...(firstHead ? [firstHead] : []), firstHead === "Event" ? "Key" : firstHead ? "Message" : "Command"]}
        empty={request ? "Nothing has come yet." : "Nothing is followed."}
        isEmpty={newest.length === 0}
      >
        {newest.map((message) =>
          "lostMs" in message ? (
            <Lost key={message.id} gap={message} columns={firstHead ? 2 : 1} />
          ) : (
            <Came key={message.id} message={message} hasChannel={firstHead !== ""} />
          ),
        )}
      </Table>
    </>
  );
}

function Came({ message, hasChannel }: { message: Message; hasChannel: boolean }): JSX.Element {
  return (
    <tr>
      <td class="nowrap">{clock(message.timeMs)}</td>
      {hasChannel && (
        <td class="mono">
          <ByteText value={message.channel} shown={80} />
        </td>
      )}
      <td class="mono">
        <ByteText value={message.text} />
      </td>
    </tr>
  );
}

function Lost({ gap, columns }: { gap: Gap; columns: number }): JSX.Element {
  return (
    <tr class="gap">
      <td class="nowrap">{clock(gap.untilMs)}</td>
      <td colSpan={columns}>The connection was lost at {clock(gap.lostMs)} and is there again: something may have been missed.</td>
    </tr>
  );
}

function Publish(): JSX.Element {
  const { session, asking } = useApp();
  const rights = useRights();
  const act = useAction();
  const [channel, setChannel] = useState(draftOf());
  const [message, setMessage] = useState(draftOf());
  const publish = async (): Promise<void> => {
    const reached = await session.call(["PUBLISH", bytesOfDraft(channel), bytesOfDraft(message)]);
    asking.tell(`${count(numberOf(reached))} clients have got it`);
  };
  return (
    <Card title="Publish">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act(publish);
        }}
      >
        <ValueField label="Channel" draft={channel} onInput={setChannel} />
        <ValueField label="Message" draft={message} onInput={setMessage} rows={3} />
        <button type="submit" disabled={!rights.may("publish")}>
          Publish
        </button>
      </form>
    </Card>
  );
}

function KnownChannels(): JSX.Element {
  const { session } = useApp();
  const Shown = 100;
  const channels = useLoad(async () => {
    const names = itemsOf(await session.call(["PUBSUB", "CHANNELS"])).slice(0, Shown).map(bytesOf);
    return names.length > 0 ? pairsOf(await session.call(["PUBSUB", "NUMSUB", ...names])) : [];
  }, []);
  return (
    <Card
      title="Channels with subscribers"
      aside={
        <button type="button" onClick={() => void channels.reload()}>
          Read anew
        </button>
      }
    >
      <Problem text={channels.error} />
      <Table label="Channels" head={["Channel", "Subscribers"]} numbers={[1]} empty="None." isEmpty={channels.value?.length === 0}>
        {channels.value?.map(([name, subscribers], i) => (
          <tr key={i}>
            <td class="mono">
              <ByteText value={bytesOf(name)} shown={80} />
            </td>
            <td class="number">{count(numberOf(subscribers))}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
