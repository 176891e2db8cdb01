import type { Argument } from "../resp/encoder.ts";
import { bytesOf, isNull, isWhole, numberOf, type Reply } from "../resp/reply.ts";
import { equalBytes, escapeBytes } from "../text/bytes.ts";
import type { Session } from "./session.ts";

/** Keys of at most so many bytes are kept as they were before a change, so that it can be undone. */
const UndoBytes = 1 << 20;

/** A little more than the key takes in memory. */
const DumpBytes = UndoBytes * 2;

export interface Asking {
  /** Whether the user wants it. */
  confirm(question: Question): Promise<boolean>;
  /** Tells what was done, and offers to undo it. */
  tell(text: string, undo?: () => Promise<void>): void;
}

export interface Question {
  title: string;
  text: string;
  action: string;
  isDangerous?: boolean;
}

/** What a write is called before and after. */
export interface WriteText {
  /** As a question: "Delete 3 fields?" */
  question: string;
  /** As a fact: "3 fields deleted". */
  done: string;
}

/**
 * Runs requests that change a key. What was there is kept, if it is small enough and the user may, and the change is offered to be
 * undone; otherwise the user is asked before. False if the user declined.
 */
export async function write(
  session: Session,
  asking: Asking,
  key: Uint8Array,
  requests: readonly (readonly Argument[])[],
  text: WriteText,
): Promise<boolean> {
  if (!(await canUndo(session, key))) {
    const question = { title: text.question, text: "This cannot be undone.", action: "Do it", isDangerous: true };
    if (!(await asking.confirm(question))) {
      return false;
    }
    await runAll(session, requests);
    asking.tell(text.done);
    return true;
  }
  const replies = await session.transaction(
    [["DUMP", key], ["PEXPIRETIME", key], ...requests, ["DUMP", key]],
    DumpBytes,
  );
  const [before, expires, after] = [replies[0]!, numberOf(replies[1]), replies.at(-1)!];
  const restore = isNull(before) || (before.kind === "bytes" && isWhole(before)) ? restoring(key, before, expires) : undefined;
  asking.tell(text.done, restore && (() => undo(session, asking, key, restore, after)));
  return true;
}

/** Together, where the user may. */
async function runAll(session: Session, requests: readonly (readonly Argument[])[]): Promise<void> {
  if (requests.length > 1 && session.rights.may("multi", "exec")) {
    await session.transaction(requests);
    return;
  }
  for (const request of requests) {
    await session.call(request);
  }
}

async function canUndo(session: Session, key: Uint8Array): Promise<boolean> {
  if (!session.rights.may("dump", "restore", "pexpiretime", "memory|usage", "del", "multi", "exec")) {
    return false;
  }
  const usage = await session.ask(["MEMORY", "USAGE", key, "SAMPLES", 20]);
  return usage.kind !== "error" && (isNull(usage) || numberOf(usage) <= UndoBytes);
}

function restoring(key: Uint8Array, before: Reply, expiresMs: number): readonly Argument[] {
  return isNull(before)
    ? ["DEL", key]
    : ["RESTORE", key, Math.max(expiresMs, 0), bytesOf(before), "REPLACE", "ABSTTL"];
}

async function undo(
  session: Session,
  asking: Asking,
  key: Uint8Array,
  restore: readonly Argument[],
  after: Reply,
): Promise<void> {
  const now = await session.call(["DUMP", key], DumpBytes);
  const isSame = isNull(now) === isNull(after) && equalBytes(bytesOf(now), bytesOf(after));
  const question = {
    title: "Undo although the key has changed?",
    text: `Somebody has changed ${escapeBytes(key.subarray(0, 200))} since. Undoing takes that back too.`,
    action: "Undo",
    isDangerous: true,
  };
  if (isSame || (await asking.confirm(question))) {
    await session.call(restore);
    asking.tell("Undone");
  }
}
