import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Exit code of a process that Ctrl-C stopped. */
const INTERRUPTED = 130;

/** Asks the terminal for one line that it does not show. Ctrl-C ends the process: nothing has begun yet. */
export function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  // From here on the terminal shows nothing that is typed.
  process.stdout.write(question);
  return new Promise((resolve) => {
    const end = (): void => {
      terminal.close();
      process.stdout.write("\n");
    };
    terminal.once("line", (line) => {
      end();
      resolve(line);
    });
    terminal.once("SIGINT", () => {
      end();
      process.exit(INTERRUPTED);
    });
  });
}
