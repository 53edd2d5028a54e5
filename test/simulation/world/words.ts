import { SAID } from "../../engine/rpc/said.ts";
import type { Wording } from "../../../stress/engine/rpc/index.ts";
import type { Dice } from "./dice.ts";

type Meaning = Wording["means"];

/** Whose words a world's nodes have. What one of them has no words for, geth says. */
export const CLIENTS = [
  "geth",
  "l2geth",
  "erigon",
  "nethermind",
  "besu",
  "reth",
  "EDR",
  "OpenEthereum",
] as const;
export type Client = (typeof CLIENTS)[number];

/** What somebody says who means this, by the table of words. */
export function wordsOf(client: Client, means: Meaning, dice: Dice): string {
  const said = SAID.find(([meaning]) => meaning === means)?.[1] ?? {};
  return dice.pick(said[client] ?? said["geth"] ?? []) ?? means;
}

/** What anybody says who means one of these. */
export function anyWords(means: readonly Meaning[], dice: Dice): string {
  const all = SAID.filter(([meaning]) => means.includes(meaning)).flatMap(([, said]) =>
    Object.values(said).flat(),
  );
  return dice.pick(all) ?? String(means[0]);
}
