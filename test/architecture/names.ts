/** A file of the repository, by its path from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A name of a protocol's in a file that must know no protocol. */
export interface Finding {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly name: string;
}

/** Names in the ABIs that are nobody's in particular: used elsewhere, they give no protocol away. */
const NOBODYS: ReadonlySet<string> = new Set([
  // The token standard and its functions, which every chain has.
  "ERC20",
  "totalSupply",
  "balanceOf",
  "allowance",
  "approve",
  "transfer",
  // English: a child withdraws its money, whatever the bridge, and anything can be paused.
  "withdraw",
  // And everything has a version and a status.
  "version",
  "status",
  "paused",
]);

/** Shorter names are words of any program. */
const SHORTEST = 6;

/** Whatever the protocol: predeploys, and the names that deployments list their contracts under. */
const ALWAYS = ["0x4200[0-9a-fA-F]{36}", "Proxy__\\w+", "OVM_\\w+"];

/** Where a protocol's names belong: its own folders, Solidity, tests, and what is written for people. */
const AT_HOME = [
  /^stress\/protocols\/[^/]+\//,
  // The faults of any chain know no protocol.
  /^fixtures\/local-stack\/(?!faults\/)[^/]+\//,
  /^contracts-abi\//,
  /^contracts\//,
  /^test\//,
  // Written by `npm run schema` from what the protocols say of their part of a target.
  /^targets\/schema\.json$/,
  /\.md$/,
];

const ABI_FILE = /^contracts-abi\/[^/]+\/(.+)\.json$/;
const ADDRESS_BOOK = /^stress\/protocols\/[^/]+\/addresses\.ts$/;

/** An ABI's own name, and those of its events, functions and errors. */
function namesInAbi(contract: string, text: string): readonly string[] {
  const entries = JSON.parse(text) as readonly { readonly name?: string }[];
  return [contract, ...entries.flatMap(({ name }) => (name === undefined ? [] : [name]))];
}

/** The contracts that a protocol's address book lists: the strings in it that are written as a contract's name is. */
const namesInBook = (text: string): readonly string[] =>
  [...text.matchAll(/"([A-Z]\w*[a-z]\w*)"/g)].map(([, name = ""]) => name);

/** The names of all protocols, read from the protocols' own files. */
export function namesOf(files: readonly SourceFile[]): ReadonlySet<string> {
  const names = files.flatMap(({ path, text }) => {
    const [, contract] = ABI_FILE.exec(path) ?? [];
    if (contract !== undefined) return namesInAbi(contract, text);
    return ADDRESS_BOOK.test(path) ? namesInBook(text) : [];
  });
  return new Set(names.filter((name) => name.length >= SHORTEST && !NOBODYS.has(name)));
}

/** Where files that must know no protocol have one of these names as a whole word, comments included. */
export function findNames(files: readonly SourceFile[], names: ReadonlySet<string>): readonly Finding[] {
  const any = new RegExp(`(?<!\\w)(?:${[...ALWAYS, ...names].join("|")})(?!\\w)`, "g");
  return files
    .filter(({ path }) => !AT_HOME.some((home) => home.test(path)))
    .flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, at) => [...line.matchAll(any)].map(([name]) => ({ path, line: at + 1, name }))),
    );
}
