import { runCommand } from "./command.ts";
for (let seed = 1; seed <= 6; seed++) {
  const r = await runCommand(["stress/mixed", "--target", "local-op", "--own-stack"], {
    children: 1000,
    seconds: 20,
    seed,
  });
  console.log(seed, JSON.stringify(r));
}
