import type { Answer } from "./node-behind.ts";
import type { Call } from "./kinds.ts";

/** The real endpoint behind a proxy. */
export class Upstream {
  readonly #url: string;

  /** @param url HTTP; a WebSocket's is taken for that of the same node over HTTP */
  constructor(url: string) {
    this.#url = url.replace(/^ws/, "http");
  }

  /** Hands calls on, and gives the node's answers in its order. */
  async forward(calls: readonly Call[]): Promise<Answer[]> {
    if (calls.length === 0) return [];
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(calls.length === 1 ? calls[0] : calls),
    });
    return [(await response.json()) as Answer | Answer[]].flat();
  }

  /** Asks something of the proxy's own. */
  async ask(method: string, params: readonly unknown[]): Promise<unknown> {
    const call = { jsonrpc: "2.0", id: "proxy", method, params };
    return (await this.forward([call]))[0]?.["result"];
  }
}
