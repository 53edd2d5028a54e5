/** What a node's error means. */
export type NodeWord =
  | "already known"
  | "nonce too low"
  | "insufficient funds"
  | "fee too low"
  /** The pool is full, or takes no more of this sender before others of it are mined: later it may. */
  | "no room"
  | "reverted"
  /** The answer is missing or makes no sense: the request may or may not have had its effect. */
  | "no answer"
  /** The node is overloaded, or limits its clients: later it may answer. */
  | "busy"
  /** The node does not have the block, or its state: it may be behind the one that told of it. */
  | "behind"
  /** The node refused for another reason. */
  | "refused";

/** Words that mean one thing. */
export interface Wording {
  /** "batch too large" is about the message: its calls may be asked in smaller ones. */
  readonly means: NodeWord | "batch too large";
  /** Who says so. What each of them says stands in the tests, word for word. */
  readonly from: readonly string[];
  /** Any of these. */
  readonly words: readonly RegExp[];
}

/** Of a state that a node does not have: not yet, or not any more. */
export const NO_STATE =
  /missing trie node|states? .{0,99}(not (yet )?available|unavailable)|no state (available|found)/i;

/**
 * The words of nodes and gateways; the first that fits counts. Whoever stands before a node wraps its words into its own, so
 * they are looked for anywhere in a message. Where they come from:
 *
 * - geth: core/error.go, core/txpool/errors.go, core/txpool/legacypool, rpc/errors.go, eth/api_backend.go; op-geth has the
 *   same, and wraps its sequencer's in eth/api_backend.go; l2geth: rollup/sync_service.go, rollup/fees
 * - erigon: txnprovider/txpool/txpoolcfg; nethermind: TxPool/AcceptTxResult.cs, also in the names it had once
 * - besu: RpcErrorType.java; reth: transaction-pool/src/error.rs, rpc-eth-types/src/error; EDR: Hardhat's own chain
 * - proxyd: backend.go of ethereum-optimism/infra; the others: their documentation, and what users report of them
 */
export const WORDS: readonly Wording[] = [
  {
    // First of all: what comes behind it is a contract's word, not the node's.
    means: "reverted",
    from: ["geth", "besu", "nethermind", "EDR"],
    words: [/\brevert(ed)?\b/i, /vm execution error/i],
  },
  {
    means: "already known",
    from: ["geth", "l2geth", "erigon", "nethermind", "besu", "reth", "EDR", "OpenEthereum", "Alchemy"],
    words: [
      /already ?known|(?<!un)known transaction/i,
      /already imported|transaction already exists|tx with same hash/i,
    ],
  },
  {
    means: "nonce too low",
    from: ["geth", "op-geth", "l2geth", "erigon", "nethermind", "besu", "reth", "EDR", "OpenEthereum"],
    words: [
      /(?<!authority )nonce (is )?too low|oldnonce/i,
      /nonce has already been used|invalid (transaction )?nonce/i,
    ],
  },
  {
    means: "insufficient funds",
    from: ["geth", "l2geth", "erigon", "nethermind", "besu", "reth", "EDR", "Arbitrum"],
    words: [
      /insufficient ?(funds|balance)|(doesn't have|not) enough funds|lack of funds/i,
      /upfront cost exceeds|overdraft|overdraws/i,
    ],
  },
  {
    means: "fee too low",
    from: ["geth", "l2geth", "erigon", "nethermind", "besu", "reth", "EDR"],
    words: [
      /underpriced|fee ?too ?low|(gas ?price|feepergas|feecap)\b.{0,80}(too low|below)/i,
      /less than block base fee|lower than.*base fee|feepergas needs|accept 0 gas price/i,
      /replace existing|replacementnotallowed/i,
    ],
  },
  {
    means: "no room",
    from: ["geth", "l2geth", "erigon", "nethermind", "besu", "reth", "Arbitrum", "OpenEthereum"],
    words: [
      /(tx ?pool|sub-pool|queue|mempool) (is )?full|pool size constraints|transactions in the queue/i,
      /in-flight transaction limit|delegated account|notcurrentnoncefordelegation|delegatorhaspendingtx/i,
      /account limit exceeded|spammer|already reserved|tries to replace pending/i,
      // One behind others that this node does not have yet.
      /nonce ?(is )?too ?(high|far|distant)|noncegap|lower nonce exists/i,
    ],
  },
  {
    means: "batch too large",
    from: ["geth", "nethermind", "besu", "reth", "proxyd", "Ankr", "dRPC", "NodeReal"],
    words: [
      /(limit|many|more than|large|exceeds?|max|not (supported|allowed)).*\bbatch/i,
      /\bbatch(ed|es)?\b.*(limit|many|more than|large|exceed|max|not (supported|allowed))/i,
      // Of all answers of a batch together; it is said of each that had no place any more.
      /^response too large/i,
    ],
  },
  {
    // What stays: limits of one request, some of them with the code of a rate limit; tags and history that a node does not have.
    means: "refused",
    from: ["geth", "besu", "reth", "Infura", "Alchemy", "QuickNode"],
    words: [
      /block ?range|range (is )?too|rpc range|to an? [\d,k]+ (block )?range|returned more than|response size/i,
      /block gas limit/i,
      /(pending|safe|finalized) (block|state) (is )?not|pruned/i,
    ],
  },
  {
    means: "behind",
    from: ["geth", "erigon", "nethermind", "besu", "reth", "proxyd", "Alchemy", "Avalanche"],
    words: [
      /(header|block|blockhash|receipts)( for hash| #?(0x)?[0-9a-f]+)? (is )?(not found|out of range)/i,
      /(unknown|could not find( the)?|cannot find|no canonical) (block|header|hash)|block .*does not exist/i,
      NO_STATE,
      /initial sync|(is|not) sync(ing|ed)|unfinalized data/i,
    ],
  },
  {
    // Whether what was asked was done, nobody knows.
    means: "no answer",
    from: ["geth", "besu", "proxyd", "nginx"],
    words: [/time(d)?[ -]?out|deadline exceeded|context canceled|invalid response|bad gateway/i],
  },
  {
    means: "busy",
    from: ["EIP-1474", "Alchemy", "Infura", "QuickNode", "Chainstack", "dRPC", "proxyd", "op-geth", "nginx"],
    words: [
      /rate.?limit|too many (concurrent )?requests|limit (exceeded|reached)|credits limited/i,
      /exceeded (its|the|your) |(rate|count|quota) exceeded|(over|at) capacity|too much load|overloaded/i,
      /(please|try) (again|retry)|retry,|unavailable|server.*busy/i,
      /not healthy|healthy to serve|backends? (available|offline)|route your request/i,
    ],
  },
  {
    // Without a reason the fault is the node's own: what became of the request it does not tell.
    means: "no answer",
    from: ["JSON-RPC 2.0", "reth", "proxyd", "MetaMask"],
    words: [/^internal (server |json-rpc |eth |blocking task )?error[.!]?$/i],
  },
];

/** Codes of those that say little else. Where one has several meanings, only words tell. */
export const CODES: Readonly<Record<string, NodeWord>> = {
  // geth's, of a call that reverted
  3: "reverted",
  // HTTP's in the place of JSON-RPC's: Alchemy, Ankr, Cloudflare
  429: "busy",
  503: "busy",
  // "limit exceeded" (EIP-1474): Infura, Chainstack
  "-32005": "busy",
  // proxyd: no backend, over capacity, over rate limit, sender over rate limit, not healthy
  "-32011": "busy",
  "-32012": "busy",
  "-32016": "busy",
  "-32017": "busy",
  "-32018": "busy",
};
