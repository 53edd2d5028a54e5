import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { socketPath } from "../fixtures/stack/socket-path.ts";

/** A socket that this process's workers connect to. */
export interface WorkerSocket {
  readonly address: string;
  /** Lets nobody in any more. */
  readonly close: () => void;
}

/** One process may listen at more than one. */
let sockets = 0;

/**
 * Listens for workers. It keeps no process alive.
 *
 * @param what it is for: part of its name
 * @param accept is given each that connects; what goes wrong with its connection ends that, and nothing else
 * @throws {StressError} SETTING_INVALID where no socket can be made
 */
export async function listenForWorkers(
  what: string,
  accept: (socket: Socket) => void,
): Promise<WorkerSocket> {
  const name = `rollup-stress-${what}-${process.pid}-${sockets++}`;
  const address = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : socketPath(name);
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    accept(socket);
  });
  // What an earlier process of the same number left would be in the way.
  rmSync(address, { force: true });
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(address, listening));
  server.unref();
  return {
    address,
    close: () => {
      server.close();
      rmSync(address, { force: true });
    },
  };
}
