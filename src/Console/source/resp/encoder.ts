/** What a request is made of. Numbers are written as JavaScript writes them. */
export type Argument = string | number | Uint8Array;

const encoder = new TextEncoder();
const LineEnd = encoder.encode("\r\n");

export function toBytes(argument: Argument): Uint8Array {
  return argument instanceof Uint8Array ? argument : encoder.encode(String(argument));
}

/** A request as an array of strings. */
export function encodeRequest(request: readonly Argument[]): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode(`*${request.length}\r\n`)];
  for (const argument of request) {
    const bytes = toBytes(argument);
    parts.push(encoder.encode(`$${bytes.length}\r\n`), bytes, LineEnd);
  }
  return concatenate(parts);
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
