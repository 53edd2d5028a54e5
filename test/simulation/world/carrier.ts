import {
  Answers,
  type Call,
  type Carrier,
  NoAnswer,
  parseMessage,
  type Network,
} from "../../../stress/engine/rpc/index.ts";
import type { ProcessClock } from "./clock.ts";
import type { Dice } from "./dice.ts";
import type { Hazards } from "./hazards.ts";
import type { SimNode } from "./node.ts";
import { RpcError } from "./rpc.ts";
import type { Weather } from "./weather.ts";
import { anyWords } from "./words.ts";

/** What lies between a process and an endpoint. */
export interface Line {
  readonly node: SimNode;
  readonly clock: ProcessClock;
  readonly weather: Weather;
  readonly hazards: Hazards;
  readonly dice: Dice;
  /** Whether the endpoint is silent now. */
  readonly isSilent: () => boolean;
}

/** What nodes and gateways mean that say "not now". */
const NOT_NOW = ["busy", "no answer", "behind"] as const;

/** Carries messages to a simulated node, as badly as the seed wants. */
export class SimCarrier implements Carrier {
  readonly #line: Line;
  readonly #timeout: number;

  /** @param timeout how long a client waits at most. Milliseconds */
  constructor(line: Line, timeout: number) {
    this.#line = line;
    this.#timeout = timeout;
  }

  async exchange(calls: readonly Call[]): Promise<Answers> {
    const { clock, dice, hazards, weather, isSilent } = this.#line;
    const [there, back] = [dice.between(...weather.latency), dice.between(...weather.latency)];
    const isRequestLost = hazards.strike("lostRequests") !== undefined;
    const isAnswerLost = hazards.strike("lostAnswers") !== undefined;
    const isLate = hazards.strike("late") !== undefined;
    await clock.sleep(there);
    if (isRequestLost) throw new NoAnswer("connection reset");
    if (isSilent()) throw new NoAnswer("connection refused");
    const answered = this.#message(calls);
    await clock.sleep(isLate ? this.#timeout : back);
    if (isLate) throw new NoAnswer("time-out", `no answer within ${this.#timeout} ms`);
    if (isAnswerLost) throw new NoAnswer("connection reset");
    const answers = new Answers();
    answers.add(parseMessage(JSON.stringify(answered)));
    return answers;
  }

  /** A batch that is too large is refused as a whole, or call by call from where it is. */
  #message(calls: readonly Call[]): unknown {
    const { dice, weather } = this.#line;
    const { batchLimit = calls.length } = weather;
    if (calls.length <= batchLimit) return calls.map((call) => this.#answer(call));
    const error = { code: -32_600, message: anyWords(["batch too large"], dice) };
    return dice.pick<() => unknown>([
      () => ({ jsonrpc: "2.0", id: null, error }),
      () => [],
      () => [{ jsonrpc: "2.0", id: null, error }],
      () =>
        calls.map((call, at) =>
          at < batchLimit ? this.#answer(call) : { jsonrpc: "2.0", id: call.id, error },
        ),
    ])();
  }

  #answer({ id, text }: Call): unknown {
    const { hazards, node } = this.#line;
    const { method, params } = JSON.parse(text) as { method: string; params: readonly unknown[] };
    try {
      const busy = hazards.strike("busy");
      if (busy !== undefined) throw new RpcError(anyWords(NOT_NOW, busy), busy.pick([-32_005, 429, -32_000]));
      const isTwice = method === "eth_sendRawTransaction" && hazards.strike("twice") !== undefined;
      if (isTwice) node.answer(method, params);
      return { jsonrpc: "2.0", id, result: node.answer(method, params) };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { jsonrpc: "2.0", id, error: { code: error.code, message: error.message } };
    }
  }

  close(): void {
    // Nothing is open between two messages.
  }
}

/** The network of one process: each chain has its own host, `http://l1` and `http://l2`. */
export const networkOf = (clock: ProcessClock, lineTo: (host: string) => Line): Network => ({
  clock,
  carrier: ({ host }, timeout) => new SimCarrier(lineTo(host), timeout),
});
