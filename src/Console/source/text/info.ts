/** What INFO tells: names and values, whatever their section. */
export class Info {
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly #values = new Map<string, string>();

  constructor(text: string) {
    const sections = new Map<string, Map<string, string>>();
    let section = new Map<string, string>();
    for (const line of text.split("\r\n")) {
      const colon = line.indexOf(":");
      if (line.startsWith("# ")) {
        section = new Map();
        sections.set(line.slice(2), section);
      } else if (colon > 0) {
        section.set(line.slice(0, colon), line.slice(colon + 1));
        this.#values.set(line.slice(0, colon), line.slice(colon + 1));
      }
    }
    this.sections = sections;
  }

  text(name: string): string {
    return this.#values.get(name) ?? "";
  }

  /** Not a number where it is not told. */
  number(name: string): number {
    const text = this.#values.get(name);
    return text === undefined || text === "" ? NaN : Number(text);
  }

  /** Lines whose names begin so, of which each value is a list `name=value,name=value`. */
  tables(prefix: string): { name: string; values: ReadonlyMap<string, string> }[] {
    return [...this.#values]
      .filter(([name, value]) => name.startsWith(prefix) && value.includes("="))
      .map(([name, value]) => ({
        name: name.slice(prefix.length),
        values: new Map(value.split(",").map((part) => splitOnce(part, "="))),
      }));
  }
}

export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
