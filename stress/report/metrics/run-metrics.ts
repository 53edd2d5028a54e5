import { formatEther } from "ethers";
import { CROSSING_CLASSES } from "../../engine/audit/index.ts";
import { CHAINS, type Chain, type GeneratorSpan } from "../../engine/base/index.ts";
import type {
  OperationDone,
  OperationRefused,
  OperationStarted,
  OperationSubmitted,
} from "../../engine/events.ts";
import { etherIn } from "../../engine/ledger/index.ts";
import { BlockTimes } from "../result/block-times.ts";
import { PathRecorder } from "../result/path-recorder.ts";
import type { OperationPath } from "../result/operation-path.ts";
import type { Observed, Onlooker } from "../onlooker.ts";
import { MetricBook, type MetricsJson, type PromClient } from "./metric-book.ts";

/** Two who ask at once are to see the same span of the driver, and none that is too short to say anything. Milliseconds. */
const SPAN_MS = 1000;

const STATES = ["unfunded", "ready", "idle", "busy", "done"] as const;

/** An operation that is under way. */
interface OpenOperation {
  readonly code: string;
  readonly chain: Chain;
  /** Whether its money is on its way to the other chain. */
  crosses: boolean;
}

/**
 * A run's figures as Prometheus wants them. What happens costs constant work, once for each event; what can be asked for is asked
 * for when somebody wants to see it.
 */
export class RunMetrics implements Onlooker {
  readonly #observed: Observed;
  readonly #book: MetricBook;
  readonly #open = new Map<number, OpenOperation>();
  /** Time of the last block that was read. Unix milliseconds. */
  readonly #headTimes = new Map<Chain, number>();
  readonly #unsubscribe: () => void;
  #span: GeneratorSpan;
  #spanSince: number;
  #isOver = false;

