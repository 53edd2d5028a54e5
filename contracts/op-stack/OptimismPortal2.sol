// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { Hashing } from "@eth-optimism/contracts-bedrock/src/libraries/Hashing.sol";
import { SafeCall } from "@eth-optimism/contracts-bedrock/src/libraries/SafeCall.sol";
import { SecureMerkleTrie } from "@eth-optimism/contracts-bedrock/src/libraries/trie/SecureMerkleTrie.sol";
import { Types } from "@eth-optimism/contracts-bedrock/src/libraries/Types.sol";
import { AddressAliasHelper } from "@eth-optimism/contracts-bedrock/src/vendor/AddressAliasHelper.sol";
import { Administered } from "./Administered.sol";
import {
    GameStatus,
    IAnchorStateRegistry,
    IDisputeGame,
    IDisputeGameFactory,
    ISuperchainConfig,
    ISystemConfig,
    ResourceConfig
} from "./Interfaces.sol";
import { ResourceMetering } from "./ResourceMetering.sol";

/// @title The portal between L1 and L2
/// @notice Stand-in for version 5.8.0, of which no package has the bytecode: its interface, its checks in their order, and
///         their errors. Proofs are checked by the field's own libraries. It holds the ETH itself, without a lockbox.
contract OptimismPortal2 is Administered, ResourceMetering {
    error OptimismPortal_AlreadyFinalized();
    error OptimismPortal_BadTarget();
    error OptimismPortal_CallPaused();
    error OptimismPortal_CalldataTooLarge();
    error OptimismPortal_GasEstimation();
    error OptimismPortal_GasLimitTooLow();
    error OptimismPortal_ImproperDisputeGame();
    error OptimismPortal_InvalidDisputeGame();
    error OptimismPortal_InvalidMerkleProof();
    error OptimismPortal_InvalidOutputRootProof();
    error OptimismPortal_InvalidProofTimestamp();
    error OptimismPortal_InvalidRootClaim();
    error OptimismPortal_NoReentrancy();
    error OptimismPortal_NotAllowedOnCGTMode();
    error OptimismPortal_ProofNotOldEnough();
    error OptimismPortal_Unproven();

    event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData);
    event WithdrawalProven(bytes32 indexed withdrawalHash, address indexed from, address indexed to);
    event WithdrawalProvenExtension1(bytes32 indexed withdrawalHash, address indexed proofSubmitter);
    event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success);

    struct ProvenWithdrawal {
        IDisputeGame disputeGameProxy;
        uint64 timestamp;
    }

    string public constant version = "5.8.0";

    /// What `l2Sender` is while nothing is being finalised.
    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;
    /// Who sends a call that only estimates gas.
    address private constant ESTIMATION = address(1);
    uint64 private constant RECEIVE_GAS_LIMIT = 100_000;
    uint256 private constant MOST_CALLDATA = 120_000;

    uint256 private immutable PROOF_MATURITY_DELAY;

    address public l2Sender;
    mapping(bytes32 => bool) public finalizedWithdrawals;
    mapping(bytes32 => mapping(address => ProvenWithdrawal)) public provenWithdrawals;
    mapping(bytes32 => address[]) public proofSubmitters;
    ISystemConfig public systemConfig;
    IAnchorStateRegistry public anchorStateRegistry;

    /// @param proofMaturityDelay seconds between a proof and when it may be finalised
    constructor(uint256 proofMaturityDelay) {
        PROOF_MATURITY_DELAY = proofMaturityDelay;
    }

    function initVersion() public pure override returns (uint8) {
        return 3;
    }

    function initialize(ISystemConfig itsSystemConfig, IAnchorStateRegistry registry) external initializer {
        systemConfig = itsSystemConfig;
        anchorStateRegistry = registry;
        l2Sender = NOBODY;
        startMetering();
    }

    receive() external payable {
        depositTransaction(msg.sender, msg.value, RECEIVE_GAS_LIMIT, false, "");
    }

    function proofMaturityDelaySeconds() external view returns (uint256) {
        return PROOF_MATURITY_DELAY;
    }

    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return anchorStateRegistry.disputeGameFinalityDelaySeconds();
    }

    function disputeGameFactory() public view returns (IDisputeGameFactory) {
        return anchorStateRegistry.disputeGameFactory();
    }

    function disputeGameBlacklist(IDisputeGame game) external view returns (bool) {
        return anchorStateRegistry.disputeGameBlacklist(game);
    }

    function respectedGameType() external view returns (uint32) {
        return anchorStateRegistry.respectedGameType();
    }

    function respectedGameTypeUpdatedAt() external view returns (uint64) {
        return anchorStateRegistry.retirementTimestamp();
    }

    function superchainConfig() external view returns (ISuperchainConfig) {
        return systemConfig.superchainConfig();
    }

    function guardian() external view returns (address) {
        return systemConfig.guardian();
    }

    function paused() public view returns (bool) {
        return systemConfig.paused();
    }

    function ethLockbox() external pure returns (address) {
        return address(0);
    }

    function numProofSubmitters(bytes32 withdrawalHash) external view returns (uint256) {
        return proofSubmitters[withdrawalHash].length;
    }

    /// @notice The least L2 gas that a deposit with that much data must ask for.
    function minimumGasLimit(uint64 byteCount) public pure returns (uint64) {
        return byteCount * 40 + 21_000;
    }

    /// @notice Takes ETH without depositing it.
    function donateETH() external payable {}

    /// @notice Has a transaction done on L2: that of `msg.sender`, or of its alias where that is a contract.
    function depositTransaction(
        address to,
        uint256 value,
        uint64 gasLimit,
        bool isCreation,
        bytes memory data
    ) public payable metered(gasLimit) {
        if (msg.value > 0 && systemConfig.isCustomGasToken()) revert OptimismPortal_NotAllowedOnCGTMode();
        if (isCreation && to != address(0)) revert OptimismPortal_BadTarget();
        if (gasLimit < minimumGasLimit(uint64(data.length))) revert OptimismPortal_GasLimitTooLow();
        if (data.length > MOST_CALLDATA) revert OptimismPortal_CalldataTooLarge();
        address from = isSenderEOA() ? msg.sender : AddressAliasHelper.applyL1ToL2Alias(msg.sender);
        emit TransactionDeposited(from, to, 0, abi.encodePacked(msg.value, value, gasLimit, isCreation, data));
    }

    /// @notice Shows that a withdrawal is among those of L2 by the root that a game claims. Anybody may, any number of times;
    ///         the clock of who has shown it runs from the last time.
    /// @param disputeGameIndex the game's number in the factory
    function proveWithdrawalTransaction(
        Types.WithdrawalTransaction memory withdrawal,
        uint256 disputeGameIndex,
        Types.OutputRootProof calldata outputRootProof,
        bytes[] calldata withdrawalProof
    ) external {
        requireUnpaused();
        if (isUnsafeTarget(withdrawal.target)) revert OptimismPortal_BadTarget();
        if (withdrawal.value > 0 && systemConfig.isCustomGasToken()) revert OptimismPortal_NotAllowedOnCGTMode();
        (, , IDisputeGame game) = disputeGameFactory().gameAtIndex(disputeGameIndex);
        if (claimToProveBy(game) != Hashing.hashOutputRootProof(outputRootProof)) {
            revert OptimismPortal_InvalidOutputRootProof();
        }
        bytes32 withdrawalHash = Hashing.hashWithdrawal(withdrawal);
        if (!isSent(withdrawalHash, withdrawalProof, outputRootProof.messagePasserStorageRoot)) {
            revert OptimismPortal_InvalidMerkleProof();
        }
        provenWithdrawals[withdrawalHash][msg.sender] = ProvenWithdrawal(game, uint64(block.timestamp));
        proofSubmitters[withdrawalHash].push(msg.sender);
        emit WithdrawalProven(withdrawalHash, withdrawal.sender, withdrawal.target);
        emit WithdrawalProvenExtension1(withdrawalHash, msg.sender);
    }

    function finalizeWithdrawalTransaction(Types.WithdrawalTransaction memory withdrawal) external {
        finalizeWithdrawalTransactionExternalProof(withdrawal, msg.sender);
    }

    /// @notice Does on L1 what was asked for on L2, by the proof of whoever has shown it.
    function finalizeWithdrawalTransactionExternalProof(
        Types.WithdrawalTransaction memory withdrawal,
        address proofSubmitter
    ) public {
        requireUnpaused();
        if (withdrawal.value > 0 && systemConfig.isCustomGasToken()) revert OptimismPortal_NotAllowedOnCGTMode();
        if (l2Sender != NOBODY) revert OptimismPortal_NoReentrancy();
        if (isUnsafeTarget(withdrawal.target)) revert OptimismPortal_BadTarget();
        bytes32 withdrawalHash = Hashing.hashWithdrawal(withdrawal);
        checkWithdrawal(withdrawalHash, proofSubmitter);
        finalizedWithdrawals[withdrawalHash] = true;
        l2Sender = withdrawal.sender;
        bool success = SafeCall.callWithMinGas(
            withdrawal.target, withdrawal.gasLimit, withdrawal.value, withdrawal.data
        );
        l2Sender = NOBODY;
        // What has failed is over: nobody can finalise it again.
        emit WithdrawalFinalized(withdrawalHash, success);
        if (!success && tx.origin == ESTIMATION) revert OptimismPortal_GasEstimation();
    }

    /// @notice Reverts with why a withdrawal cannot be finalised by that proof, if it cannot.
    function checkWithdrawal(bytes32 withdrawalHash, address proofSubmitter) public view {
        ProvenWithdrawal memory proven = provenWithdrawals[withdrawalHash][proofSubmitter];
        if (finalizedWithdrawals[withdrawalHash]) revert OptimismPortal_AlreadyFinalized();
        if (proven.timestamp == 0) revert OptimismPortal_Unproven();
        if (proven.timestamp <= proven.disputeGameProxy.createdAt()) revert OptimismPortal_InvalidProofTimestamp();
        if (block.timestamp - proven.timestamp <= PROOF_MATURITY_DELAY) revert OptimismPortal_ProofNotOldEnough();
        if (!anchorStateRegistry.isGameClaimValid(proven.disputeGameProxy)) revert OptimismPortal_InvalidRootClaim();
    }

    /// @notice The output root that a game claims for this chain, if the game may be proved by.
    function claimToProveBy(IDisputeGame game) private view returns (bytes32) {
        if (!anchorStateRegistry.isGameProper(game)) revert OptimismPortal_ImproperDisputeGame();
        if (!anchorStateRegistry.isGameRespected(game)) revert OptimismPortal_InvalidDisputeGame();
        if (game.status() == GameStatus.CHALLENGER_WINS) revert OptimismPortal_InvalidDisputeGame();
        if (block.timestamp <= game.createdAt()) revert OptimismPortal_InvalidProofTimestamp();
        return isSuper(game.gameType()) ? game.rootClaimByChainId(systemConfig.l2ChainId()) : game.rootClaim();
    }

    /// @notice Whether L2's message passer, by its storage root, has that withdrawal in its first mapping.
    function isSent(bytes32 withdrawalHash, bytes[] calldata proof, bytes32 root) private pure returns (bool) {
        bytes32 slot = keccak256(abi.encode(withdrawalHash, uint256(0)));
        return SecureMerkleTrie.verifyInclusionProof(abi.encode(slot), hex"01", proof, root);
    }

    /// @notice Whether games of a type are by L2 time, about the super root of a set of chains.
    function isSuper(uint32 gameType) private pure returns (bool) {
        return gameType == 4 || gameType == 5 || gameType == 7 || gameType == 9;
    }

    function isUnsafeTarget(address target) private view returns (bool) {
        return target == address(this);
    }

    function requireUnpaused() private view {
        if (paused()) revert OptimismPortal_CallPaused();
    }

    /// @notice Whether the sender has a key: a transaction's own, or (EIP-7702) an account that has delegated itself.
    function isSenderEOA() private view returns (bool) {
        if (msg.sender == tx.origin) return true;
        bytes memory code = msg.sender.code;
        return code.length == 23 && code[0] == 0xef && code[1] == 0x01 && code[2] == 0x00;
    }

    function resources() internal view override returns (ResourceConfig memory) {
        return systemConfig.resourceConfig();
    }
}
