// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Super roots
/// @notice A super root is the hash of one byte of version, eight of the L2 time in seconds, and for each chain of the set,
///         in the order of their ids, 32 bytes of chain id and 32 of the output root of its last block at or before that time.
library SuperRoots {
    struct OutputRootWithChainId {
        uint256 chainId;
        bytes32 root;
    }

    struct SuperRootProof {
        bytes1 version;
        uint64 timestamp;
        OutputRootWithChainId[] outputRoots;
    }

    error Encoding_EmptySuperRoot();
    error Encoding_InvalidSuperRootEncoding();
    error Encoding_InvalidSuperRootVersion();

    bytes1 private constant VERSION = 0x01;
    uint256 private constant HEADER = 9;
    uint256 private constant ENTRY = 64;

    /// @notice What an encoded super root says. Its hash is the super root.
    function decode(bytes memory encoded) internal pure returns (SuperRootProof memory proof) {
        if (encoded.length == 0) revert Encoding_EmptySuperRoot();
        if (encoded[0] != VERSION) revert Encoding_InvalidSuperRootVersion();
        if (encoded.length < HEADER || (encoded.length - HEADER) % ENTRY != 0) revert Encoding_InvalidSuperRootEncoding();
        uint256 chains = (encoded.length - HEADER) / ENTRY;
        if (chains == 0) revert Encoding_EmptySuperRoot();
        proof.version = VERSION;
        proof.timestamp = uint64(uint256(word(encoded, 1)) >> 192);
        proof.outputRoots = new OutputRootWithChainId[](chains);
        for (uint256 i = 0; i < chains; i++) {
            uint256 offset = HEADER + i * ENTRY;
            proof.outputRoots[i] = OutputRootWithChainId(uint256(word(encoded, offset)), word(encoded, offset + 32));
        }
    }

    function word(bytes memory encoded, uint256 offset) private pure returns (bytes32 read) {
        assembly {
            read := mload(add(add(encoded, 32), offset))
        }
    }
}
