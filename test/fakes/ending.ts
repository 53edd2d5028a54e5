import { carryOnNotArrived } from "../../fixtures/run/carry-on-not-arrived.ts";
import type { Engine } from "../../stress/engine/run/index.ts";
import { type SentTransaction, transfer } from "../../stress/engine/transactions/index.ts";
import type { Step, StepEnd, Steps } from "../../stress/protocols/operation.ts";
import { withdrawal } from "./auditing.ts";
import { eventsOf } from "./bridge.ts";
import { GWEI, hashOf } from "./chain.ts";
import { addressOf } from "./contracts.ts";
import { crossing, MESSENGER } from "./crossings.ts";
import { idOf, relayed, sent } from "./events.ts";
import { other, reconciling } from "./reconciling.ts";
import { hurry, wakeAll } from "./timers.ts";

const AMOUNT = 1000n;
const PLAN = { to: addressOf(90), data: "0x01", value: 0n, moves: [] };
export const note = { name: "finalize" };
const SEND = { kind: "send", chain: 1, plan: PLAN, note, mayFail: true } as const satisfies Step;

/**
 * A run at whose end a child has made slow exits. What the bridge has it do for one more is one transaction on L1.
 *
 * @param gas that this one is sent with; what it is estimated to take, where nothing is said
 */
export async function ending(gas?: bigint) {
  const { engine: opened, chains } = await reconciling();
  chains[1].answer("eth_sendRawTransaction", (...params) => {
    const hash = chains[1].real("eth_sendRawTransaction", params);
    chains[1].minePending({ price: GWEI });
    return hash;
  });
  const carried: string[] = [];
  const ends: StepEnd[] = [];
  async function* steps(account: string): Steps {
    carried.push(account);
    ends.push(yield gas === undefined ? SEND : { ...SEND, plan: { ...PLAN, gas } });
  }
  const bridge: Engine["bridge"] = Object.create(opened.bridge, {
    carryOn: { value: (_chain: number, account: string) => steps(account) },
  });
  const engine: Engine = { ...opened, bridge };
  const signed = eventsOf(engine.stream, "signed");

  /** A slow exit of the child's whose deposit is mined, and sends this message. */
  const exit = async (number: number, takes?: number): Promise<SentTransaction> => {
    const purpose = { kind: "operation", operation: 0, child: 0, code: "SX", note: undefined } as const;
    const plan = transfer(addressOf(91), AMOUNT);
    const transaction = await hurry(engine.submitter.submit(other, 2, plan, { purpose }));
    const sends = { way: crossing("SX").way, asset: "balance", amount: AMOUNT };
    const followed = takes === undefined ? sends : { ...sends, takes };
    engine.audit.follow({ transaction, crossing: followed, code: "SX", who: 0, startedAt: 0 });
    chains[2].minePending({ logs: [sent(MESSENGER[2], number)] });
    await wakeAll(2);
    return transaction;
  };
  const arrive = async (number: number): Promise<void> => {
    const logs = [withdrawal(AMOUNT, other.address), relayed(MESSENGER[1], idOf(number))];
    chains[1].mine({ hash: hashOf(`relay ${number}`), logs });
    await wakeAll(2);
  };
  const lines: string[] = [];
  const carryOn = (hard = new AbortController().signal): Promise<number> => {
    signed.length = 0;
    const terms = { upTo: 60_000, hard, say: (line: string) => void lines.push(line) };
    return hurry(carryOnNotArrived(engine, [other], terms));
  };
  const sentOnL1 = (): unknown[] =>
    signed.map(({ transaction: { account, purpose } }) => [account.address === other.address, purpose]);
  /** A reorganisation takes the newest blocks of L1 back. */
  const takeBack = async (depth = 1): Promise<void> => {
    chains[1].fork(depth);
    for (let block = 0; block <= depth; block++) chains[1].mine();
    await wakeAll(3);
  };
  return { engine, chains, exit, arrive, takeBack, carryOn, carried, ends, lines, sentOnL1, signed };
}
