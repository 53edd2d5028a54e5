import { type Chain, otherChain, type PerChain, perChain } from "../../engine/base/index.ts";
import type { BlockFacts, BridgeReader, Message } from "../../engine/chain/index.ts";
import { type Asset, balanceAsset, CAUSES } from "../../engine/ledger/index.ts";
import type { Node, Receipt } from "../../engine/rpc/index.ts";
import { oncePer } from "../decode.ts";
import { TOKENS, tokenBalance } from "../erc20.ts";
import { L1_DATA_FEE, OPERATOR_FEE } from "../fees.ts";
import { L2Fees } from "../l2-fees.ts";
import type { Steps } from "../operation.ts";
import type { Bridge, BridgeFigures, BridgeSetup, FalseProposal, SendingReceipt } from "../protocol.ts";
import { opStackAddresses } from "./addresses.ts";
import { Contracts } from "./contracts.ts";
import { readFees } from "./fees.ts";
import { openFigures } from "./figures.ts";
import { OpStackFunds } from "./funds.ts";
import { historyOf } from "./history.ts";
import { type CrossDomainMessage, sentMessages } from "./messages.ts";
import { Metering } from "./metering.ts";
import { MinimumGas } from "./minimum-gas.ts";
import type { OpStackView, Way } from "./operation.ts";
import { PREDEPLOYS } from "./predeploys.ts";
import { FastWay } from "./ways/fast-way.ts";
import { MessengerWay } from "./ways/messenger-way.ts";
import { replaySteps } from "./ways/replay-steps.ts";
import { PortalWay } from "./ways/portal-way.ts";
import { withdrawalSteps } from "./withdrawals/steps.ts";
import { withdrawalsIn } from "./withdrawals/withdrawal.ts";
import { Withdrawals } from "./withdrawals/withdrawals.ts";

/** An OP Stack chain's bridge to its L1, whatever generation its contracts are of. */
export class OpStackBridge implements Bridge, OpStackView {
  readonly contracts: Contracts;
  readonly minimumGas: MinimumGas;
  readonly metering: Metering;
  readonly withdrawals: Withdrawals;
  readonly fast: FastWay | undefined;
  readonly approvals = new Set<string>();
  readonly assets: readonly Asset[];
  readonly causes = [
    CAUSES.payment,
    CAUSES.fromStrangers,
    CAUSES.crossing,
    CAUSES.payout,
    CAUSES.gasFee,
    L1_DATA_FEE,
    OPERATOR_FEE,
  ];
  readonly funds: OpStackFunds;
  readonly history;
  readonly #nodes: PerChain<Node>;
  readonly #fees: L2Fees;
  readonly #portal: PortalWay;
  readonly #sent = perChain((chain) => oncePer((receipt: SendingReceipt) => this.#sentIn(chain, receipt)));
  readonly #ways: readonly Way[];
  /** What is odd about what is proposed on L1, until a block is read that it can be told with. */
  readonly #oddities: string[];

