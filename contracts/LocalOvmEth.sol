// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title The ETH predeploy of the local stack's L2
/// @notice Stands at 0x4200000000000000000000000000000000000006 in place of the legacy OVM_ETH, on a chain whose ETH is
///         the EVM's own balance. `mint` pays from this contract's reserve. `burn` cannot debit an account, as nothing in
///         an EVM can: it checks the balance and emits `NativeDebit`, and the local sequencer moves the amount back into
///         the reserve before anybody sees the block or another one is produced.
contract LocalOvmEth {
    address private constant BRIDGE = 0x4200000000000000000000000000000000000010;

    string public constant name = "Ether";
    string public constant symbol = "ETH";
    uint8 public constant decimals = 18;

    /// @notice ETH bridged to L2 less ETH withdrawn. Slot 0: the local stack's genesis sets it to what L2 starts with.
    uint256 public totalSupply;

    /// @dev What a burn of the current block still has to debit, so that two burns in one block cannot overspend.
    mapping(address => uint256) private debitBlock;
    mapping(address => uint256) private openDebit;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Mint(address indexed _account, uint256 _amount);
    event Burn(address indexed _account, uint256 _amount);
    event NativeDebit(address indexed from, uint256 amount);

    modifier onlyBridge() {
        require(msg.sender == BRIDGE, "Only L2 Bridge can mint and burn");
        _;
    }

    function mint(address to, uint256 amount) external onlyBridge {
        require(address(this).balance >= amount, "LocalOvmEth: reserve is empty");
        totalSupply += amount;
        forcePay(to, amount);
        emit Transfer(address(0), to, amount);
        emit Mint(to, amount);
    }

    function burn(address from, uint256 amount) external onlyBridge {
        uint256 debited = debitBlock[from] == block.number ? openDebit[from] : 0;
        require(from.balance >= debited + amount, "LocalOvmEth: burn amount exceeds balance");
        debitBlock[from] = block.number;
        openDebit[from] = debited + amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
        emit Burn(from, amount);
        emit NativeDebit(from, amount);
    }

    /// @dev Pays without running the receiver's code, as the legacy OVM_ETH credited balances directly: creates a contract
    ///      whose creation code is `PUSH20 to, SELFDESTRUCT`.
    function forcePay(address to, uint256 amount) private {
        bytes memory code = abi.encodePacked(hex"73", to, hex"ff");
        address created;
        assembly {
            created := create(amount, add(code, 32), mload(code))
        }
        require(created != address(0), "LocalOvmEth: payment failed");
    }

    function balanceOf(address account) external view returns (uint256) {
        return account.balance;
    }

    function allowance(address, address) external pure returns (uint256) {
        return 0;
    }

    function l1Token() external pure returns (address) {
        return address(0);
    }

    function l2Bridge() external pure returns (address) {
        return BRIDGE;
    }

    /// @dev ERC-165 and IL2StandardERC20 (l1Token ^ mint ^ burn), which the standard bridge asks for.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x1d1d8b63;
    }

    function transfer(address, uint256) external pure returns (bool) {
        revert("OVM_ETH: transfer is disabled");
    }

    function approve(address, uint256) external pure returns (bool) {
        revert("OVM_ETH: approve is disabled");
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        revert("OVM_ETH: transferFrom is disabled");
    }
}
