import { type Chain, type PerChain, perChain } from "../../engine/base/index.ts";
import type { Arrival, BlockFacts, BlockRead, BridgeReader, Message } from "../../engine/chain/index.ts";
import { type Asset, balanceAsset, CAUSES } from "../../engine/ledger/index.ts";
import type { Node, Receipt } from "../../engine/rpc/index.ts";
import type { Bridge, BridgeFigures, BridgeSetup, FiguresOptions, Passed, Terms } from "../protocol.ts";
import { L1_DATA_FEE, OPERATOR_FEE, readRollupFees } from "../fees.ts";
import { L2Fees } from "../l2-fees.ts";
import { ovmAddresses } from "./addresses.ts";
import { RELAY_TOPICS, relayedMessages } from "./arrivals.ts";
import { BATCH_TOPICS } from "./batch-gas.ts";
import { ABI, Contracts, POOL_ABI } from "./contracts.ts";
import { oncePer, topicOf } from "../decode.ts";
import { type ExitFee, readExitFee } from "./exit-fee.ts";
import { openFigures } from "./figures.ts";
import { poolMinimum } from "./funding.ts";
import { PoolFunds } from "./funds.ts";
import { historyOf } from "./history.ts";
import { messageId, sentMessage } from "./messages.ts";
import { FAST, type OvmView, STAKE, TOKENS } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";
import { payoutSources, payoutsIn } from "./payouts.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import { dueAt, PoolRateReader } from "./pool-rates.ts";
import { poolStake } from "./pool-share.ts";
import { Pools } from "./pools.ts";
import { readFraudProofWindow, StateBatches } from "./state-batches.ts";
import { tokenBalance } from "../erc20.ts";

/** A legacy (OVM 2) rollup's bridge with its liquidity pools, on a pair of chains. */
export class OvmBridge implements Bridge, OvmView {
  readonly contracts: Contracts;
  readonly exitFee: ExitFee | undefined;
  readonly approvals = new Set<string>();
  readonly assets: readonly Asset[];
  readonly causes = [
    CAUSES.payment,
    CAUSES.fromStrangers,
    "stake",
    "reward",
    CAUSES.crossing,
    CAUSES.payout,
    CAUSES.gasFee,
    L1_DATA_FEE,
    OPERATOR_FEE,
    "exit fee",
  ];
  readonly funds: PoolFunds;
  readonly history;
  readonly #nodes: PerChain<Node>;
  readonly #clock: BridgeSetup["clock"];
  /** Undefined before a run asks for figures: a recovery reports no times. */
  #batches: StateBatches | undefined;
  readonly #pools: Pools;
  readonly #rates: PoolRateReader;
  readonly #payouts;
  readonly #sent = perChain((chain) =>
    oncePer((receipt: Pick<Receipt, "logs">) => this.#sentIn(chain, receipt)),
  );
  readonly #fees: L2Fees;

