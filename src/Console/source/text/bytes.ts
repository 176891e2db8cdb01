/** Bytes as text and back: nothing of what they are may be lost, and nothing may look like what it is not. */

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Characters that show nothing, turn the direction of text, or are of no meaning; a private one has no known look. */
const Invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** The text of bytes that are UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Text that can be shown and edited as it is: UTF-8 in which every character is seen. */
export function plainText(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined || hasUnseen(text) ? undefined : text;
}

/** A piece of escaped text: characters as they are, or the escapes of bytes. */
export interface Piece {
  text: string;
  isEscape: boolean;
}

/** Bytes as redis-cli writes them, but with the letters of UTF-8 left as they are. */
export function escapePieces(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  const add = (text: string, isEscape: boolean): void => {
    const last = pieces.at(-1);
    if (last && last.isEscape === isEscape) {
      last.text += text;
    } else {
      pieces.push({ text, isEscape });
    }
  };
  let at = 0;
  while (at < bytes.length) {
    const size = characterSize(bytes, at);
    const character = size > 0 ? decodeUtf8(bytes.subarray(at, at + size)) : undefined;
    if (character === undefined) {
      add(escapeByte(bytes[at]!), true);
      at++;
    } else if (character === "\\" || Invisible.test(character)) {
      bytes.subarray(at, at + size).forEach((byte) => add(escapeByte(byte), true));
      at += size;
    } else {
      add(character, false);
      at += size;
    }
  }
  return pieces;
}

export function escapeBytes(bytes: Uint8Array): string {
  return escapePieces(bytes)
    .map((piece) => piece.text)
    .join("");
}

/** What escaped text stands for; an escape that is none stands for itself. */
export function unescapeText(text: string): Uint8Array {
  const bytes: number[] = [];
  const pattern = /\\x([0-9a-fA-F]{2})|\\([nrtab\\"'])|([^\\]+)|\\/g;
  for (const [whole, hex, letter, plain] of text.matchAll(pattern)) {
    if (hex !== undefined) {
      bytes.push(parseInt(hex, 16));
    } else if (letter !== undefined) {
      bytes.push(Letters.get(letter) ?? letter.charCodeAt(0));
    } else {
      for (const byte of encoder.encode(plain ?? whole)) {
        bytes.push(byte);
      }
    }
  }
  return Uint8Array.from(bytes);
}

/** A line of sixteen bytes: where it begins, the bytes in hexadecimal, and their characters. */
export interface HexLine {
  offset: string;
  hex: string;
  characters: string;
}

export function hexLines(bytes: Uint8Array, offset = 0): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = Array.from(bytes.subarray(at, at + 16));
    lines.push({
      offset: (offset + at).toString(16).padStart(8, "0"),
      hex: line.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      characters: line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join(""),
    });
  }
  return lines;
}

/** Bytes in an address: letters and digits as they are. */
export function toAddress(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.:~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}

export function fromAddress(text: string): Uint8Array {
  return unescapeText(text.replace(/\\/g, "\\\\").replace(/%([0-9a-fA-F]{2})/g, "\\x$1"));
}

const Letters = new Map([
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["a", 7],
  ["b", 8],
]);

const Escapes = new Map([
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [7, "\\a"],
  [8, "\\b"],
  [92, "\\\\"],
]);

function escapeByte(byte: number): string {
  return Escapes.get(byte) ?? `\\x${byte.toString(16).padStart(2, "0")}`;
}

/** How many bytes the character here has, by its first byte; 0 where none can begin. */
function characterSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return at + size <= bytes.length ? size : 0;
}

function hasUnseen(text: string): boolean {
  return Invisible.test(text.replace(/[\n\r\t]/g, ""));
}
