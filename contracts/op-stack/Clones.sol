// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Clones that carry arguments
/// @notice An EIP-1167 proxy whose arguments stand behind its 45 bytes of code, where the contract that it clones reads
///         them. The field's clones hand theirs over in calldata; from the outside both are the same.
library Clones {
    uint256 private constant CODE = 45;

    /// @notice Deploys a clone of an implementation.
    function clone(address implementation, bytes memory arguments) internal returns (address instance) {
        uint256 size = CODE + arguments.length;
        bytes memory creation = abi.encodePacked(
            // Copies what follows it (PUSH3 size, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, RETURN) and returns it as code.
            hex"62", uint24(size), hex"80600d6000396000f3",
            hex"363d3d373d3d3d363d73", implementation, hex"5af43d82803e903d91602b57fd5bf3",
            arguments
        );
        assembly {
            instance := create(0, add(creation, 32), mload(creation))
        }
        require(instance != address(0), "clone failed");
    }

    /// @notice The arguments of the clone that runs this: the code is the clone's, not the implementation's.
    function args() internal view returns (bytes memory read) {
        uint256 size = address(this).code.length - CODE;
        read = new bytes(size);
        assembly {
            extcodecopy(address(), add(read, 32), CODE, size)
        }
    }
}
