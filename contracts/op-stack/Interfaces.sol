// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice How a dispute game stands. The numbers are the field's.
enum GameStatus {
    IN_PROGRESS,
    CHALLENGER_WINS,
    DEFENDER_WINS
}

/// @notice A root, and the L2 time (super games) or block that it is of.
struct Proposal {
    bytes32 root;
    uint256 l2SequenceNumber;
}

/// @notice The EIP-1559 style market that L2 gas of deposits is bought on.
struct ResourceConfig {
    uint32 maxResourceLimit;
    uint8 elasticityMultiplier;
    uint8 baseFeeMaxChangeDenominator;
    uint32 minimumBaseFee;
    uint32 systemTxMaxGas;
    uint128 maximumBaseFee;
}

interface IOwned {
    function owner() external view returns (address);
}

interface ISuperchainConfig {
    function guardian() external view returns (address);
    function paused() external view returns (bool);
}

interface ISystemConfig {
    function guardian() external view returns (address);
    function isCustomGasToken() external view returns (bool);
    function l2ChainId() external view returns (uint256);
    function paused() external view returns (bool);
    function resourceConfig() external view returns (ResourceConfig memory);
    function superchainConfig() external view returns (ISuperchainConfig);
}

interface IPortal {
    function disputeGameFactory() external view returns (address);
}

interface IDisputeGame {
    function anchorStateRegistry() external view returns (IAnchorStateRegistry);
    function createdAt() external view returns (uint64);
    function extraData() external view returns (bytes memory);
    function gameData() external view returns (uint32 gameType, bytes32 rootClaim, bytes memory extraData);
    function gameType() external view returns (uint32);
    function initialize() external payable;
    function l2SequenceNumber() external view returns (uint256);
    function resolvedAt() external view returns (uint64);
    function rootClaim() external view returns (bytes32);
    function rootClaimByChainId(uint256 chainId) external view returns (bytes32);
    function status() external view returns (GameStatus);
    function wasRespectedGameTypeWhenCreated() external view returns (bool);
}

interface IDisputeGameFactory {
    function gameAtIndex(uint256 index) external view returns (uint32 gameType, uint64 timestamp, IDisputeGame proxy);
    function games(
        uint32 gameType,
        bytes32 rootClaim,
        bytes calldata extraData
    ) external view returns (IDisputeGame proxy, uint64 timestamp);
}

interface IAnchorStateRegistry {
    function disputeGameBlacklist(IDisputeGame game) external view returns (bool);
    function disputeGameFactory() external view returns (IDisputeGameFactory);
    function disputeGameFinalityDelaySeconds() external view returns (uint256);
    function getAnchorRoot() external view returns (bytes32 root, uint256 l2SequenceNumber);
    function isGameClaimValid(IDisputeGame game) external view returns (bool);
    function isGameProper(IDisputeGame game) external view returns (bool);
    function isGameRespected(IDisputeGame game) external view returns (bool);
    function respectedGameType() external view returns (uint32);
    function retirementTimestamp() external view returns (uint64);
}
