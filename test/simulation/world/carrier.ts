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
import { RpcError, type SimNode } from "./node.ts";

/** What happens to messages on their way to a node and back, in parts of all messages. Milliseconds. */
export interface LineHabits {
  readonly latency: readonly [least: number, most: number];
  /** The request never comes to the node. */
  readonly lostRequest: number;
  /** The node does what it was asked, and nobody hears of it. */
  readonly lostAnswer: number;
  /** A message that takes as long as a client waits at most. */
  readonly late: number;
  /** Calls that are refused by a limit, in one of the words for it. */
  readonly busy: number;
  /** A gateway that sends each transaction twice, and passes the second answer on. */
  readonly twice: number;
}

/** Words of nodes and gateways for "not now". */
const BUSY_WORDS: readonly [string, number][] = [
  ["rate limit exceeded", -32_005],
  ["too many requests", 429],
];

/** Carries messages to a simulated node, as badly as the seed wants. */
export class SimCarrier implements Carrier {
  readonly #node: SimNode;
  readonly #clock: ProcessClock;
  readonly #habits: LineHabits;
  readonly #dice: Dice;
  readonly #timeout: number;
  /** Called before each exchange: where the process may be killed. */
  readonly #onExchange: () => void;

  constructor(
    node: SimNode,
    clock: ProcessClock,
    habits: LineHabits,
    dice: Dice,
    timeout: number,
    onExchange: () => void,
  ) {
    this.#node = node;
    this.#clock = clock;
    this.#habits = habits;
    this.#dice = dice;
    this.#timeout = timeout;
    this.#onExchange = onExchange;
  }

  async exchange(calls: readonly Call[]): Promise<Answers> {
    this.#onExchange();
    const { latency, lostRequest, lostAnswer, late } = this.#habits;
    const dice = this.#dice;
    const [there, back] = [dice.between(...latency), dice.between(...latency)];
    const isRequestLost = dice.chance(lostRequest);
    const isAnswerLost = dice.chance(lostAnswer);
    const isLate = dice.chance(late);
    await this.#clock.sleep(there);
    if (this.#clock.isDead) return new Promise(() => undefined);
    if (isRequestLost) throw new NoAnswer("connection reset");
    const answered = calls.map((call) => this.#answer(call));
    await this.#clock.sleep(isLate ? this.#timeout : back);
    if (isLate) throw new NoAnswer("time-out", `no answer within ${this.#timeout} ms`);
    if (isAnswerLost) throw new NoAnswer("connection reset");
    const answers = new Answers();
    answers.add(parseMessage(JSON.stringify(answered)));
    return answers;
  }

  #answer({ id, text }: Call): unknown {
    const { method, params } = JSON.parse(text) as { method: string; params: readonly unknown[] };
    try {
      if (this.#dice.chance(this.#habits.busy)) {
        const [words, code] = this.#dice.pick(BUSY_WORDS) ?? ["rate limit exceeded", -32_005];
        throw new RpcError(words, code);
      }
      const isTwice = method === "eth_sendRawTransaction" && this.#dice.chance(this.#habits.twice);
      if (isTwice) this.#node.answer(method, params);
      return { jsonrpc: "2.0", id, result: this.#node.answer(method, params) };
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
export const networkOf = (
  clock: ProcessClock,
  nodeOf: (host: string) => SimNode,
  habits: LineHabits,
  dice: Dice,
  onExchange: () => void,
): Network => ({
  clock,
  carrier: ({ host }, timeout) =>
    new SimCarrier(nodeOf(host), clock, habits, dice.apart(host), timeout, onExchange),
});
