import { isAddress } from "ethers";
import { z } from "zod";
import { localStacks, type ProtocolName, protocolName } from "../fixtures/local-stack/index.ts";
import { type Chain, parseDuration, parseGates } from "../stress/engine/base/index.ts";
import { PROTOCOLS } from "../stress/protocols/index.ts";
import type { Protocol } from "../stress/protocols/protocol.ts";
import { FORK_MARGIN } from "./fork.ts";

const url = z
  .string()
  .refine((text) => /^https?:/.test(text) && URL.canParse(text), "wants a URL such as https://host:port");
const endpointUrl = z
  .string()
  .refine(
    (text) => /^(https?|wss?):/.test(text) && URL.canParse(text),
    "wants a URL such as https://host:port or wss://host:port",
  );
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const address = z
  .string()
  .regex(ADDRESS, "wants an address (0x and 40 hexadecimal digits)")
  .refine(
    (text) => !ADDRESS.test(text) || isAddress(text),
    "its checksum is wrong: a digit is mistyped, or its case (all in lower case it is taken unchecked)",
  );
const key = z
  .string()
  .regex(/^(0x)?[0-9a-fA-F]{64}$/, "wants a private key (64 hexadecimal digits, 0x before them or not)");
const ether = z.number().nonnegative().max(1e9);
const LONGEST_PERIOD_MS = 86_400_000;
const percent = z.number().min(0).max(100);
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, "wants a time such as 500ms, 90s, 10m or 2h")
  .meta({ examples: ["500ms", "90s", "10m", "2h"] });

/** What each run has to hold. */
const gates = z
  .string()
  .refine((text) => "gates" in parseGates(text), { error: ({ input }) => gateRefusal(String(input)) });

function gateRefusal(text: string): string {
  const parsed = parseGates(text);
  return "mistake" in parsed ? parsed.mistake : "";
}

/** A least time between two things may be none. */
const interval = duration.refine(
  (text) => (parseDuration(text) ?? 0) <= LONGEST_PERIOD_MS,
  "wants a time of at most 24h",
);

/** A pause between two things: timers can neither wait for ever nor not at all. */
const period = duration.refine((text) => {
  const parsed = parseDuration(text) ?? 0;
  return parsed >= 1 && parsed <= LONGEST_PERIOD_MS;
}, "wants a time between 1ms and 24h");

const chain = z.strictObject({
  endpoint: z
    .union([endpointUrl, z.tuple([endpointUrl]).rest(endpointUrl)], "wants a URL, or a list of URLs")
    .describe("JSON-RPC over HTTP or WebSocket; of a list the next one is used where one does not answer"),
  chainId: z.int().positive().optional().describe("checked against what the endpoint answers"),
  confirmations: z
    .int()
    .min(0)
    .default(0)
    .describe("a block counts once the head is this many blocks past it"),
  gasMultiplier: z.number().min(1).max(10).default(1.2).describe("gas limit in relation to the estimate"),
  explorer: url
    .optional()
    .describe("a block explorer, which reports link to: <explorer>/tx/<hash> and <explorer>/block/<number>"),
});

const block = z.int().min(0).optional();

/** A protocol's part for the embedded stack. */
type Twin = (typeof localStacks)[ProtocolName];

const forkOf = (twin: Twin) =>
  z.strictObject({
    l1Block: block.describe("the last block of L1 that the fork has (default: the newest less the margin)"),
    l2Block: block.describe("the same of L2 (default: the newest that is not younger than L1's)"),
    margin: z
      .int()
      .min(0)
      .max(10_000)
      .default(FORK_MARGIN)
      .describe("blocks by which L1's pin is behind the newest where it is not given"),
    ...twin.fork.settings.shape,
  });

/** Percentages of what children may do on a chain; what is left over is never named. */
const sharesOn = ({ operations }: Protocol, chain: Chain) =>
  z
    .strictObject(
      Object.fromEntries(
        operations
          .filter(({ from, share }) => share !== "rest" && (from === "either" || from === chain))
          .map(({ code }) => [code, percent]),
      ),
    )
    .partial();

const addressMap = z.record(z.string(), z.string());

type TargetFile = ReturnType<typeof makeTargetFile>;

/** Schemas that were made: each is compiled by its first use, which takes longer than all others. */
const made = new WeakMap<Protocol, TargetFile>();

/** `targets/<name>.json` of a protocol, our own format. Each part that is left out has the predecessor's default. */
export function targetFileOf(protocol: Protocol): TargetFile {
  const schema = made.get(protocol) ?? makeTargetFile(protocol);
  made.set(protocol, schema);
  return schema;
}

