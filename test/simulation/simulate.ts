import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAccounts } from "../../fixtures/accounts/accounts-log.ts";
import { startChainOf } from "../../fixtures/purse/funding.ts";
import { openCrossings } from "../../fixtures/recovery/in-flight.ts";
import { originsOf } from "../../fixtures/recovery/origins.ts";
import { type Recovery, recover } from "../../fixtures/recovery/recover.ts";
import { type LogPaths, logPaths } from "../../fixtures/run/logs.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import { runScenario } from "../../fixtures/run/scenario.ts";
import type { Stack } from "../../fixtures/stack/pair.ts";
import { type Chain, perChain, Stop } from "../../stress/engine/base/index.ts";
import type { WriteBytes } from "../../stress/journal/line-file.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import { ovm2 } from "../../stress/protocols/ovm2/index.ts";
import { parseTarget } from "../../targets/load.ts";
import { contracts } from "../fakes/contracts.ts";
import { networkOf } from "./world/carrier.ts";
import type { ProcessClock } from "./world/clock.ts";
import { Dice } from "./world/dice.ts";
import { SimNode } from "./world/node.ts";
import { drawWeather, type Weather } from "./world/weather.ts";
import { World } from "./world/world.ts";

/** How long children are driven, and how long it may take until all is over. Virtual milliseconds. */
const LOAD_MS = 20_000;
const MOST_MS = 3 * 3_600_000;

/** How often a recovery is started again, where one does not bring everything back. */
const RECOVERIES = 5;

/** What is not as usual about where logs are written. */
export interface Disk {
  readonly write?: WriteBytes;
  readonly runFolder?: LogPaths["runFolder"];
}

/** What a simulated run came to. */
export interface Simulated {
  readonly seed: number;
  readonly weather: Weather;
  readonly world: World;
  /** Undefined where the process was killed, or the run ended in an error. */
  readonly result: RunResult | undefined;
  /** The error that the run ended in, after it gave everything back. */
  readonly thrown: unknown;
  /** Of the last recovery, where one was needed. */
  readonly recovery: Recovery | undefined;
  /** Addresses of the run's children. */
  readonly children: readonly string[];
  readonly opLog: string;
  readonly printed: readonly string[];
}

/** The address book of the simulated bridge, by the names that targets have for it. */
const ADDRESSES = {
  Proxy__L1LiquidityPool: contracts.addresses.l1Pool,
  Proxy__L2LiquidityPool: contracts.addresses.l2Pool,
  Proxy__L1StandardBridge: contracts.addresses.l1Bridge,
  Proxy__L1CrossDomainMessenger: contracts.addresses.l1Messenger,
  Proxy__L1CrossDomainMessengerFast: contracts.addresses.fastMessenger,
  CanonicalTransactionChain: contracts.addresses.ctc,
  StateCommitmentChain: contracts.addresses.scc,
};

const endpointOf = (chain: Chain): string => `http://l${chain}`;

/**
 * A run, and what it takes to bring everything back after it, in the world of a seed.
 *
 * @param disk where logs are written otherwise than elsewhere
 */
