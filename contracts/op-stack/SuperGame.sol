// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { Clones } from "./Clones.sol";
import { GameStatus, IAnchorStateRegistry, IDisputeGame } from "./Interfaces.sol";
import { SuperRoots } from "./SuperRoots.sol";

/// @title A dispute game about a super root
/// @notice What games by L2 time have in common: how they are created and what they say. Each is a clone whose arguments are
///         creator (20), root claim (32), L1 head (32), game type (4), extra data (the encoded super root), and those of its
///         implementation, which the factory keeps.
abstract contract SuperGame is IDisputeGame {
    error AlreadyInitialized();
    error BadAuth();
    error BadExtraData();
    error ClockNotExpired();
    error ClockTimeExceeded();
    error GameNotInProgress();
    error UnknownChainId();

    event Resolved(GameStatus indexed status);

    uint256 private constant BEFORE_EXTRA_DATA = 88;

    uint64 internal immutable MAX_CLOCK_DURATION;

    uint64 public createdAt;
    uint64 public resolvedAt;
    GameStatus public status;
    bool public wasRespectedGameTypeWhenCreated;
    bool private initialized;

    /// @param clock seconds that somebody has for challenging the claim
    constructor(uint64 clock) {
        MAX_CLOCK_DURATION = clock;
    }

    /// @notice Bytes of the implementation's own arguments, and of the registry's address among them, from their start.
    function ownArguments() internal pure virtual returns (uint256 bytesInAll, uint256 registryAt);

    /// @notice Whether it may be proposed, and what else a type has to note down.
    function open() internal virtual;

    function initialize() external payable {
        if (initialized) revert AlreadyInitialized();
        if (msg.value != 0) revert BadExtraData();
        if (keccak256(extraData()) != rootClaim()) revert BadExtraData();
        SuperRoots.decode(extraData());
        (, uint256 anchored) = anchorStateRegistry().getAnchorRoot();
        if (l2SequenceNumber() <= anchored) revert BadExtraData();
        open();
        createdAt = uint64(block.timestamp);
        wasRespectedGameTypeWhenCreated = anchorStateRegistry().respectedGameType() == gameType();
        initialized = true;
    }

    function gameCreator() public view returns (address) {
        return address(bytes20(argument(0)));
    }

    function rootClaim() public view returns (bytes32) {
        return argument(20);
    }

    function l1Head() external view returns (bytes32) {
        return argument(52);
    }

    function gameType() public view returns (uint32) {
        return uint32(bytes4(argument(84)));
    }

    function extraData() public view returns (bytes memory data) {
        bytes memory all = Clones.args();
        (uint256 own, ) = ownArguments();
        data = new bytes(all.length - own - BEFORE_EXTRA_DATA);
        for (uint256 i = 0; i < data.length; i++) data[i] = all[BEFORE_EXTRA_DATA + i];
    }

    function gameData() external view returns (uint32, bytes32, bytes memory) {
        return (gameType(), rootClaim(), extraData());
    }

    /// @notice The L2 time of the super root, in seconds.
    function l2SequenceNumber() public view returns (uint256) {
        return superRootProof().timestamp;
    }

    function superRootProof() public view returns (SuperRoots.SuperRootProof memory) {
        return SuperRoots.decode(extraData());
    }

    /// @notice The output root of one of the chains.
    function rootClaimByChainId(uint256 chainId) external view returns (bytes32) {
        SuperRoots.OutputRootWithChainId[] memory outputs = superRootProof().outputRoots;
        for (uint256 i = 0; i < outputs.length; i++) {
            if (outputs[i].chainId == chainId) return outputs[i].root;
        }
        revert UnknownChainId();
    }

    function anchorStateRegistry() public view returns (IAnchorStateRegistry) {
        (, uint256 offset) = ownArguments();
        return IAnchorStateRegistry(address(bytes20(ownArgument(offset))));
    }

    function maxClockDuration() external view returns (uint64) {
        return MAX_CLOCK_DURATION;
    }

    function finish(GameStatus outcome) internal {
        status = outcome;
        resolvedAt = uint64(block.timestamp);
        emit Resolved(outcome);
    }

    /// @notice 32 bytes from `offset` in the implementation's own arguments.
    function ownArgument(uint256 offset) internal view returns (bytes32) {
        (uint256 own, ) = ownArguments();
        return word(Clones.args(), Clones.args().length - own + offset);
    }

    function argument(uint256 offset) private view returns (bytes32) {
        return word(Clones.args(), offset);
    }

    function word(bytes memory data, uint256 offset) private pure returns (bytes32 read) {
        assembly {
            read := mload(add(add(data, 32), offset))
        }
    }
}
