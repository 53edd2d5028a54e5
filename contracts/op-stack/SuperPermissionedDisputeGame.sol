// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { GameStatus } from "./Interfaces.sol";
import { SuperGame } from "./SuperGame.sol";

/// @title Game of type 5: only the proposer proposes, only the challenger challenges
/// @notice Stand-in for version 1.0.0. Arguments of its own: registry, proposer, challenger (20 bytes each).
contract SuperPermissionedDisputeGame is SuperGame {
    string public constant version = "1.0.0";

    constructor(uint64 clock) SuperGame(clock) {}

    function proposer() public view returns (address) {
        return address(bytes20(ownArgument(20)));
    }

    function challenger() public view returns (address) {
        return address(bytes20(ownArgument(40)));
    }

    /// @notice Ends the game against the proposer, at once.
    function challenge() external {
        if (msg.sender != challenger()) revert BadAuth();
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (block.timestamp > createdAt + MAX_CLOCK_DURATION) revert ClockTimeExceeded();
        finish(GameStatus.CHALLENGER_WINS);
    }

    /// @notice Ends a game that nobody has challenged in time.
    function resolve() external returns (GameStatus) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (block.timestamp <= createdAt + MAX_CLOCK_DURATION) revert ClockNotExpired();
        finish(GameStatus.DEFENDER_WINS);
        return status;
    }

    function open() internal view override {
        if (tx.origin != proposer()) revert BadAuth();
    }

    function ownArguments() internal pure override returns (uint256, uint256) {
        return (60, 0);
    }
}
