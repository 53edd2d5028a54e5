import { MalformedAnswer } from "./errors.ts";
import { bytes, objectOf } from "./receipt.ts";

/** What proves a contract's storage: its root, and for each slot asked for the nodes of the trie from there. */
export interface StorageProof {
  readonly storageHash: string;
  readonly slots: readonly (readonly string[])[];
}

const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new MalformedAnswer(`${what} is not a list`);
};

/** @throws {MalformedAnswer} */
export function parseProof(value: unknown): StorageProof {
  const { storageHash, storageProof } = objectOf(value, "proof");
  return {
    storageHash: bytes(storageHash, "storageHash"),
    slots: listOf(storageProof, "storageProof").map((slot) =>
      listOf(objectOf(slot, "proof of a slot")["proof"], "proof of a slot").map((one) => bytes(one, "node")),
    ),
  };
}
