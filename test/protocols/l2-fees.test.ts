import { toBeHex } from "ethers";
import { expect, test } from "vitest";
import { Node } from "../../stress/engine/rpc/index.ts";
import { GAS_PRICE_ORACLE } from "../../stress/protocols/fees.ts";
import { L2Fees } from "../../stress/protocols/l2-fees.ts";
import { FakeChain } from "../fakes/chain.ts";
import { addressOf } from "../fakes/contracts.ts";

const DATA = 1000n;
const OPERATOR = 7n;

test("what the operator charges is read once for all transfers that are asked about at once, and anew for those after them", async () => {
  const chain = new FakeChain();
  const asked: string[] = [];
  chain.answer("eth_call", (call) => {
    const { data } = call as { data: string };
    const name = GAS_PRICE_ORACLE.getFunction(data.slice(0, 10))?.name ?? "";
    asked.push(name);
    return toBeHex(name === "getL1Fee" ? DATA : OPERATOR, 32);
  });
  const fees = new L2Fees(new Node(chain), addressOf(1));
  const ofTen = () =>
    Promise.all(Array.from({ length: 10 }, (_, at) => fees.ofTransfer(addressOf(10 + at), 21_000n)));
  expect(await ofTen()).toEqual(Array.from({ length: 10 }, () => (DATA * 11n) / 10n + OPERATOR));
  expect(asked.toSorted()).toEqual([...Array.from({ length: 10 }, () => "getL1Fee"), ...OPERATORS]);
  await ofTen();
  expect(asked.filter((name) => name === "getOperatorFee")).toHaveLength(2 * OPERATORS.length);
});

/** The fee without gas and with a lot of it tell how it grows. */
const OPERATORS = ["getOperatorFee", "getOperatorFee"];
