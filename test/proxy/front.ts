import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { type WebSocket, WebSocketServer } from "ws";
import type { Over } from "./kinds.ts";

/** Whoever sent a message, and what can be done to it. */
export interface Client {
  readonly over: Over;
  reply(body: string): void;
  /** Over HTTP alone. */
  status(code: number, headers: Readonly<Record<string, string>>, body: string): void;
  /** Breaks the connection at once. */
  drop(): void;
}

const HOST = "127.0.0.1";

/** Between two attempts to have a port back. Milliseconds. */
const PORT_PAUSE_MS = 20;

/** Takes messages over HTTP and WebSocket on one free port, which it can leave for a while and come back to. */
export class Front {
  readonly #onMessage: (message: string, client: Client) => void;
  readonly #sockets = new Set<Socket>();
  readonly #webSockets = new WebSocketServer({ noServer: true });
  #server: Server | undefined;
  #port = 0;
  #isWanted = false;

  constructor(onMessage: (message: string, client: Client) => void) {
    this.#onMessage = onMessage;
    this.#webSockets.on("connection", (socket) => {
      socket.on("message", (data: Buffer) => onMessage(data.toString(), webSocketClient(socket)));
    });
  }

  get host(): string {
    return `${HOST}:${this.#port}`;
  }

  async listen(): Promise<void> {
    this.#isWanted = true;
    while (this.#server === undefined && this.#isWanted) {
      const server = this.#newServer();
      try {
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject).listen(this.#port, HOST, resolve);
        });
        this.#port = (server.address() as AddressInfo).port;
        if (this.#isWanted) this.#server = server;
        else server.close();
      } catch (error) {
        // Another program may have borrowed the port meanwhile.
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        await sleep(PORT_PAUSE_MS);
      }
    }
  }

  /** Nobody listens from here on; connections that are open stay. */
  stopListening(): void {
    this.#isWanted = false;
    this.#server?.close();
    this.#server = undefined;
  }

  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.stopListening();
    this.dropAll();
  }

  #newServer(): Server {
    const server = createServer((request, response) => {
      text(request).then(
        (body) => this.#onMessage(body, httpClient(response)),
        // The client left before it had said everything.
        () => undefined,
      );
    });
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on("upgrade", (request, socket, head) => {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#webSockets.emit("connection", webSocket, request),
      );
    });
    return server;
  }
}

function httpClient(response: ServerResponse): Client {
  const status: Client["status"] = (code, headers, body) => void response.writeHead(code, headers).end(body);
  return {
    over: "http",
    status,
    reply: (body) => status(200, { "content-type": "application/json" }, body),
    drop: () => void response.socket?.resetAndDestroy(),
  };
}

const webSocketClient = (socket: WebSocket): Client => ({
  over: "ws",
  status: () => socket.terminate(),
  reply: (body) => socket.send(body),
  drop: () => socket.terminate(),
});
