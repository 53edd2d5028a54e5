import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAccounts } from "../../fixtures/accounts/accounts-log.ts";
import { startChainOf } from "../../fixtures/purse/funding.ts";
import { openCrossings } from "../../fixtures/recovery/in-flight.ts";
import { justClosedCrossings } from "../../fixtures/recovery/just-closed.ts";
import { originsOf } from "../../fixtures/recovery/origins.ts";
import { type Recovery, recover } from "../../fixtures/recovery/recover.ts";
import { type LogPaths, logPaths } from "../../fixtures/run/logs.ts";
import type { RunResult } from "../../fixtures/run/run-result.ts";
import { runScenario } from "../../fixtures/run/scenario.ts";
import type { Stack } from "../../fixtures/stack/pair.ts";
import { perChain, Stop, StressError } from "../../stress/engine/base/index.ts";
import { OpLog } from "../../stress/journal/op-log.ts";
import type { Target } from "../../targets/target.ts";
import type { Setting, Simulated } from "./simulated.ts";
import { steadyMeter } from "../fakes/steady-meter.ts";
import { networkOf } from "./world/carrier.ts";
import type { ProcessClock } from "./world/clock.ts";
import { Dice } from "./world/dice.ts";
import { SimDisk } from "./world/disk.ts";
import { SimNode } from "./world/node.ts";
import { PROTOCOLS, type SimProtocol } from "./world/protocols.ts";
import { drawWeather, type Weather } from "./world/weather.ts";
import { World } from "./world/world.ts";

/** How long it may take until all is over. Virtual milliseconds. */
const MOST_MS = 3 * 3_600_000;

/** How often a recovery is started again, where one does not bring everything back. */
const RECOVERIES = 6;

/** Before it is started again. Virtual milliseconds. */
const BETWEEN_RECOVERIES_MS = 30_000;

