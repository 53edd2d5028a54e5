import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";

/** A call as it comes over the wire. */
export interface WireCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type AnswerHttp = (
  calls: readonly WireCall[],
  response: ServerResponse,
  request: IncomingMessage,
) => void;
export type AnswerWebSocket = (calls: readonly WireCall[], socket: WebSocket) => void;

/** What a test's node does with a message. */
export interface Behaviour {
  /** Default: what `right` answers, as a good node does. */
  http?: AnswerHttp;
  /** Default likewise. */
  ws?: AnswerWebSocket;
  /** Refuses a WebSocket's handshake with these lines of HTTP; null: never answers it. */
  handshake?: string | null;
}

/** A JSON-RPC node on a free port that echoes each call's first parameter, or does as a test says. */
export interface TestNode {
  readonly url: string;
  readonly wsUrl: string;
  behaviour: Behaviour;
  /** How many calls each message had. */
  readonly batches: number[];
  /** Sockets opened so far. */
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

/** The right answer to a call. */
export const right = ({ id, params }: WireCall) => ({ jsonrpc: "2.0", id, result: params[0] ?? null });

/** The right answer to a message: a list where calls came as one. */
export const rightText = (calls: readonly WireCall[]): string =>
  JSON.stringify(calls.length === 1 && calls[0] !== undefined ? right(calls[0]) : calls.map(right));

/** Starts a node; it closes when the running test ends. */
export async function openNode(behaviour: Behaviour = {}, port = 0): Promise<TestNode> {
  const sockets = new Set<Socket>();
  const batches: number[] = [];
  const take = (message: string): WireCall[] => {
    const calls = [JSON.parse(message) as WireCall | WireCall[]].flat();
    batches.push(calls.length);
    return calls;
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const calls = take(body);
      if (node.behaviour.http !== undefined) node.behaviour.http(calls, response, request);
      else response.setHeader("content-type", "application/json").end(rightText(calls));
    });
  });
  server.on("connection", (socket) => sockets.add(socket));
  const webSockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    const { handshake } = node.behaviour;
    if (typeof handshake === "string") socket.end(handshake);
    else if (handshake === undefined)
      webSockets.handleUpgrade(request, socket, head, (ws) => webSockets.emit("connection", ws));
  });
  webSockets.on("connection", (ws) => {
    ws.on("message", (data: Buffer) => {
      const calls = take(data.toString());
      if (node.behaviour.ws !== undefined) node.behaviour.ws(calls, ws);
      else ws.send(rightText(calls));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const node: TestNode = {
    url: `http://${host}`,
    wsUrl: `ws://${host}`,
    behaviour,
    batches,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  onTestFinished(() => node.close());
  return node;
}
