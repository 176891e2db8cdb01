import type { JSX } from "preact";
import { bytesOf, fieldOf, itemsOf, numberOf, pairsOf, textOf } from "../../resp/reply.ts";
import { count, size } from "../../text/format.ts";
import { useApp, useRights, useStore } from "../../ui/app.ts";
import { useLoad } from "../../ui/hooks.ts";
import { ByteText, Card, Problem, Table } from "../../ui/parts.tsx";
import { KeyTable } from "./keyTable.tsx";

const BigKeysShown = 5;
const PrefixesShown = 20;

/** Where the memory goes, while no key is opened: the largest keys of each type, and keys by the beginning of their names. */
export function Survey(): JSX.Element {
  const rights = useRights();
  return (
    <section class="key" aria-label="Key">
      <p class="faint">Open a key to see and change what it holds.</p>
      {rights.has("memory|prefixes") && rights.may("memory|prefixes") && <Prefixes />}
      {rights.has("memory|bigkeys") && rights.may("memory|bigkeys") && <BigKeys />}
    </section>
  );
}

function Prefixes(): JSX.Element {
  const { session } = useApp();
  const database = useStore(session.database);
  const loaded = useLoad(() => session.call(["MEMORY", "PREFIXES", ":", "COUNT", PrefixesShown]), [database]);
  const isEstimate = textOf(fieldOf(loaded.value, "estimated")) === "true";
  return (
    <Card title="Keys by prefix">
      <Problem text={loaded.error} />
      <Table label="Prefixes" head={["Prefix", "Keys", "Memory", "Uses a second"]} numbers={[1, 2, 3]}>
        {itemsOf(fieldOf(loaded.value, "prefixes")).map((share, i) => (
          <tr key={i}>
            <td class="mono">
              {textOf(fieldOf(share, "prefix")) ? (
                <ByteText value={bytesOf(fieldOf(share, "prefix"))} shown={80} />
              ) : (
                <span class="faint">(none)</span>
              )}
            </td>
            <td class="number">{count(numberOf(fieldOf(share, "keys")))}</td>
            <td class="number">{size(numberOf(fieldOf(share, "bytes")))}</td>
            <td class="number">{count(numberOf(fieldOf(share, "operations-per-second")))}</td>
          </tr>
        ))}
      </Table>
      {isEstimate && <p class="faint">Estimated from {count(numberOf(fieldOf(loaded.value, "sampled")))} keys that were drawn.</p>}
    </Card>
  );
}

function BigKeys(): JSX.Element {
  const { session } = useApp();
  const loaded = useLoad(async () => pairsOf(await session.call(["MEMORY", "BIGKEYS", "COUNT", BigKeysShown])), []);
  return (
    <>
      <Problem text={loaded.error} />
      <div class="cards">
        {loaded.value?.map(([type, keys]) => (
          <Card key={textOf(type)} title={`Largest of type ${textOf(type)}`}>
            <KeyTable
              label={`Largest keys of type ${textOf(type)}`}
              keys={itemsOf(fieldOf(keys, "by-bytes"))}
              head="Memory"
              number={(key) => size(numberOf(fieldOf(key, "bytes")))}
            />
          </Card>
        ))}
      </div>
    </>
  );
}
