// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { GameStatus } from "./Interfaces.sol";
import { SuperGame } from "./SuperGame.sol";

/// @title Game of type 9: anybody proposes, anybody attacks
/// @notice Stand-in for the permissionless game. It has no bisection and no bonds: whoever attacks the root claim in time wins,
///         as the one party of a local stack that attacks is always right. Arguments of its own: absolute prestate (32), VM
///         (20), registry (20), WETH (20), L2 chain id (32, zero for a set of chains).
contract SuperFaultDisputeGame is SuperGame {
    error ClaimAlreadyResolved();
    error InvalidDisputedClaimIndex();
    error OutOfOrderResolution();
    error UnexpectedRootClaim(bytes32 rootClaim);

    event Move(uint256 indexed parentIndex, bytes32 indexed claim, address indexed claimant);

    struct ClaimData {
        uint32 parentIndex;
        address counteredBy;
        address claimant;
        uint128 bond;
        bytes32 claim;
        uint128 position;
        uint128 clock;
    }

    string public constant version = "1.0.0";

    ClaimData[] public claimData;
    mapping(uint256 => bool) public resolvedSubgames;

    constructor(uint64 clock) SuperGame(clock) {}

    function absolutePrestate() external view returns (bytes32) {
        return ownArgument(0);
    }

    function claimDataLen() external view returns (uint256) {
        return claimData.length;
    }

    function clockExtension() external pure returns (uint64) {
        return 0;
    }

    /// @notice Puts a claim against one; here it must be the root claim, which is number 0.
    function attack(bytes32 disputed, uint256 parentIndex, bytes32 claim) external payable {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (parentIndex != 0 || disputed != rootClaim() || msg.value != 0) revert InvalidDisputedClaimIndex();
        if (block.timestamp >= createdAt + MAX_CLOCK_DURATION) revert ClockTimeExceeded();
        claimData[0].counteredBy = msg.sender;
        add(0, claim, 2);
        emit Move(0, claim, msg.sender);
    }

    /// @notice Settles a claim, those against it first. The number of those looked at is the field's and of no use here.
    function resolveClaim(uint256 index, uint256) external {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        // Whoever is against a claim has the time from its making on.
        if (block.timestamp < claimData[index].clock + MAX_CLOCK_DURATION) revert ClockNotExpired();
        if (resolvedSubgames[index]) revert ClaimAlreadyResolved();
        if (index == 0) {
            for (uint256 i = 1; i < claimData.length; i++) if (!resolvedSubgames[i]) revert OutOfOrderResolution();
        }
        resolvedSubgames[index] = true;
    }

    /// @notice Ends the game once its root claim is settled.
    function resolve() external returns (GameStatus) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        if (!resolvedSubgames[0]) revert OutOfOrderResolution();
        finish(claimData[0].counteredBy == address(0) ? GameStatus.DEFENDER_WINS : GameStatus.CHALLENGER_WINS);
        return status;
    }

    function open() internal override {
        add(type(uint32).max, rootClaim(), 1);
    }

    function add(uint32 parentIndex, bytes32 claim, uint128 position) private {
        address claimant = parentIndex == type(uint32).max ? gameCreator() : msg.sender;
        claimData.push(ClaimData(parentIndex, address(0), claimant, 0, claim, position, uint128(block.timestamp)));
    }

    function ownArguments() internal pure override returns (uint256, uint256) {
        return (124, 52);
    }
}
