import { unescapeText } from "./bytes.ts";

/**
 * Arguments as redis-cli splits them: by spaces, "with \n and \x00 inside", 'as it stands'.
 * Nothing where a quotation does not end, or something follows its end without a space.
 */
export function splitArguments(line: string): Uint8Array[] | undefined {
  const found: Uint8Array[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|'((?:[^'\\]|\\.)*)'(?=\s|$)|([^\s"'][^\s]*))/gsy;
  const end = line.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(line);
    if (!match) {
      return undefined;
    }
    const [, double, single, plain] = match;
    if (double !== undefined) {
      found.push(unescapeText(double));
    } else {
      found.push(new TextEncoder().encode(single !== undefined ? single.replace(/\\'/g, "'") : plain));
    }
  }
  return found;
}

/** The word that the cursor stands in or after, where it begins, and how many words are before it. */
export function wordAt(line: string, cursor: number): { word: string; start: number; before: string[] } {
  const left = line.slice(0, cursor);
  const start = left.search(/\S*$/);
  return { word: left.slice(start), start, before: left.slice(0, start).split(/\s+/).filter(Boolean) };
}
