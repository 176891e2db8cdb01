import { fieldOf, itemsOf, pairsOf, textOf, type Reply } from "../resp/reply.ts";
import type { Session } from "./session.ts";

/** What COMMAND DOCS tells of a command. */
export interface CommandDoc {
  name: string;
  summary: string;
  since: string;
  group: string;
  complexity: string;
  syntax: string;
  isContainer: boolean;
}

/** The commands of the server with their documentation, asked for until they are known. */
export class Catalog {
  readonly #session: Pick<Session, "call">;
  #docs: Promise<ReadonlyMap<string, CommandDoc>> | undefined;

  constructor(session: Pick<Session, "call">) {
    this.#session = session;
  }

  load(): Promise<ReadonlyMap<string, CommandDoc>> {
    this.#docs ??= this.#read().catch((error: unknown) => {
      this.#docs = undefined;
      throw error;
    });
    return this.#docs;
  }

  async #read(): Promise<ReadonlyMap<string, CommandDoc>> {
    const reply = await this.#session.call(["COMMAND", "DOCS"]);
    const docs = new Map<string, CommandDoc>();
    for (const [name, doc] of pairsOf(reply)) {
      add(docs, textOf(name), doc);
    }
    return docs;
  }
}

function add(docs: Map<string, CommandDoc>, name: string, doc: Reply): void {
  const parts = pairsOf(fieldOf(doc, "subcommands"));
  docs.set(name, {
    name,
    summary: textOf(fieldOf(doc, "summary")),
    since: textOf(fieldOf(doc, "since")),
    group: textOf(fieldOf(doc, "group")),
    complexity: textOf(fieldOf(doc, "complexity")),
    syntax: itemsOf(fieldOf(doc, "arguments")).map(syntaxOf).join(" "),
    isContainer: parts.length > 0,
  });
  for (const [part, partDoc] of parts) {
    const partName = textOf(part);
    add(docs, partName.includes("|") ? partName : `${name}|${partName}`, partDoc);
  }
}

/** An argument as documentation writes it: `[NX | XX] key [field value ...]`. */
export function syntaxOf(argument: Reply): string {
  const token = textOf(fieldOf(argument, "token"));
  const type = textOf(fieldOf(argument, "type"));
  const flags = new Set(itemsOf(fieldOf(argument, "flags")).map(textOf));
  const inner = itemsOf(fieldOf(argument, "arguments")).map(syntaxOf);
  let text = type === "oneof" ? inner.join(" | ") : type === "block" ? inner.join(" ") : "";
  if (!text && type !== "pure-token") {
    text = textOf(fieldOf(argument, "display_text")) || textOf(fieldOf(argument, "name"));
  }
  if (type === "oneof" && !flags.has("optional")) {
    text = `<${text}>`;
  }
  const whole = `${token} ${text}`.trim();
  if (flags.has("multiple")) {
    text = `${whole} [${flags.has("multiple_token") ? whole : text} ...]`;
  } else {
    text = whole;
  }
  return flags.has("optional") ? `[${text}]` : text;
}
