// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { Administered } from "./Administered.sol";
import {
    GameStatus,
    IDisputeGame,
    IDisputeGameFactory,
    ISuperchainConfig,
    ISystemConfig,
    Proposal
} from "./Interfaces.sol";

/// @title Which games count
/// @notice Stand-in for version 3.9.0. Portals of today ask it for factory, delays, respected type and blacklist.
contract AnchorStateRegistry is Administered {
    error AnchorStateRegistry_InvalidAnchorGame();
    error AnchorStateRegistry_Unauthorized();

    event AnchorUpdated(IDisputeGame indexed game);
    event DisputeGameBlacklisted(IDisputeGame indexed disputeGame);
    event RespectedGameTypeSet(uint32 gameType);
    event RetirementTimestampSet(uint256 timestamp);

    string public constant version = "3.9.0";

    uint256 private immutable FINALITY_DELAY;

    ISystemConfig public systemConfig;
    IDisputeGameFactory public disputeGameFactory;
    IDisputeGame public anchorGame;
    Proposal private startingAnchorRoot;
    mapping(IDisputeGame => bool) public disputeGameBlacklist;
    uint32 public respectedGameType;
    uint64 public retirementTimestamp;

    /// @param finalityDelay seconds between a game's resolution and when its claim may be used
    constructor(uint256 finalityDelay) {
        FINALITY_DELAY = finalityDelay;
    }

    modifier onlyGuardian() {
        if (msg.sender != systemConfig.guardian()) revert AnchorStateRegistry_Unauthorized();
        _;
    }

    function initVersion() public pure override returns (uint8) {
        return 2;
    }

    function initialize(
        ISystemConfig itsSystemConfig,
        IDisputeGameFactory factory,
        Proposal calldata anchor,
        uint32 gameType
    ) external initializer {
        systemConfig = itsSystemConfig;
        disputeGameFactory = factory;
        startingAnchorRoot = anchor;
        respectedGameType = gameType;
        retirementTimestamp = uint64(block.timestamp);
    }

    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return FINALITY_DELAY;
    }

    function paused() public view returns (bool) {
        return systemConfig.paused();
    }

    function superchainConfig() external view returns (ISuperchainConfig) {
        return systemConfig.superchainConfig();
    }

    function setRespectedGameType(uint32 gameType) external onlyGuardian {
        respectedGameType = gameType;
        emit RespectedGameTypeSet(gameType);
    }

    /// @notice Retires every game that there is by now.
    function updateRetirementTimestamp() external onlyGuardian {
        retirementTimestamp = uint64(block.timestamp);
        emit RetirementTimestampSet(block.timestamp);
    }

    function blacklistDisputeGame(IDisputeGame game) external onlyGuardian {
        disputeGameBlacklist[game] = true;
        emit DisputeGameBlacklisted(game);
    }

    function isGameRegistered(IDisputeGame game) public view returns (bool) {
        (uint32 gameType, bytes32 rootClaim, bytes memory extraData) = game.gameData();
        (IDisputeGame registered, ) = disputeGameFactory.games(gameType, rootClaim, extraData);
        return address(registered) == address(game) && address(game.anchorStateRegistry()) == address(this);
    }

    function isGameRespected(IDisputeGame game) public view returns (bool) {
        return game.wasRespectedGameTypeWhenCreated();
    }

    function isGameBlacklisted(IDisputeGame game) public view returns (bool) {
        return disputeGameBlacklist[game];
    }

    function isGameRetired(IDisputeGame game) public view returns (bool) {
        return game.createdAt() <= retirementTimestamp;
    }

    function isGameResolved(IDisputeGame game) public view returns (bool) {
        return game.resolvedAt() != 0 && game.status() != GameStatus.IN_PROGRESS;
    }

    /// @notice Whether the game may be used at all, whatever it says.
    function isGameProper(IDisputeGame game) public view returns (bool) {
        return isGameRegistered(game) && !isGameBlacklisted(game) && !isGameRetired(game) && !paused();
    }

    function isGameFinalized(IDisputeGame game) public view returns (bool) {
        return isGameResolved(game) && block.timestamp - game.resolvedAt() > FINALITY_DELAY;
    }

    /// @notice Whether what the game claims is true, so that money may be paid out on it.
    function isGameClaimValid(IDisputeGame game) public view returns (bool) {
        return
            isGameProper(game) &&
            isGameRespected(game) &&
            isGameFinalized(game) &&
            game.status() == GameStatus.DEFENDER_WINS;
    }

    function getStartingAnchorRoot() external view returns (Proposal memory) {
        return startingAnchorRoot;
    }

    function getAnchorRoot() public view returns (bytes32 root, uint256 l2SequenceNumber) {
        if (address(anchorGame) == address(0)) return (startingAnchorRoot.root, startingAnchorRoot.l2SequenceNumber);
        if (isGameBlacklisted(anchorGame)) revert AnchorStateRegistry_InvalidAnchorGame();
        return (anchorGame.rootClaim(), anchorGame.l2SequenceNumber());
    }

    function anchors(uint32) external view returns (bytes32 root, uint256 l2SequenceNumber) {
        return getAnchorRoot();
    }

    /// @notice Takes a game whose claim is valid as where later games start from.
    function setAnchorState(IDisputeGame game) external {
        if (!isGameClaimValid(game)) revert AnchorStateRegistry_InvalidAnchorGame();
        (, uint256 anchored) = getAnchorRoot();
        if (game.l2SequenceNumber() <= anchored) revert AnchorStateRegistry_InvalidAnchorGame();
        anchorGame = game;
        emit AnchorUpdated(game);
    }
}
