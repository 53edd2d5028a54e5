import { type Chain, type Clock, type PerChain, perChain, perChainAsync, Stream } from "../base/index.ts";
import { Reorganisations, Watcher } from "../chain/index.ts";
import { Audit, Inquiries } from "../audit/index.ts";
import { type EngineEvent, ORDER } from "../events.ts";
import { type Asset, Ledger } from "../ledger/index.ts";
import { type BlockTag, Node, retry, retrying, type Rpc } from "../rpc/index.ts";
import {
  type Account,
  keepBooks,
  keepNonces,
  Nonces,
  Preconfirmations,
  Resender,
  Submitter,
  Transactions,
} from "../transactions/index.ts";
import { openAccounts, reopenAfterReorganisations } from "./open-accounts.ts";
import type { AddressBook, Bridge, Patience, Protocol } from "../../protocols/protocol.ts";

/** One chain as the engine is told of it. */
export interface ChainOptions {
  readonly rpc: Rpc;
  readonly chainId: bigint;
  readonly confirmations: number;
  readonly gasMultiplier: number;
  /** An endpoint that has not answered for this long is dead, in milliseconds. */
  readonly deadAfter: number;
  /** Takes the watcher's lines (`logs/watcher-L<n>.log`). */
  readonly log: (line: string) => void;
}

/** What the engine is started on. */
export interface EngineSetup {
  readonly chains: PerChain<ChainOptions>;
  readonly protocol: Pick<Protocol, "open" | "readFees" | "mayPreconfirm">;
  readonly addresses: AddressBook;
  /** The protocol's part of the target's `funding`. */
  readonly funding: unknown;
  readonly funder: Account;
  readonly clock: Clock;
  /** Undefined: what is begun is waited for as long as it takes. */
  readonly patience?: Patience | undefined;
}

/** The engine on a target: both chains watched and ready to send to, the books and the audit. Who needs a part picks it. */
export interface Engine {
  readonly clock: Clock;
  /** Everything that happens. */
  readonly stream: Stream<EngineEvent>;
  readonly bridge: Bridge;
  /** They ask again where an endpoint does not answer. */
  readonly nodes: PerChain<Node>;
  readonly watchers: PerChain<Watcher>;
  readonly reorganisations: Reorganisations;
  readonly transactions: Transactions;
  readonly submitter: Submitter;
  /** Of L2; undefined where the protocol has none. */
  readonly preconfirmations: Preconfirmations | undefined;
  readonly ledger: Ledger;
  readonly assets: readonly Asset[];
  readonly audit: Audit;
  /** Who is asked before anything is called lost. */
  readonly inquiries: Inquiries;
  readonly funder: Account;
  /** Takes up accounts: their nonces, and what they own as the chains have it, in one batch per chain. */
  openAccounts(addresses: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** How long a payout that came before its deposit's receipt is remembered. Milliseconds. */
const REMEMBER_MS = 1_800_000;

/** Starts the engine; the watchers run from here on. */
export async function startEngine(setup: EngineSetup): Promise<Engine> {
  const { chains, protocol, addresses, funding, funder, clock, patience } = setup;
  let watchers: PerChain<Watcher> | undefined;
  // Watchers and submitter repeat by rules of their own.
  const nodes = perChain((chain) => {
    const isDead = (): boolean => watchers?.[chain].health.deadFor !== undefined;
    const known = (): BlockTag => watchers?.[chain].known ?? "latest";
    return new Node(retrying(chains[chain].rpc, clock, { isDead, known }), protocol.readFees(chain), known);
  });
  const gasPrice = (chain: Chain): bigint => watchers?.[chain].head.gasPrice ?? 0n;
  const bridge = await protocol.open({ nodes, addresses, clock, funding, gasPrice, patience });
  const parts = partsOf(setup, bridge, nodes);
  ({ watchers } = parts);
  await perChainAsync((chain) => retry(nodes[chain], clock, () => parts.watchers[chain].start()));
  const { resender, nonces, ...engine } = parts;
  const accounts = { nodes, nonces, clock, ledger: engine.ledger, assets: bridge.assets, watchers };
  reopenAfterReorganisations(accounts, engine.stream, (chain, line) => chains[chain].log(line));
  return {
    clock,
    bridge,
    nodes,
    assets: bridge.assets,
    funder,
    ...engine,
    openAccounts: async (opened) => {
      await perChainAsync((chain) => openAccounts(accounts, opened, chain));
    },
    close: async () => {
      await perChainAsync((chain) => parts.watchers[chain].close());
      await resender.close();
      await parts.preconfirmations?.close();
      await perChainAsync((chain) => nodes[chain].close());
    },
  };
}

/** The engine's parts, which talk to each other over one stream in the order that `ORDER` states. */
function partsOf({ chains, protocol, clock }: EngineSetup, bridge: Bridge, nodes: PerChain<Node>) {
  const stream = new Stream<EngineEvent>(ORDER);
  const watchers = perChain((chain) => {
    const { rpc, confirmations, deadAfter, log } = chains[chain];
    const options = { chain, rpc, clock, stream, confirmations, deadAfter, log };
    return new Watcher({ ...options, bridge: bridge.reader(chain), rememberFor: REMEMBER_MS });
  });
  const senders = perChain((chain) => {
    const { rpc, chainId, gasMultiplier } = chains[chain];
    return {
      node: new Node(rpc, protocol.readFees(chain), () => watchers[chain].known),
      watcher: watchers[chain],
      chainId,
      gasMultiplier,
      feeOnGas: (gas: bigint) => bridge.feeOnGas(chain, gas),
    };
  });
  const nonces = new Nonces();
  const ledger = new Ledger(bridge.causes, stream);
  keepBooks(ledger, stream);
  keepNonces(nonces, stream);
  const transactions = new Transactions(watchers, stream, clock);
  const submitter = new Submitter(senders, nonces, transactions, stream, clock);
  const resender = new Resender(senders, transactions, submitter, stream, clock, chains[1].log);
  const preconfirmations =
    protocol.mayPreconfirm === true ? new Preconfirmations(2, senders[2], stream, clock) : undefined;
  const inquiries = new Inquiries({ bridge, nodes, watchers, clock });
  const audit = new Audit({ bridge, stream, ledger, clock, inquiries });
  const reorganisations = new Reorganisations(stream);
  const followers = { inquiries, audit, reorganisations };
  const sending = { transactions, submitter, resender, preconfirmations };
  return { stream, watchers, nonces, ledger, ...sending, ...followers };
}
