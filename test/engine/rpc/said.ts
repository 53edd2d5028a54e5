import type { Wording } from "../../../stress/engine/rpc/index.ts";

/** What nodes and gateways say, word for word, by what it means and who says it. */
export const SAID: readonly (readonly [Wording["means"], Readonly<Record<string, readonly string[]>>])[] = [
  [
    "reverted",
    {
      geth: ["execution reverted: Insufficient liquidity", "execution reverted: already known"],
      besu: ["Execution reverted (rate limit exceeded)"],
      nethermind: ["VM execution error."],
      EDR: ["VM Exception while processing transaction: reverted with reason string 'nonce too low'"],
    },
  ],
  [
    "already known",
    {
      geth: [
        "already known",
        "known transaction: 0x7f657507aee0511e36d2d1972a6b22e917cc89f92b6c12c4dbd57eaabb23",
      ],
      l2geth: ["known transaction: 7f657507aee0511e36d2d1972a6b22e917cc89f92b6c12c4dbd57eaabb23"],
      erigon: ["existing tx with same hash"],
      nethermind: ["AlreadyKnown"],
      besu: ["Known transaction"],
      reth: ["[0x7f65]: already imported"],
      EDR: ["Known transaction: 0x7f65"],
      OpenEthereum: ["Transaction with the same hash was already imported."],
      Alchemy: ["ALREADY_EXISTS: already known"],
    },
  ],
  [
    "nonce too low",
    {
      geth: [
        "nonce too low: next nonce 5, tx nonce 4",
        "nonce too low: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8089 state: 8090",
      ],
      "op-geth": ["failed to forward tx to sequencer, please try again. Error message: 'nonce too low'"],
      l2geth: ["invalid transaction: nonce too low"],
      erigon: ["nonce too low"],
      nethermind: ["OldNonce, Current nonce: 22, nonce of rejected tx: 17"],
      besu: ["Nonce too low"],
      reth: ["nonce too low: next nonce 7, tx nonce 5"],
      EDR: ["Nonce too low. Expected nonce to be 7 but got 5."],
      OpenEthereum: ["Transaction nonce is too low. Try incrementing the nonce.", "invalid nonce"],
    },
  ],
  [
    "insufficient funds",
    {
      geth: [
        "insufficient funds for gas * price + value: address 0xab have 1 want 2",
        "insufficient funds for transfer",
        "transaction would cause overdraft: balance 1, queued cost 2, tx overshot 1",
      ],
      l2geth: ["invalid transaction: insufficient funds for l1Fee + l2Fee + value"],
      erigon: ["insufficient funds"],
      nethermind: ["InsufficientFunds, Account balance: 47, cumulative cost: 220"],
      besu: ["Upfront cost exceeds account balance"],
      reth: ["transaction overdraws from account", "lack of funds (0) for max fee (420000)"],
      EDR: ["Sender doesn't have enough funds to send tx. The max upfront cost is: 2 and the sender has: 1."],
      Arbitrum: ["not enough funds for gas"],
    },
  ],
  [
    "fee too low",
    {
      geth: [
        "transaction underpriced: gas tip cap 0, minimum needed 1",
        "replacement transaction underpriced",
        "max fee per gas less than block base fee: address 0xab, maxFeePerGas: 1, baseFee: 2",
      ],
      l2geth: [
        "gas price too low: 1000 wei, use at least tx.gasPrice = 15000000 wei",
        "cannot accept 0 gas price transaction",
      ],
      erigon: ["fee too low", "could not replace existing tx"],
      nethermind: [
        "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 50, BaseFee: 100, Block number: 5",
        "FeeTooLowToCompete",
        "ReplacementNotAllowed",
      ],
      besu: ["Gas price below configured minimum gas price", "Gas price below current base fee"],
      reth: [
        "insufficient gas price to replace existing transaction",
        "transaction feeCap 1 below chain minimum",
      ],
      EDR: ["Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 7"],
    },
  ],
  [
    "no room",
    {
      geth: [
        "in-flight transaction limit reached for delegated accounts",
        "gapped-nonce tx from delegated accounts",
        "txpool is full",
        "account limit exceeded: pooled 16 txs",
        "future transaction tries to replace pending",
        "address already reserved",
      ],
      l2geth: ["invalid transaction: nonce too high"],
      erigon: ["pending sub-pool is full", "spammer"],
      nethermind: ["NonceGap, Future nonce. Expected nonce: 10", "NotCurrentNonceForDelegation"],
      besu: [
        "Transaction nonce is too distant from current sender nonce",
        "An invalid transaction with a lower nonce exists",
      ],
      reth: [
        "rejected due to 0xab being identified as a spammer",
        "transaction discarded outright due to pool size constraints",
      ],
      Arbitrum: ["sequencer pending tx pool full, please try again"],
      OpenEthereum: [
        "There are too many transactions in the queue. Your transaction was dropped due to limit.",
      ],
    },
  ],
  [
    "batch too large",
    {
      geth: ["batch too large", "response too large"],
      nethermind: ["Batch size limit exceeded"],
      besu: ["Number of requests exceeds max batch size"],
      reth: ["The batch request was too large", "Batched requests are not supported by this server"],
      proxyd: ["too many RPC calls in batch request"],
      Ankr: ["You cannot send more than 10 requests in a single batch"],
      dRPC: ["Batch of more than 3 requests are not allowed on free plan"],
      NodeReal: ["batch size exceed limit 500"],
    },
  ],
  [
    "refused",
    {
      geth: ["exceeds block gas limit", "pending state is not available", "finalized block not found"],
      besu: [
        "Requested range exceeds maximum RPC range limit",
        "Transaction gas limit exceeds block gas limit",
      ],
      reth: ["state at block #16 is pruned", "pruned history unavailable"],
      Infura: ["query returned more than 10000 results"],
      Alchemy: ["Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range"],
      QuickNode: ["eth_getLogs is limited to a 10,000 range"],
    },
  ],
  [
    "behind",
    {
      geth: [
        "header not found",
        "header for hash not found",
        "unknown block",
        "missing trie node 7f1c5a (path ) state 0x7f1c5a is not available, not found",
        "required historical state unavailable (reexec=128)",
      ],
      erigon: ["block not found: 16"],
      nethermind: ["No state available for block 0x7f1c5a", "could not find block"],
      besu: ["Unknown block", "World state unavailable", "Initial sync is still in progress"],
      reth: ["block not found: 0x10"],
      proxyd: ["block is out of range"],
      Alchemy: ["state not available"],
      Avalanche: ["cannot query unfinalized data"],
    },
  ],
  [
    "no answer",
    {
      geth: ["request timed out", "execution aborted (timeout = 5s)", "context deadline exceeded"],
      besu: ["Timeout expired"],
      proxyd: ["gateway timeout", "backend returned an invalid response", "internal error"],
      nginx: ["502 Bad Gateway"],
      "JSON-RPC 2.0": ["Internal error"],
      reth: ["internal eth error"],
      MetaMask: ["Internal JSON-RPC error."],
    },
  ],
  [
    "busy",
    {
      "EIP-1474": ["limit exceeded"],
      Alchemy: [
        "Your app has exceeded its compute units per second capacity.",
        "Monthly capacity limit exceeded.",
      ],
      Infura: [
        "daily request count exceeded, request rate limited",
        "project ID request rate exceeded",
        "Too Many Requests",
      ],
      QuickNode: [
        "25/second request limit reached - reduce calls per second or upgrade your account at quicknode.com",
        "credits limited to 6000/sec",
      ],
      Chainstack: ["You've exceeded the RPS limit available on the current plan."],
      dRPC: [
        "Can't route your request to suitable provider, if you specified certain providers revise the list",
        "Temporary internal error. Please retry, trace-id: 7f1c5a",
      ],
      proxyd: [
        "no backend is currently healthy to serve traffic",
        "backend is currently not healthy to serve traffic",
        "no backends available for method",
        "backend offline",
        "backend is over capacity",
        "sender is over rate limit",
      ],
      "op-geth": ["failed to forward tx to sequencer, please try again. Error message: ''"],
      nginx: ["Service Temporarily Unavailable"],
    },
  ],
];