  private constructor(setup: BridgeSetup, contracts: Contracts, exitFee: ExitFee | undefined) {
    const { nodes, funding } = setup;
    const gasPrice = (chain: Chain): bigint => setup.gasPrice(chain);
    this.contracts = contracts;
    this.exitFee = exitFee;
    this.#nodes = nodes;
    this.#clock = setup.clock;
    this.#fees = new L2Fees(nodes[2], PREDEPLOYS.gasPriceOracle);
    this.#pools = new Pools(nodes, contracts);
    this.#rates = new PoolRateReader(nodes, contracts);
    this.#payouts = perChain((chain) => payoutSources(OPERATIONS, chain, contracts));
    this.assets = assetsOf(nodes, contracts, exitFee);
    const feeFor = (chain: Chain, gas: bigint): bigint => gas * gasPrice(chain) + this.feeOnGas(chain, gas);
    this.funds = new PoolFunds({ nodes, contracts, exitFee, poolMinimum: poolMinimum(funding), feeFor });
    this.history = historyOf({ nodes, contracts, exitFee, payouts: this.#payouts });
  }

  static async open(setup: BridgeSetup): Promise<OvmBridge> {
    const contracts = new Contracts(ovmAddresses(setup.addresses));
    const bridge = new OvmBridge(setup, contracts, await readExitFee(setup.nodes[2], contracts));
    await bridge.#fees.read();
    return bridge;
  }

  poolFree(chain: Chain): bigint {
    return this.#pools.free(chain);
  }

  owe(chain: Chain, amount: bigint): () => void {
    return this.#pools.owe(chain, amount);
  }

  reader(chain: Chain): BridgeReader {
    return {
      interest: interestOf(chain, this.contracts, this.#payouts[chain]),
      readFees: readRollupFees,
      arrivals: ({ logs }: BlockFacts, warn): Arrival[] =>
        [...relayedMessages(logs, warn)].map(({ id, messenger, hash, blockNumber, logIndex, logs: own }) => ({
          id,
          queue: messenger,
          hash,
          block: blockNumber,
          logIndex,
          payouts: payoutsIn(own, this.#payouts[chain]),
          answer: this.sent(chain, { logs: own }),
        })),
      atHead: async (block) => {
        // What fast crossings may ask of the pool, and what has to stay behind for fees.
        await Promise.all([
          this.#pools.read(chain, block),
          chain === 2 ? this.#fees.refresh(block) : undefined,
        ]);
      },
    };
  }

  sent(chain: Chain, receipt: Pick<Receipt, "logs">): Message | undefined {
    return this.#sent[chain](receipt);
  }

  #sentIn(chain: Chain, { logs }: Pick<Receipt, "logs">): Message | undefined {
    const message = sentMessage(chain, logs, this.contracts);
    return message === undefined ? undefined : { id: messageId(message), place: message.messageNonce };
  }

  /** What is due of a pool is the deposit less the pool's fee, at the pool's own rate at that place of the block. */
  terms({ chain, block, logs, arrivals }: BlockRead): Promise<Terms> | undefined {
    const isFast = arrivals.some(({ payouts }) => payouts.some(({ way }) => way === FAST));
    if (!isFast) return undefined;
    return this.#rates.read(chain, block.number, logs).then((rates) => (payout, amount) => {
      if (payout.way !== FAST) return { amount, isKnown: true };
      const rate = rates?.get(payout.logIndex);
      if (rate === undefined) return { amount: amount - payout.fee, isKnown: false };
      return { amount: dueAt(rate, amount), isKnown: true };
    });
  }

  async feeBeside(chain: Chain, to: string, gas: bigint): Promise<bigint> {
    return chain === 1 ? 0n : this.#fees.ofTransfer(to, gas);
  }

  feeOnGas(chain: Chain, gas: bigint): bigint {
    return chain === 1 ? 0n : this.#fees.onGas(gas);
  }

  async charges(chain: Chain): Promise<readonly string[]> {
    return chain === 1 ? [] : this.#fees.charged();
  }

  passed(chain: Chain, way: string, block: number): readonly Passed[] {
    return chain === 1 ? [] : (this.#batches?.passed(way, block) ?? []);
  }

  async figures(options: FiguresOptions): Promise<BridgeFigures> {
    // A fork's stand-in appends a root for each message, and not for each block: they do not tell which blocks are covered.
    if (!options.isFork) {
      const window = await readFraudProofWindow(this.#nodes[1], this.contracts);
      this.#batches = new StateBatches(options.stream, this.#clock, this.contracts, window);
    }
    return openFigures(this.#nodes, this.contracts, this.#pools, options);
  }
}

const assetsOf = (nodes: PerChain<Node>, contracts: Contracts, exitFee: ExitFee | undefined): Asset[] => [
  balanceAsset(nodes),
  {
    name: STAKE,
    label: "stake",
    isEther: true,
    chains: [1, 2],
    // The pool books a stake for whoever sends it, and for nobody else.
    isOfSenders: true,
    read: (account, chain, block) => poolStake({ nodes, contracts }, chain, account, block),
  },
  {
    name: TOKENS,
    label: "fee tokens",
    isEther: false,
    chains: [2],
    read: async (account, _, block) =>
      exitFee === undefined ? 0n : tokenBalance(nodes[2], exitFee.token, account, block),
  },
];

/** The events that the bridge is followed by: all that crossings, pools and the batch submitter leave on a chain. */
function interestOf(
  chain: Chain,
  contracts: Contracts,
  payouts: readonly { readonly address: string; readonly topic: string }[],
) {
  const { pool, messengers, addresses } = contracts;
  // All that changes a pool's money: its fee depends on it.
  const poolTopics = POOL_ABI[chain].fragments.flatMap((fragment) =>
    fragment.type === "event" ? topicOf(POOL_ABI[chain], fragment.format("sighash")) : [],
  );
  const batches = chain === 1 ? [addresses.ctc, addresses.scc] : [];
  return {
    addresses: unique([
      ...payouts.map(({ address }) => address),
      pool[chain],
      ...messengers[chain],
      ...batches,
    ]),
    topics: unique([
      ...payouts.map(({ topic }) => topic),
      ...poolTopics,
      topicOf(ABI.CrossDomainMessenger, "SentMessage"),
      ...RELAY_TOPICS,
      ...(chain === 1 ? Object.values(BATCH_TOPICS) : []),
    ]),
  };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts.map((text) => text.toLowerCase()))];
