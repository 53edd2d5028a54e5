import { toQuantity } from "ethers";
import { askAll } from "./json-rpc.ts";

/** Blocks that are asked for in one request. */
const IN_A_REQUEST = 50;

/** When a chain's blocks could first be asked for, as it tells a subscriber of theirs. */
export class HeadTimes {
  readonly #url: string;
  readonly #socket: WebSocket;
  /** Unix milliseconds by block number. */
  readonly #toldAt = new Map<number, number>();

  private constructor(url: string, socket: WebSocket) {
    this.#url = url;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { params } = JSON.parse(String(data)) as { params?: { result: { number: string } } };
      if (params !== undefined) this.#toldAt.set(Number(params.result.number), Date.now());
    });
  }

  /** @param url of the chain's JSON-RPC over HTTP, which takes WebSockets at the same port */
  static async open(url: string): Promise<HeadTimes> {
    const socket = new WebSocket(url.replace(/^http/, "ws"));
    const times = new HeadTimes(url, socket);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", reject, { once: true });
    });
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
    return times;
  }

  close(): void {
    this.#socket.close();
  }

  /** When each transaction's block was told, by the transaction's hash. Unix milliseconds. */
  async includedAt(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    const told = [...this.#toldAt];
    for (let at = 0; at < told.length; at += IN_A_REQUEST) {
      const some = told.slice(at, at + IN_A_REQUEST);
      const blocks = await askAll(
        this.#url,
        some.map(([number]) => ["eth_getBlockByNumber", [toQuantity(number), false]] as const),
      );
      for (const [index, block] of blocks.entries())
        for (const hash of (block as { transactions: readonly string[] }).transactions)
          found.set(hash, some[index]?.[1] ?? 0);
    }
    return found;
  }
}
