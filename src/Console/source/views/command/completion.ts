import type { CommandDoc } from "../../session/catalog.ts";
import { wordAt } from "../../text/commandLine.ts";

const SuggestionsMax = 8;

export interface Suggestion {
  /** What stands in the line once it is taken. */
  line: string;
  cursor: number;
  text: string;
  summary: string;
}

export type Docs = ReadonlyMap<string, CommandDoc>;

/** Commands that begin as the line does, and subcommands behind the name of a command that has them. */
export function suggestions(docs: Docs, line: string, cursor: number): Suggestion[] {
  const { word, start, before } = wordAt(line, cursor);
  const prefix = word.toLowerCase();
  const container = before.length === 1 ? docs.get(before[0]!.toLowerCase()) : undefined;
  if (before.length > 1 || (before.length === 1 && !container?.isContainer) || (prefix === "" && !container)) {
    return [];
  }
  const from = container ? `${container.name}|` : "";
  return [...docs.values()]
    .filter((doc) => doc.name.startsWith(from + prefix) && doc.name.includes("|") === Boolean(container))
    .filter((doc) => doc.name !== from + prefix || doc.isContainer)
    .slice(0, SuggestionsMax)
    .map((doc) => {
      const text = doc.name.slice(from.length).toUpperCase();
      const left = `${line.slice(0, start)}${text} `;
      return { line: left + line.slice(cursor).trimStart(), cursor: left.length, text, summary: doc.summary };
    });
}

/** The documentation of what the line asks for so far. */
export function docOf(docs: Docs, line: string): CommandDoc | undefined {
  const [first = "", second = ""] = line.trimStart().toLowerCase().split(/\s+/);
  return docs.get(`${first}|${second}`) ?? docs.get(first);
}
