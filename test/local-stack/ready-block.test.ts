import { describe, expect, test } from "vitest";
import { ReadyBlock } from "../../fixtures/local-stack/ready-block.ts";

/** A chain whose receipts and blocks tell how often they were made, with somebody who asks for them. */
function chainAt(head: number) {
  const chain = { head, made: [] as string[], blocks: 0, fails: false };
  const receipts = new ReadyBlock(async (method, [block]) => {
    if (method === "eth_blockNumber") return `0x${chain.head.toString(16)}`;
    if (method === "eth_getBlockByNumber") {
      if (chain.fails) throw new Error("no block");
      return `${String(block)} read ${++chain.blocks}`;
    }
    if (method !== "eth_getBlockReceipts") return method;
    if (chain.fails) throw new Error("no receipts");
    chain.made.push(String(block));
    return [`${String(block)} made ${chain.made.length}`];
  });
  const ofBlock = (block: unknown) => receipts.ask("eth_getBlockReceipts", [block]);
  const blockAt = (block: unknown, whole = false) => receipts.ask("eth_getBlockByNumber", [block, whole]);
  /** The next block is mined, and shown. */
  const mine = async (): Promise<void> => {
    chain.head++;
    await receipts.read();
  };
  return { chain, receipts, ofBlock, blockAt, mine };
}

describe("the receipts of a new block", () => {
  test("are made once, before anybody sees it, where somebody asked for those of the block before", async () => {
    const { chain, ofBlock, mine } = chainAt(16);
    await ofBlock("0x10");
    await mine();
    expect(chain.made).toEqual(["0x10", "0x11"]);
    expect([await ofBlock("0x11"), await ofBlock("0x11")]).toEqual([["0x11 made 2"], ["0x11 made 2"]]);
  });

  test("are not made where nobody wants any, or nobody does any more", async () => {
    const { chain, ofBlock, mine } = chainAt(16);
    await mine();
    expect(chain.made).toEqual([]);
    await ofBlock("0x11");
    for (let block = 0; block < 10; block++) await mine();
    expect(chain.made).toEqual(["0x11", "0x12", "0x13", "0x14", "0x15"]);
  });

  test("are not made for who asks for blocks that are far from being there", async () => {
    const { chain, ofBlock, mine } = chainAt(16);
    await mine();
    await ofBlock("0xffffff");
    await mine();
    expect(chain.made).toEqual(["0xffffff"]);
  });

  test("are made anew where another block has its place", async () => {
    const { chain, receipts, ofBlock, mine } = chainAt(16);
    await ofBlock("0x10");
    await mine();
    await receipts.read();
    expect(await ofBlock("0x11")).toEqual(["0x11 made 3"]);
    chain.head = 16;
    await receipts.read();
    expect(await ofBlock("0x11")).toEqual(["0x11 made 5"]);
  });

  test("are not there where they cannot be made: who asks is told, and the chain goes on", async () => {
    const { chain, ofBlock, mine } = chainAt(16);
    await ofBlock("0x10");
    chain.fails = true;
    await mine();
    await expect(ofBlock("0x11")).rejects.toThrow("no receipts");
  });
});

describe("a new block", () => {
  test("is read once, before anybody sees it, where somebody asked for the head, and no longer than that", async () => {
    const { chain, receipts, blockAt, mine } = chainAt(16);
    await blockAt("latest");
    await mine();
    await blockAt("latest");
    const before = chain.blocks;
    await mine();
    expect([await blockAt("latest"), await blockAt("0x12")]).toEqual(["0x12 read 3", "0x12 read 3"]);
    expect([await receipts.ask("eth_blockNumber", []), chain.blocks - before]).toEqual(["0x12", 1]);
    for (let block = 0; block < 10; block++) await mine();
    expect(chain.blocks).toBe(before + 1 + 4);
  });

  test("is asked of the chain where it is wanted whole, or is not the newest, or could not be read", async () => {
    const { chain, blockAt, mine } = chainAt(16);
    await mine();
    await blockAt("latest");
    await mine();
    expect(await blockAt("latest", true)).toBe("latest read 3");
    expect(await blockAt("0x11")).toBe("0x11 read 4");
    chain.fails = true;
    await mine();
    await expect(blockAt("latest")).rejects.toThrow("no block");
  });
});

test("all else is asked of the chain", async () => {
  const { receipts, ofBlock, chain } = chainAt(16);
  expect(await receipts.ask("eth_chainId", [])).toBe("eth_chainId");
  await ofBlock("latest");
  await ofBlock({ blockHash: "0x12" });
  expect(chain.made).toEqual(["latest", "[object Object]"]);
});