  constructor(prom: PromClient, observed: Observed) {
    this.#observed = observed;
    const { engine, run, meter, target, protocol } = observed;
    this.#book = new MetricBook(prom, { target, scenario: run.plan.scenario });
    this.#book.set("run_info", { protocol, seed: String(run.plan.seed) }, 1);
    this.#book.set("run_open", {}, 1);
    for (const name of CROSSING_CLASSES) this.#book.set("crossings", { class: name }, 0);
    this.#span = meter.open();
    this.#spanSince = engine.clock.now();
    const paths = { started: () => undefined, ended: (path: OperationPath) => this.#phases(path) };
    new PathRecorder(engine.clock, paths, new BlockTimes()).follow(engine.stream);
    this.#unsubscribe = this.#subscribe();
  }

  #subscribe(): () => void {
    const book = this.#book;
    return this.#observed.engine.stream.subscribe("report", {
      "operation started": (started) => this.#started(started),
      "operation submitted": (submitted) => this.#submitted(submitted),
      "operation refused": (refused) => this.#refused(refused),
      "operation done": (done) => this.#done(done),
      finding: ({ detector, count }) => book.add("findings_total", { detector }, count),
      outage: ({ chain }) => book.add("rpc_outages_total", { chain }),
      reorganisation: ({ chain, depth }) => {
        book.add("reorganisations_total", { chain });
        book.add("reorganised_blocks_total", { chain }, depth);
      },
      resent: ({ transaction: { chain }, how }) => book.add("transactions_resent_total", { chain, how }),
      "taken back": ({ transaction: { chain } }) => book.add("transactions_taken_back_total", { chain }),
      block: ({ chain, block: { timestamp } }) => {
        if (timestamp !== undefined) this.#headTimes.set(chain, timestamp);
      },
    });
  }

  #started({ operation, code, chain }: OperationStarted): void {
    this.#open.set(operation, { code, chain, crosses: false });
    this.#book.add("operations_started_total", { code, chain });
    this.#book.change("operations_running", { code, chain }, 1);
  }

  #submitted({ operation, chain }: OperationSubmitted): void {
    const open = this.#open.get(operation);
    if (open === undefined || open.crosses || open.chain === chain) return;
    open.crosses = true;
    this.#book.change("crossings", { class: "in flight" }, 1);
  }

  #refused({ child, code }: OperationRefused): void {
    const chain = this.#observed.run.lanes[child]?.on;
    if (chain !== undefined) this.#book.add("operations_refused_total", { code, chain });
  }

  #done({ operation, performed: { code, chain, outcome, steps } }: OperationDone): void {
    this.#book.add("operations_ended_total", { code, chain, outcome: outcome.kind });
    this.#book.change("operations_running", { code, chain }, -1);
    const crosses = this.#open.get(operation)?.crosses ?? false;
    this.#open.delete(operation);
    // What nobody waits for any more is on its way all the same.
    if (!crosses || outcome.kind === "abandoned") return;
    this.#book.change("crossings", { class: "in flight" }, -1);
    for (const { end } of steps) {
      if (end === undefined) continue;
      this.#book.change("crossings", { class: end.kind === "paid" ? "paid once" : end.kind }, 1);
    }
  }

  /** Times of failures would mix with times of what worked. */
  #phases({ code, from: chain, outcome, phases }: OperationPath): void {
    if (outcome !== "succeeded") return;
    for (const [phase, ms] of phases)
      this.#book.observe("operation_phase_seconds", { code, chain, phase }, ms / 1000);
  }

  levels(levels: Readonly<Record<string, bigint>>): void {
    for (const [name, wei] of Object.entries(levels))
      this.#book.set("bridge_balance_ether", { name }, etherOf(wei));
  }

  injected(faults: readonly { readonly fault: string }[]): void {
    for (const { fault } of faults) this.#book.add("injected_faults_total", { fault });
  }

  audited({ counts }: Parameters<NonNullable<Onlooker["audited"]>>[0]): void {
    for (const name of CROSSING_CLASSES) this.#book.set("crossings", { class: name }, counts[name]);
  }

  async ended(): Promise<void> {
    this.#look();
    this.#book.set("run_open", {}, 0);
    this.#isOver = true;
    this.#unsubscribe();
    this.#span.close();
  }

  /** All metrics as they are now; of a run that is over as they were at its end. */
  json(): Promise<MetricsJson> {
    if (!this.#isOver) this.#look();
    return this.#book.json();
  }

  /** Looks at what is counted elsewhere. */
  #look(): void {
    const { run } = this.#observed;
    const book = this.#book;
    book.set("run_stop_level", {}, run.stop.level);
    for (const state of STATES) book.set("children", { state }, run.census.count(state));
    for (const name of ["rpc_calls_total", "rpc_errors_total", "rpc_repeated_calls_total"] as const)
      book.restart(name);
    for (const chain of CHAINS) {
      this.#lookAtChain(chain);
      this.#lookAtTraffic(chain);
    }
    this.#lookAtDriver();
  }

  #lookAtChain(chain: Chain): void {
    const { watchers, transactions, clock, ledger, funder, assets } = this.#observed.engine;
    const book = this.#book;
    const { readTo, head } = watchers[chain];
    book.set("chain_block_height", { chain }, readTo);
    book.set("chain_gas_price_wei", { chain }, Number(head.gasPrice));
    const made = this.#headTimes.get(chain);
    if (made !== undefined)
      book.set("chain_head_age_seconds", { chain }, Math.max(0, clock.now() - made) / 1000);
    book.set("transactions_waiting", { chain }, transactions.count(chain));
    // Before its account is taken up the books have nothing of it.
    const page = ledger.page(funder.address, chain);
    if (page !== undefined) book.set("funder_balance_ether", { chain }, etherOf(etherIn(page.now, assets)));
  }

  #lookAtTraffic(chain: Chain): void {
    const { traffic } = this.#observed.engine.nodes[chain];
    const book = this.#book;
    book.add("rpc_repeated_calls_total", { chain }, traffic.snapshot().repeated);
    for (const { endpoint, calls, errors, waiting, underWay } of traffic.endpoints) {
      for (const [method, count] of calls) book.add("rpc_calls_total", { chain, endpoint, method }, count);
      for (const [kind, count] of errors) book.add("rpc_errors_total", { chain, endpoint, kind }, count);
      book.set("rpc_calls_waiting", { chain, endpoint }, waiting);
      book.set("rpc_calls_under_way", { chain, endpoint }, underWay);
    }
  }

  /** The driver's own limits since it was last looked at. */
  #lookAtDriver(): void {
    const { engine, meter } = this.#observed;
    const now = engine.clock.now();
    if (now - this.#spanSince < SPAN_MS) return;
    const { delayP99, busy, cpu } = this.#span.figures();
    this.#span.close();
    this.#span = meter.open();
    this.#spanSince = now;
    this.#book.set("driver_event_loop_delay_seconds", {}, delayP99 / 1000);
    this.#book.set("driver_event_loop_busy_ratio", {}, busy);
    this.#book.set("driver_cpu_ratio", {}, cpu);
  }
}

/** As near as a floating-point number comes: what Prometheus keeps. */
const etherOf = (wei: bigint): number => Number(formatEther(wei));