/** Where logs are: in memory, if there is such a place, as the simulated processes wait for no disk. */
const FOLDERS = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A run, and what it takes to bring everything back after it, in the world of a seed. */
export async function simulate(seed: number, setting: Setting = {}): Promise<Simulated> {
  const folder = mkdtempSync(join(FOLDERS, "rollup-simulation-"));
  try {
    return await new Simulation(seed, setting, folder).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Simulation {
  readonly #seed: number;
  readonly #weather: Weather;
  readonly #protocol: SimProtocol;
  readonly #setting: Setting;
  readonly #dice: Dice;
  readonly #world: World;
  readonly #disk: SimDisk;
  readonly #logs: LogPaths;
  readonly #printed: string[] = [];
  readonly #target: Target;
  readonly #stack: Stack;
  #thrown: unknown;

  constructor(seed: number, setting: Setting, folder: string) {
    this.#seed = seed;
    this.#setting = setting;
    this.#dice = new Dice(seed);
    this.#weather = setting.weather ?? drawWeather(this.#dice.apart("weather"));
    this.#protocol = PROTOCOLS[setting.protocol ?? "ovm2"];
    this.#world = new World(this.#weather, this.#dice, this.#protocol.rollupOf, setting.chosen);
    this.#disk = new SimDisk(this.#weather.diskRoom, setting.write);
    this.#logs = { ...logPaths(folder), ...(setting.runFolder && { runFolder: setting.runFolder }) };
    this.#target = this.#protocol.targetOf(this.#world.funder);
    const { place } = this.#target;
    if (place.kind !== "endpoints") throw new Error("the simulated target has endpoints");
    this.#stack = { chains: place.chains, addresses: place.addresses, origin: "a simulation" };
  }

  async run(): Promise<Simulated> {
    const result = await this.#drive();
    const { crossings } = this.#world.rollup;
    // What a reorganisation took back after the last look is nobody's but a recovery's.
    const isOver = result?.clean === true && !this.#world.isJustReorganised;
    const recovery = isOver ? undefined : await this.#recover();
    this.#world.end();
    const children = (await readAccounts(this.#logs.accounts("simulated"), undefined, {})).map(
      ({ address }) => address,
    );
    return {
      seed: this.#seed,
      weather: this.#weather,
      world: this.#world,
      wasDiskFull: this.#disk.wasFull,
      result,
      crossings,
      thrown: this.#thrown,
      recovery,
      children,
      opLog: readFileSync(this.#logs.opLog, "utf8"),
      printed: this.#printed,
    };
  }

  /** The network of one process. */
  #network(clock: ProcessClock, label: string) {
    const [world, weather, dice] = [this.#world, this.#weather, this.#dice.apart(label)];
    const { hazards, time } = world;
    const nodes = perChain(
      (chain) =>
        new SimNode(world.chains[chain], weather, hazards, dice.apart(`node ${chain}`), () => time.now),
    );
    return networkOf(clock, (host) => {
      const chain = host === "l1" ? 1 : 2;
      const isSilent = (): boolean => world.isSilent(chain);
      return { node: nodes[chain], clock, weather, hazards, dice: dice.apart(host), isSilent };
    });
  }

  /** undefined where the process was killed. */
  async #drive(): Promise<RunResult | undefined> {
    const clock = this.#world.process(this.#weather.killAfter[0]);
    const network = this.#network(clock, "run");
    const stage = {
      target: this.#target,
      stack: this.#stack,
      control: new Stop(),
      logs: this.#logs,
      print: (line: string) => void this.#printed.push(line),
      // Whole lines, as the logs have them.
      columns: () => Number.POSITIVE_INFINITY,
      network,
      write: this.#disk.writer(clock),
      meter: steadyMeter(),
    };
    const { limits, funding, shares } = this.#target;
    const { inFlight = 1 } = this.#setting;
    const running = runScenario(stage, {
      scenario: "simulated",
      seed: this.#seed,
      children: this.#setting.children ?? 4,
      inFlight,
      protocol: this.#protocol.protocol,
      startChainOf: (child) => startChainOf(0, child),
      shares: inFlight === 1 ? shares : { 1: {}, 2: {} },
      duration: this.#setting.loadMs ?? 20_000,
      operations: Number.POSITIVE_INFINITY,
      dispatchInterval: 0,
      minimumBalance: funding.minimumBalance,
      limits,
    }).catch((error: unknown) => {
      this.#thrown = error;
      return undefined;
    });
    return this.#world.time.until(Promise.race([running, clock.killed]), MOST_MS);
  }

  async #recover(): Promise<Recovery> {
    let attempt = 1;
    for (; ; attempt++) {
      if (attempt > 1) this.#disk.free();
      const recovery = await this.#recoverOnce(attempt).catch(unlessUnreachable);
      // What a reorganisation takes back after the last look of one is the next one's, too.
      const isOver = attempt >= RECOVERIES || !this.#world.isJustReorganised;
      if (recovery !== undefined && isOver && (isWhole(recovery) || attempt >= RECOVERIES)) return recovery;
      await this.#world.time.pass(BETWEEN_RECOVERIES_MS);
    }
  }

  /** undefined where it was killed. */
  #recoverOnce(attempt: number): Promise<Recovery | undefined> {
    const clock = this.#world.process(this.#weather.killAfter[attempt]);
    const network = this.#network(clock, `recovery ${attempt}`);
    const recovering = async (): Promise<Recovery> => {
      const opLog = new OpLog(this.#logs.opLog, { write: this.#disk.writer(clock), isNeeded: false });
      const accounts = await readAccounts(this.#logs.accounts("simulated"), undefined, {});
      const originOf = originsOf(this.#protocol.protocol);
      const open = await openCrossings(this.#logs.opLog, originOf);
      const crossings = [...open, ...(await justClosedCrossings(this.#logs.opLog, originOf))];
      const say = (line: string): void => void this.#printed.push(line);
      const books = { accounts, crossings, opLog, waitMs: 120_000, say, network };
      return recover(this.#target, this.#stack, books).finally(() => opLog.close());
    };
    return this.#world.time.until(Promise.race([recovering(), clock.killed]), MOST_MS);
  }
}

/** An endpoint that is silent when a recovery begins is said to be so: the next one is begun later. */
function unlessUnreachable(error: unknown): undefined {
  if (!(error instanceof StressError) || error.code !== "ENDPOINT_UNREACHABLE") throw error;
}

/** Whether a recovery brought everything back. */
const isWhole = ({ inFlight, problems, funderLeft, accounts }: Recovery): boolean =>
  inFlight.length + problems.length === 0 &&
  funderLeft === 0n &&
  accounts.every((account) => account.problems.length === 0);
