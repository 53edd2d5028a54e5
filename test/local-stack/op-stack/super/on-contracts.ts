import { parseEther } from "ethers";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { Deployed } from "./deployed.ts";

/** Where nobody has compiled the contracts yet, and other processes have the processor. Milliseconds. */
const COMPILING = 300_000;

/**
 * The stand-ins on two chains, for all tests of a file: each begins with them as they were deployed.
 *
 * @returns what tells them, once the tests run
 */
export function onContracts({ isFilled = false } = {}): () => Deployed {
  let deployed: Deployed;
  let before: Awaited<ReturnType<Deployed["snapshot"]>>;
  beforeAll(async () => {
    deployed = await Deployed.open();
    if (isFilled) await deployed.chains[1].helpers.setBalance(deployed.portal, parseEther("10"));
    before = await deployed.snapshot();
  }, COMPILING);
  beforeEach(() => before.restore());
  afterAll(() => deployed.close());
  return () => deployed;
}
