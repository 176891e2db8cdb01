import { plainText } from "../../text/bytes.ts";

/** JSON objects and arrays with indentation, without a change to numbers or to the order of names; nothing where it is none. */
export function prettyJson(bytes: Uint8Array): string | undefined {
  const text = plainText(bytes);
  return text !== undefined && /^\s*[[{]/.test(text) && jsonProblem(text) === "" ? layOut(text) : undefined;
}

/** What is wrong with it; nothing where it is JSON. */
export function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Only white space is changed: numbers that JavaScript cannot hold stay as they are. */
export function layOut(text: string): string {
  let depth = 0;
  const line = (): string => `\n${"  ".repeat(Math.max(depth, 0))}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
  return tokens
    .map((token, i) => {
      const next = tokens[i + 1] ?? "";
      if (token === "{" || token === "[") {
        depth++;
        return /^[\]}]/.test(next) ? token : token + line();
      }
      if (token === ",") {
        return token + line();
      }
      if (token === ":") {
        return ": ";
      }
      if (/^[\]}]/.test(token) && token.length === 1) {
        depth--;
        return /^[[{]/.test(tokens[i - 1] ?? "") ? token : line() + token;
      }
      return token;
    })
    .join("");
}
