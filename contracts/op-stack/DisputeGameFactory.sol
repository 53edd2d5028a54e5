// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { Administered } from "./Administered.sol";
import { Clones } from "./Clones.sol";
import { IDisputeGame } from "./Interfaces.sol";

/// @title Factory of dispute games
/// @notice Stand-in for version 1.6.1. It takes no bonds: none of the games here would give one back.
contract DisputeGameFactory is Administered {
    error GameAlreadyExists(bytes32 uuid);
    error IncorrectBondAmount();
    error NoImplementation(uint32 gameType);

    event DisputeGameCreated(address indexed disputeProxy, uint32 indexed gameType, bytes32 indexed rootClaim);
    event ImplementationSet(address indexed impl, uint32 indexed gameType);
    event ImplementationArgsSet(uint32 indexed gameType, bytes args);

    struct GameSearchResult {
        uint256 index;
        bytes32 metadata;
        uint64 timestamp;
        bytes32 rootClaim;
        bytes extraData;
    }

    string public constant version = "1.6.1";

    address public owner;
    mapping(uint32 => IDisputeGame) public gameImpls;
    mapping(uint32 => bytes) public gameArgs;
    mapping(uint32 => uint256) public initBonds;

    /// A game's id: type (4 bytes), time of its creation (8), address (20).
    bytes32[] private ids;
    mapping(bytes32 => bytes32) private idOf;

    function initVersion() public pure override returns (uint8) {
        return 1;
    }

    function initialize(address initialOwner) external initializer {
        owner = initialOwner;
    }

    function setImplementation(uint32 gameType, IDisputeGame impl, bytes calldata args) external {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        gameImpls[gameType] = impl;
        gameArgs[gameType] = args;
        emit ImplementationSet(address(impl), gameType);
        emit ImplementationArgsSet(gameType, args);
    }

    function create(
        uint32 gameType,
        bytes32 rootClaim,
        bytes calldata extraData
    ) external payable returns (IDisputeGame proxy) {
        IDisputeGame implementation = gameImpls[gameType];
        if (address(implementation) == address(0)) revert NoImplementation(gameType);
        if (msg.value != initBonds[gameType]) revert IncorrectBondAmount();
        bytes memory args = abi.encodePacked(
            msg.sender, rootClaim, blockhash(block.number - 1), gameType, extraData, gameArgs[gameType]
        );
        proxy = IDisputeGame(Clones.clone(address(implementation), args));
        proxy.initialize{ value: msg.value }();
        bytes32 uuid = getGameUUID(gameType, rootClaim, extraData);
        if (idOf[uuid] != 0) revert GameAlreadyExists(uuid);
        bytes32 id = bytes32(abi.encodePacked(gameType, uint64(block.timestamp), proxy));
        idOf[uuid] = id;
        ids.push(id);
        emit DisputeGameCreated(address(proxy), gameType, rootClaim);
    }

    function getGameUUID(uint32 gameType, bytes32 rootClaim, bytes calldata extraData) public pure returns (bytes32) {
        return keccak256(abi.encode(gameType, rootClaim, extraData));
    }

    function gameCount() external view returns (uint256) {
        return ids.length;
    }

    function gameAtIndex(uint256 index) external view returns (uint32 gameType, uint64 timestamp, IDisputeGame proxy) {
        return unpack(ids[index]);
    }

    function games(
        uint32 gameType,
        bytes32 rootClaim,
        bytes calldata extraData
    ) external view returns (IDisputeGame proxy, uint64 timestamp) {
        (, timestamp, proxy) = unpack(idOf[getGameUUID(gameType, rootClaim, extraData)]);
    }

    /// @notice The newest games of a type, from a number on downwards, `most` of them or all there are.
    function findLatestGames(
        uint32 gameType,
        uint256 start,
        uint256 most
    ) external view returns (GameSearchResult[] memory found) {
        if (start >= ids.length || most == 0) return found;
        found = new GameSearchResult[](most);
        uint256 count = 0;
        for (uint256 left = start + 1; left > 0 && count < most; left--) {
            bytes32 id = ids[left - 1];
            (uint32 itsType, uint64 timestamp, IDisputeGame proxy) = unpack(id);
            if (itsType != gameType) continue;
            found[count++] = GameSearchResult(left - 1, id, timestamp, proxy.rootClaim(), proxy.extraData());
        }
        assembly {
            mstore(found, count)
        }
    }

    function unpack(bytes32 id) private pure returns (uint32 gameType, uint64 timestamp, IDisputeGame proxy) {
        return (uint32(bytes4(id)), uint64(uint256(id) >> 160), IDisputeGame(address(uint160(uint256(id)))));
    }
}
