// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { IOwned } from "./Interfaces.sol";

/// @title A contract behind a proxy
/// @notice It is initialised once, by the proxy's admin or the admin's owner. An implementation itself never is.
abstract contract Administered {
    error ProxyAdminOwnedBase_NotProxyAdminOrProxyAdminOwner();

    event Initialized(uint8 version);

    /// EIP-1967: where a proxy has its admin.
    bytes32 private constant ADMIN_SLOT = bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1);

    uint8 private initializedVersion;

    constructor() {
        initializedVersion = type(uint8).max;
    }

    /// @notice For `initialize`, which runs once.
    modifier initializer() {
        require(initializedVersion == 0, "Initializable: contract is already initialized");
        if (msg.sender != proxyAdmin() && msg.sender != proxyAdminOwner()) {
            revert ProxyAdminOwnedBase_NotProxyAdminOrProxyAdminOwner();
        }
        initializedVersion = initVersion();
        _;
        emit Initialized(initVersion());
    }

    function initVersion() public pure virtual returns (uint8);

    function proxyAdmin() public view returns (address admin) {
        bytes32 slot = ADMIN_SLOT;
        assembly {
            admin := sload(slot)
        }
    }

    function proxyAdminOwner() public view returns (address) {
        return IOwned(proxyAdmin()).owner();
    }
}