  private constructor(
    setup: BridgeSetup,
    parts: Pick<OpStackBridge, "contracts" | "minimumGas" | "metering" | "withdrawals" | "fast">,
    oddities: string[],
  ) {
    const { nodes } = setup;
    const { contracts, minimumGas } = parts;
    const feeFor = (chain: Chain, gas: bigint): bigint =>
      gas * setup.gasPrice(chain) + this.feeOnGas(chain, gas);
    this.#fees = new L2Fees(nodes[2], PREDEPLOYS.gasPriceOracle);
    this.contracts = contracts;
    this.minimumGas = minimumGas;
    this.metering = parts.metering;
    this.withdrawals = parts.withdrawals;
    this.fast = parts.fast;
    this.#nodes = nodes;
    this.#oddities = oddities;
    const messenger = new MessengerWay({ nodes, contracts });
    this.#portal = new PortalWay({ nodes, contracts });
    this.#ways = [messenger, this.#portal, ...(this.fast === undefined ? [] : [this.fast])];
    this.assets = [balanceAsset(nodes), ...tokenAssets(nodes, contracts)];
    this.funds = new OpStackFunds({ nodes, contracts, minimumGas, failed: messenger.failed, feeFor });
    this.history = historyOf(this.#ways);
  }

  static async open(setup: BridgeSetup): Promise<OpStackBridge> {
    const { nodes, clock } = setup;
    const contracts = new Contracts(opStackAddresses(setup.addresses));
    const { fastBridge } = contracts;
    const oddities: string[] = [];
    const warn = (line: string): void => void oddities.push(line);
    const [minimumGas, withdrawals, fast] = await Promise.all([
      MinimumGas.open(nodes, contracts),
      Withdrawals.open({ nodes, contracts, clock, patience: setup.patience, warn }),
      fastBridge === undefined ? undefined : FastWay.open({ nodes, contracts: fastBridge, clock }),
    ]);
    const metering = await Metering.open(nodes[1], contracts, minimumGas);
    const parts = { contracts, minimumGas, metering, withdrawals, fast };
    const bridge = new OpStackBridge(setup, parts, oddities);
    await bridge.#fees.read();
    return bridge;
  }

  reader(chain: Chain): BridgeReader {
    const sources = this.#ways.flatMap((way) => way.interest(chain));
    return {
      interest: {
        addresses: unique(sources.map(({ address }) => address.toLowerCase())),
        topics: unique(sources.map(({ topic }) => topic)),
      },
      readFees: chain === 1 ? () => [] : readFees,
      arrivals: (facts, warn) => this.#arrivals(chain, facts, warn),
      awaited: chain === 2 ? this.#portal.awaited : undefined,
      atHead: async (block) => {
        // What may be deposited in the fast bridge, and what has to stay behind for fees.
        await Promise.all([
          this.fast?.limits.read(chain, block),
          chain === 2 ? this.#fees.refresh(block) : undefined,
        ]);
      },
    };
  }

  #arrivals(chain: Chain, facts: BlockFacts, warn: (line: string) => void) {
    if (chain === 1) for (const line of this.#oddities.splice(0)) warn(line);
    return this.#ways
      .flatMap((way) => way.arrivals(chain, facts, warn))
      .sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  }

  sent(chain: Chain, receipt: SendingReceipt): Message | undefined {
    return this.#sent[chain](receipt);
  }

  #sentIn(chain: Chain, receipt: SendingReceipt): Message | undefined {
    for (const way of this.#ways) {
      const message = way.sent(chain, receipt);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  carryOn(chain: Chain, account: string, latest: () => Receipt | undefined): Steps | undefined {
    const logs = latest()?.logs ?? [];
    const [message] = sentMessages(chain, logs, this.contracts);
    const isWithdrawal = chain === 2 && withdrawalsIn(logs).length > 0;
    return message === undefined && !isWithdrawal
      ? undefined
      : this.#carriedOn(chain, account, latest, message, isWithdrawal);
  }

  /** A withdrawal goes its way, and what failed where it arrived is carried out once more. */
  async *#carriedOn(
    chain: Chain,
    account: string,
    latest: () => Receipt | undefined,
    message: CrossDomainMessage | undefined,
    isWithdrawal: boolean,
  ): Steps {
    if (isWithdrawal) yield* withdrawalSteps(this.withdrawals, account, latest);
    const sources = { nodes: this.#nodes, contracts: this.contracts };
    if (message !== undefined) yield* replaySteps(sources, otherChain(chain), message);
  }

  /** A payout is what was sent: the bridge keeps nothing. */
  terms(): undefined {
    return undefined;
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

  falseProposals(): readonly FalseProposal[] {
    return this.withdrawals.falseProposals();
  }

  figures(): Promise<BridgeFigures> {
    return openFigures(this.#nodes, this.contracts, this.withdrawals);
  }
}

const tokenAssets = (nodes: PerChain<Node>, { token }: Contracts): Asset[] =>
  token === undefined
    ? []
    : [
        {
          name: TOKENS,
          label: "tokens",
          isEther: false,
          chains: [1, 2],
          read: (account, chain, block) => tokenBalance(nodes[chain], token[chain], account, block),
        },
      ];

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
