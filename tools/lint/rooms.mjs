/**
 * Who may import whom, type imports included: a room itself and the rooms it names. `a..b` is every row from a to
 * b. Rooms stand below what they may import, but for the local stack, which starts the stack of a protocol.
 *
 * A file belongs to the first row that has it: `*` is one name, `**` any path, `{a,b}` either. `<name>` is the
 * name of a protocol: where both sides have one, it must be the same. A room with a door is entered from outside by
 * its `index.ts` only, except by the other half of the same protocol, and by plain JavaScript for its like.
 */
export const TABLE = `
room          files                                                                                 door  may import
base          stress/engine/base/*                                                                  yes   -
rpc           stress/engine/rpc/*                                                                   yes   base
chain         stress/engine/chain/*                                                                 yes   base rpc
ledger        stress/engine/ledger/*                                                                yes   base rpc
transactions  stress/engine/transactions/*                                                          yes   base..ledger
interface     stress/protocols/{protocol,operation}.ts                                              -     base..transactions
parts         stress/protocols/{payment,amounts,abi,decode,erc20,fees,data-fee,l2-fees,past-events,sending}.ts  -     base..interface
audit         stress/engine/audit/*                                                                 yes   base..interface
events        stress/engine/events.ts                                                               -     base..interface audit
run           stress/engine/run/**                                                                  yes   base..interface audit events
journal       stress/journal/*                                                                      -     base..transactions audit..run
report        stress/report/**                                                                      -     base..interface audit..journal
platform      stress/platform/*                                                                     -     base rpc
protocol      stress/protocols/<name>/**                                                            yes   base..parts
registry      stress/protocols/index.ts                                                             -     interface protocol
hardhat       hardhat.config.ts                                                                     -     -
local-stack   fixtures/local-stack/{*,faults/**,fork/**}                                            -     base..chain platform hardhat stack
stack         fixtures/local-stack/<name>/**                                                        yes   base..chain protocol hardhat local-stack
targets       targets/*                                                                             -     base rpc interface run registry local-stack
fixtures      fixtures/*/**                                                                         -     base..targets
entrance      fixtures/index.ts                                                                     -     base..fixtures
tools         tools/**                                                                              -     base..entrance
bench         bench/**                                                                              -     base..entrance
specs         stress/*.spec.ts                                                                      -     base..interface audit..run entrance
`;

/**
 * @typedef {object} Room
 * @property {string} name
 * @property {RegExp} files
 * @property {boolean} hasDoor
 * @property {ReadonlySet<string>} imports names of the rooms it may import
 */

/** @typedef {{ room: Room, protocol: string | undefined }} Place where a file stands */

/** @param {string} glob */
const patternOf = (glob) => {
  const source = glob
    .replaceAll(".", "\\.")
    .replaceAll(/\{(.+)\}/g, (_, names) => `(?:${names.replaceAll(",", "|")})`)
    .replaceAll("<name>", "(?<protocol>[^/]+)")
    .replaceAll("**", ".+")
    .replaceAll(/(?<=[/{|:])\*/g, "[^/]+");
  return new RegExp(`^${source}$`);
};

/**
 * The rooms of a table such as {@link TABLE}, in its order.
 *
 * @param {string} table
 * @returns {readonly Room[]}
 * @throws {Error} where a row names a room that the table lacks
 */
export function roomsOf(table) {
  const rows = table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s{2,}/));
  const names = rows.map(([name = ""]) => name);
  const indexOf = (/** @type {string} */ name) => {
    if (names.includes(name)) return names.indexOf(name);
    throw new Error(`"${name}" is no room of the table in tools/lint/rooms.mjs`);
  };
  const expand = (/** @type {string} */ named) => {
    const [first = "", last = first] = named.split("..");
    return names.slice(indexOf(first), indexOf(last) + 1);
  };
  return rows.map(([name = "", files = "", door, imports = "-"]) => ({
    name,
    files: patternOf(files),
    hasDoor: door === "yes",
    imports: new Set(imports === "-" ? [] : imports.split(" ").flatMap(expand)),
  }));
}

/**
 * Where a file stands; undefined where no row has it.
 *
 * @param {readonly Room[]} rooms
 * @param {string} file path from the root, with slashes
 * @returns {Place | undefined}
 */
export function placeOf(rooms, file) {
  for (const room of rooms) {
    const match = room.files.exec(file);
    if (match) return { room, protocol: match.groups?.["protocol"] };
  }
  return undefined;
}