const makeTargetFile = (protocol: Protocol) => {
  const twin = localStacks[protocolName.parse(protocol.name)];
  return z
    .strictObject({
      $schema: z.string().optional(),
      name: z
        .string()
        .regex(/^[\w.-]+$/)
        .describe("names the run's logs and its accounts file"),
      protocol: nameOf(protocol).describe("which contracts the bridge is made of"),
      stack: twin.settings
        .optional()
        .describe("run on the embedded local stack; takes the place of l1, l2 and addresses"),
      fork: forkOf(twin)
        .optional()
        .describe("run on a fork of l1 and l2, as --fork does; the target's money and key are not touched"),
      l1: chain.optional(),
      l2: chain.optional(),
      funder: z
        .strictObject({ key, address: address.optional().describe("must be the key's own") })
        .optional()
        .describe("account that pays for the run and gets everything back"),
      addresses: addressMap.optional().describe("contract addresses by name"),
      addressFile: z
        .string()
        .optional()
        .describe("a JSON file of contract addresses, seen from the target's file"),
      addressServer: url.optional().describe("serves /addresses.json and /boba-addr.json"),
      startChain: z
        .union([z.literal(0), z.literal(1), z.literal(2)])
        .default(0)
        .describe("0: children alternate"),
      shares: z
        .strictObject({ l1: sharesOn(protocol, 1).default({}), l2: sharesOn(protocol, 2).default({}) })
        .optional()
        .describe("percentages, rolled one after the other; the rest are payments"),
      dispatchInterval: interval.default("0ms").describe("least time between two dispatches"),
      statisticsEvery: period.optional().describe("default: 5s on the local stack, else 30s"),
      leaveWithdrawals: z
        .boolean()
        .default(false)
        .describe(
          "withdrawals that take longer than giveUpAfter are proved and left to npm run recover; else there are none",
        ),
      gate: gates
        .optional()
        .describe(
          'what each run has to hold, such as "p95(FX.finished)<20s, failures<=1%, throughput>=50/s"',
        ),
      allowMainnet: z.boolean().default(false).describe("allows chain id 1: real money"),
      limits: z
        .strictObject({
          maxFundEth: ether.default(100).describe("most the children may hold together"),
          toleratedFailures: z.int().min(0).default(0).describe("one more failed operation ends the run"),
          slowAfter: duration.default("600s").describe("operations that take longer are named in a warning"),
          stuckAfter: duration.default("1800s").describe("an operation that takes longer ends the run"),
          endpointDeadAfter: duration
            .default("60s")
            .describe("an endpoint that does not answer for longer ends the run"),
          giveUpAfter: duration.default("2700s").describe("an ending run waits no longer for its operations"),
        })
        .prefault({}),
      funding: z
        .strictObject({
          minimumBalanceEth: ether.default(0.025).describe("a child below it, on both chains, is idle"),
          perChildEth: ether.default(0.5).describe("what a child gets at the start"),
          batch: z
            .int()
            .min(1)
            .max(10_000)
            .default(500)
            .describe("transactions of the funder that are under way at once while it funds children"),
          ...protocol.funding,
        })
        .prefault({}),
    })
    .describe("A target of rollup-stress: a pair of chains, a funder and limits");
};

/** The first protocol's may be left out. */
const nameOf = ({ name }: Protocol) =>
  name === PROTOCOLS[0].name ? z.literal(name).default(name) : z.literal(name);

const pair = <T extends z.ZodType>(one: T) => z.tuple([one, one]);
const account = z.tuple([address, key]);

/** Its lists of addresses have maps of tokens beside the contracts, by names that no contract has. */
const predecessorAddresses = z
  .record(
    z.string(),
    z.union([z.string(), z.record(z.string(), z.unknown())], "wants an address, or a map of them"),
  )
  .transform((list) =>
    Object.fromEntries(
      Object.entries(list).flatMap(([name, one]) => (typeof one === "string" ? [[name, one] as const] : [])),
    ),
  );

/** The predecessor's target file (its manual and `formats.md` tell the keys). */
export const predecessorFile = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/),
  endpoints: z.tuple([url, url]).rest(url),
  L1_geth_PoA: z.boolean().optional(),
  confirmations: pair(z.int().min(0)).default([0, 0]),
  start_chain: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
  op_pct: pair(z.tuple([percent, percent, percent, z.literal(0), z.literal(0)])),
  op_delay: z
    .number()
    .min(0)
    .max(LONGEST_PERIOD_MS / 1000)
    .default(0),
  gas_price_gwei: pair(z.number().min(0).max(1e9)).optional(),
  gas_mult: pair(z.number().min(1).max(10)).default([1, 1]),
  funder_acct: account,
  max_fund_eth: ether,
  addresses: predecessorAddresses.optional(),
  address_file: z.string().optional(),
  address_server: url.optional(),
  address_server_2: z.string().optional(),
  ng_enabled: z.boolean().optional(),
  l1_agent_acct: z.tuple([z.string(), z.string()]).optional(),
  l2_agent_acct: z.tuple([z.string(), z.string()]).optional(),
  address_manager_address: z.string().optional(),
});