export async function simulate(seed: number, weather?: Weather, disk: Disk = {}): Promise<Simulated> {
  const dice = new Dice(seed);
  const drawn = weather ?? drawWeather(dice.apart("weather"));
  const folder = mkdtempSync(join(tmpdir(), "rollup-simulation-"));
  try {
    return await new Simulation(seed, drawn, dice, folder, disk).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Simulation {
  readonly #seed: number;
  readonly #weather: Weather;
  readonly #dice: Dice;
  readonly #world: World;
  readonly #logs: LogPaths;
  readonly #printed: string[] = [];
  readonly #target;
  readonly #stack: Stack;
  readonly #disk: Disk;
  #thrown: unknown;

  constructor(seed: number, weather: Weather, dice: Dice, folder: string, disk: Disk) {
    this.#disk = disk;
    this.#seed = seed;
    this.#weather = weather;
    this.#dice = dice;
    this.#world = new World(weather, dice);
    const logs = logPaths(folder);
    this.#logs = { ...logs, ...(disk.runFolder === undefined ? {} : { runFolder: disk.runFolder }) };
    const { funder } = this.#world;
    this.#target = parseTarget(
      JSON.stringify({
        name: "simulated",
        l1: { endpoint: endpointOf(1) },
        l2: { endpoint: endpointOf(2) },
        addresses: ADDRESSES,
        funder: { key: funder.revealKey() },
        shares: { l1: { AL: 10, RL: 30, FO: 25, SO: 20 }, l2: { AL: 10, RL: 30, FX: 25, SX: 15 } },
        funding: { poolMinimumEth: 5, perChildEth: 1 },
        limits: { toleratedFailures: 0 },
      }),
      "simulated.json",
      {},
    );
    const { place } = this.#target;
    if (place.kind !== "endpoints") throw new Error("the simulated target has endpoints");
    this.#stack = { chains: place.chains, addresses: place.addresses, origin: "a simulation" };
  }

  async run(): Promise<Simulated> {
    const result = await this.#drive();
    const recovery = result?.clean === true ? undefined : await this.#recover();
    this.#world.end();
    const children = (await readAccounts(this.#logs.accounts("simulated"), undefined, {})).map(
      ({ address }) => address,
    );
    return {
      seed: this.#seed,
      weather: this.#weather,
      world: this.#world,
      result,
      thrown: this.#thrown,
      recovery,
      children,
      opLog: readFileSync(this.#logs.opLog, "utf8"),
      printed: this.#printed,
    };
  }

  /** The network of one process, whose exchanges are counted. */
  #network(clock: ProcessClock, label: string, onExchange: () => void = () => undefined) {
    const dice = this.#dice.apart(label);
    const nodes = perChain(
      (chain) => new SimNode(this.#world.chains[chain], this.#weather.nodes, dice.apart(`node ${chain}`)),
    );
    const nodeOf = (host: string): SimNode => nodes[host === "l1" ? 1 : 2];
    return networkOf(clock, nodeOf, this.#weather.line, dice, onExchange);
  }

  /** undefined where the process was killed. */
  async #drive(): Promise<RunResult | undefined> {
    const clock = this.#world.process();
    const killed = Promise.withResolvers<undefined>();
    let exchanges = 0;
    const network = this.#network(clock, "run", () => {
      exchanges++;
      if (exchanges !== this.#weather.killAfter) return;
      clock.kill();
      killed.resolve(undefined);
    });
    const stage = {
      target: this.#target,
      stack: this.#stack,
      control: new Stop(),
      logs: this.#logs,
      print: (line: string) => void this.#printed.push(line),
      network,
      ...(this.#disk.write === undefined ? {} : { write: this.#disk.write }),
    };
    const { limits, funding, shares } = this.#target;
    const running = runScenario(stage, {
      scenario: "simulated",
      seed: this.#seed,
      children: 4,
      protocol: ovm2,
      startChainOf: (child) => startChainOf(0, child),
      shares,
      duration: LOAD_MS,
      operations: Number.POSITIVE_INFINITY,
      dispatchInterval: 0,
      minimumBalance: funding.minimumBalance,
      limits,
    }).catch((error: unknown) => {
      this.#thrown = error;
      return undefined;
    });
    return this.#world.time.until(Promise.race([running, killed.promise]), MOST_MS);
  }

  async #recover(): Promise<Recovery> {
    for (let attempt = 1; ; attempt++) {
      const clock = this.#world.process();
      const network = this.#network(clock, `recovery ${attempt}`);
      const opLog = new OpLog(this.#logs.opLog, { write: this.#disk.write, isNeeded: false });
      const recovering = async (): Promise<Recovery> => {
        const accounts = await readAccounts(this.#logs.accounts("simulated"), undefined, {});
        const crossings = await openCrossings(this.#logs.opLog, originsOf(ovm2));
        const say = (line: string): void => void this.#printed.push(line);
        return recover(this.#target, this.#stack, {
          accounts,
          crossings,
          opLog,
          waitMs: 120_000,
          say,
          network,
        });
      };
      const recovery = await this.#world.time.until(recovering(), MOST_MS);
      opLog.close();
      const isBack = recovery.inFlight.length + recovery.problems.length === 0 && recovery.funderLeft === 0n;
      const isWhole = recovery.accounts.every(({ problems }) => problems.length === 0);
      if ((isBack && isWhole) || attempt === RECOVERIES) return recovery;
    }
  }
}
