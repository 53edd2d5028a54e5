import { toBeHex } from "ethers";
import { expect, test } from "vitest";
import { Node } from "../../stress/engine/rpc/index.ts";
import { GAS_PRICE_ORACLE } from "../../stress/protocols/fees.ts";
import { L2Fees } from "../../stress/protocols/l2-fees.ts";
import { FakeChain } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";

const DATA = 1000n;
const OPERATOR = 7n;

/** Fees of a chain, and the oracle's functions that it was asked for. */
function feesAsked() {
  const chain = new FakeChain();
  const asked: string[] = [];
  chain.answer("eth_call", (call) => {
    const { data } = call as { data: string };
    const name = GAS_PRICE_ORACLE.getFunction(data.slice(0, 10))?.name ?? "";
    asked.push(name);
    return toBeHex(name === "getL1Fee" ? DATA : OPERATOR, 32);
  });
  const fees = new L2Fees(new Node(chain), addressOf(1));
  const ofTen = (to: (at: number) => string): Promise<bigint[]> =>
    Promise.all(Array.from({ length: 10 }, (_, at) => fees.ofTransfer(to(at), 21_000n)));
  return { asked, ofTen };
}

const TEN_FEES = Array.from({ length: 10 }, () => (DATA * 11n) / 10n + OPERATOR);

/** The fee without gas and with a lot of it tell how it grows. */
const OPERATORS = ["getOperatorFee", "getOperatorFee"];

test("what the operator charges is read once for all transfers that are asked about at once, and anew for those after them", async () => {
  const { asked, ofTen } = feesAsked();
  const toEach = (at: number): string => addressOf(10 + at);
  expect(await ofTen(toEach)).toEqual(TEN_FEES);
  expect(asked.toSorted()).toEqual([...Array.from({ length: 10 }, () => "getL1Fee"), ...OPERATORS]);
  await ofTen(toEach);
  expect(asked.filter((name) => name === "getOperatorFee")).toHaveLength(2 * OPERATORS.length);
});

test("what data costs is read once for all transfers to one account that are asked about at once, and anew for those after them", async () => {
  const { asked, ofTen } = feesAsked();
  expect(await ofTen(() => addressOf(10))).toEqual(TEN_FEES);
  expect(asked.toSorted()).toEqual(["getL1Fee", ...OPERATORS]);
  await ofTen(() => addressOf(10));
  expect(asked.filter((name) => name === "getL1Fee")).toHaveLength(2);
});
