import type { Channel } from "../net/channel.ts";
import type { Argument } from "../resp/encoder.ts";
import { ReplyError } from "../resp/reply.ts";

/** Who logs in; nobody is the default user without a password. They are kept in the page's memory only. */
export interface Credentials {
  user: string;
  password: string;
}

/** Makes a channel a session of RESP3, by the name under which CLIENT LIST shows it. */
export async function logIn(channel: Channel, credentials: Credentials | undefined, database = 0): Promise<void> {
  const authentication: Argument[] = credentials ? ["AUTH", credentials.user, credentials.password] : [];
  const greeting = channel.ask(["HELLO", 3, ...authentication, "SETNAME", "bixbite-console"]);
  const selection = database > 0 ? channel.ask(["SELECT", database]) : undefined;
  const reply = await greeting;
  await selection;
  if (reply.kind === "error") {
    throw new ReplyError(reply.text);
  }
}
