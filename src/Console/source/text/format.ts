/** Numbers for people. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const Units = ["B", "KB", "MB", "GB", "TB", "PB"];

export function count(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : "–";
}

/** Three digits and a letter: 1.23 M. */
export function short(value: number): string {
  if (!Number.isFinite(value)) {
    return "–";
  }
  const letters = ["", "k", "M", "G", "T"];
  let at = 0;
  let rest = value;
  while (Math.abs(rest) >= 1000 && at < letters.length - 1) {
    rest /= 1000;
    at++;
  }
  return digits(rest) + (letters[at] ? ` ${letters[at]}` : "");
}

export function size(bytes: number): string {
  if (!Number.isFinite(bytes)) {
    return "–";
  }
  let at = 0;
  let rest = bytes;
  while (Math.abs(rest) >= 1024 && at < Units.length - 1) {
    rest /= 1024;
    at++;
  }
  return `${at === 0 ? whole.format(rest) : digits(rest)} ${Units[at]}`;
}

export function percent(part: number): string {
  return Number.isFinite(part) ? `${digits(part * 100)} %` : "–";
}

/** A time that something took. */
export function microseconds(us: number): string {
  if (!Number.isFinite(us)) {
    return "–";
  }
  if (us < 1000) {
    return `${digits(us)} µs`;
  }
  return us < 1_000_000 ? `${digits(us / 1000)} ms` : `${digits(us / 1_000_000)} s`;
}

/** A time that something lasts: its two largest units. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return "–";
  }
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) {
    return seconds > 0 ? `${Math.round(seconds * 1000)} ms` : "0 s";
  }
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}

export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString("en-GB");
}

export function date(ms: number): string {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? "–" : `${at.toLocaleDateString("en-CA")} ${at.toLocaleTimeString("en-GB")}`;
}

function digits(value: number): string {
  const magnitude = Math.abs(value);
  const places = magnitude >= 100 || Number.isInteger(value) ? 0 : magnitude >= 10 ? 1 : 2;
  return value.toFixed(places);
}
