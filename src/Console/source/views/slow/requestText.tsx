import type { JSX } from "preact";
import { bytesOf, type Reply } from "../../resp/reply.ts";
import { ByteText } from "../../ui/parts.tsx";

/** A request as it would be typed, each argument cut. */
export function RequestText({ request, shown = 120 }: { request: readonly Reply[]; shown?: number }): JSX.Element {
  return (
    <span class="request">
      {request.map((argument, i) => (
        <span key={i}>
          <ByteText value={bytesOf(argument)} shown={shown} />{" "}
        </span>
      ))}
    </span>
  );
}
