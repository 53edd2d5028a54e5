import { childField } from "../journal/op-log.ts";
import { Abandoned, every, gwei, reasonOf, seconds, unlessAborted } from "../engine/base/index.ts";
import { type Engine, hashOf, type Run, type UnderWay } from "../engine/run/index.ts";
import { generatorLines } from "./generator-lines.ts";
import { loadLines } from "./load-lines.ts";
import type { BridgeFigures, BridgeStatus } from "../protocols/protocol.ts";

/** Slow operations named in one warning. */
const MOST_NAMED = 5;

const HOUR_MS = 3_600_000;

/** Milliseconds that the last report waits for what the bridge has to say. */
const PATIENCE_MS = 5000;

/** What a run reports about itself while it goes on, as the predecessor did. */
export class Statistics {
  readonly #run: Run;
  readonly #engine: Pick<Engine, "clock" | "watchers">;
  readonly #bridge: BridgeFigures;
  readonly #say: (line: string) => void;
  readonly #heard: (levels: BridgeStatus["levels"]) => void;

  /** @param heard is told what the bridge keeps, each time that it is asked for */
  constructor(
    run: Run,
    engine: Pick<Engine, "clock" | "watchers">,
    bridge: BridgeFigures,
    say: (line: string) => void,
    heard: (levels: BridgeStatus["levels"]) => void = () => undefined,
  ) {
    this.#run = run;
    this.#engine = engine;
    this.#bridge = bridge;
    this.#say = say;
    this.#heard = heard;
  }

  /** Reports at this interval in milliseconds; the returned function ends it, what is still being asked for included. */
  every(intervalMs: number): () => void {
    const ended = new AbortController();
    const say = (line: string): void => this.#say(line);
    const end = every(
      this.#engine.clock,
      intervalMs,
      () => this.#report(ended.signal),
      (error) => say(`WARNING no statistics now: ${reasonOf(error)}`),
    );
    return () => {
      end();
      ended.abort();
    };
  }

  /** Reports now: what the endpoints tell within some seconds. A run that ends does not wait for more. */
  async report(): Promise<void> {
    await this.#report(this.#engine.clock.alarm(PATIENCE_MS));
  }

  /** @param signal ends the waiting for endpoints; nothing is said from then on: the logs may be closed */
  async #report(signal: AbortSignal): Promise<void> {
    try {
      const ofBridge = await unlessAborted(this.#bridge.statistics(), signal);
      for (const line of this.#lines(ofBridge.line)) this.#say(line);
      this.#heard(ofBridge.levels);
    } catch (error) {
      if (error instanceof Abandoned) return;
      // The watchers decide when an endpoint is dead; a report may miss.
      this.#say(`WARNING no statistics now: ${reasonOf(error)}`);
    }
  }

  #lines(ofBridge: string): string[] {
    const { clock, watchers } = this.#engine;
    const { lanes, census, performed, startedAt, stop, plan, load, generator } = this.#run;
    const now = clock.now();
    const open = [...census.underWay(now)];
    const waiting = (what: string): number => open.filter((one) => one.open.waitingFor === what).length;
    const ran = now - startedAt;
    const slow = open.filter(({ age }) => age > plan.limits.slowAfter);
    return [
      `${performed} operations in ${seconds(ran)} (${Math.round((performed * HOUR_MS) / ran)} an hour)`,
      `  ${ofBridge}`,
      `  gas price L1 ${gwei(watchers[1].head.gasPrice)} L2 ${gwei(watchers[2].head.gasPrice)} gwei, ` +
        `waiting for a receipt ${waiting("receipt")}, for a payout ${waiting("payout")}, ` +
        `ready ${census.count("ready") + waiting("submission")}, idle ${census.count("idle")}, longest wait ${seconds(open[0]?.age ?? 0)}, ` +
        `stop level ${stop.level}, done ${census.count("done")}/${lanes.length}`,
      ...loadLines(load.figures).map((line) => `  ${line}`),
      ...(generator === undefined ? [] : generatorLines(generator)).map((line) => `  ${line}`),
      ...(slow.length === 0
        ? []
        : [`  SLOW: ${slow.slice(0, MOST_NAMED).map(nameOf).join(", ")}${more(slow.length)}`]),
    ];
  }

  /** Each open operation with all that is known of it: what a second Ctrl-C prints. */
  reportOpen(say: (line: string) => void): void {
    const open = [...this.#run.census.underWay(this.#engine.clock.now())];
    say(`${open.length} operations are open:`);
    for (const { child, open: operation, age } of open) {
      const { code, chain, waitingFor, phases, message } = operation;
      const reached = phases.map((ms) => seconds(ms)).join(", ") || "none";
      say(
        `  child ${childField(child.number)} ${code} from chain ${chain}, on chain ${child.on}, for ${seconds(age)}, ` +
          `waits for its ${waitingFor}, phases ${reached}, tx ${hashOf(operation) ?? "-"}, message ${message ?? "-"}`,
      );
    }
  }
}

const nameOf = ({ child, open, age }: UnderWay): string =>
  `child ${childField(child.number)} ${open.code} waits ${seconds(age)} for its ${open.waitingFor}`;

const more = (count: number): string => (count > MOST_NAMED ? ` and ${count - MOST_NAMED} more` : "");
