// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A liquidity pool that pays wrongly
/// @notice Stands behind a pool's proxy in place of the real implementation while a fault plan says so. Everything goes on
///         to the real one; of some payments it changes the arguments first. What it knows lies in the pool's own storage
///         from `CONFIG` on, far away from the pool's variables, where the local stack writes it.
contract DoctoredPool {
    struct Config {
        /// The implementation that it stands in for.
        address real;
        /// Who is paid instead; zero: the right one.
        address to;
        /// Wei taken from the amount that the pool is told.
        uint256 less;
        /// Payments out of 10,000 that are hit.
        uint256 share;
        /// Payments that may still be hit.
        uint256 left;
        /// Payments seen so far: together with the seed, each draws its number.
        uint256 seen;
        bytes32 seed;
    }

    uint256 private constant CONFIG = uint256(keccak256("rollup-stress: doctored pool"));

    bytes4 private constant PAY_L1 = bytes4(keccak256("clientPayL1(address,uint256,address)"));
    bytes4 private constant PAY_L2 = bytes4(keccak256("clientPayL2(address,uint256,address)"));

    /// @notice A payment was changed. Amounts are the deposit's, before the pool's fees.
    event Doctored(address to, uint256 amount, address wrongTo, uint256 wrongAmount);

    fallback() external payable {
        bytes memory data = msg.data;
        if (msg.sig == PAY_L1 || msg.sig == PAY_L2) data = doctored();
        (bool success, bytes memory answer) = config().real.delegatecall(data);
        assembly {
            switch success
            case 0 { revert(add(answer, 32), mload(answer)) }
            default { return(add(answer, 32), mload(answer)) }
        }
    }

    receive() external payable {
        (bool success, ) = config().real.delegatecall("");
        require(success);
    }

    function doctored() private returns (bytes memory) {
        (address to, uint256 amount, address token) = abi.decode(msg.data[4:], (address, uint256, address));
        Config storage its = config();
        bool isHit = its.left > 0 && uint256(keccak256(abi.encode(its.seed, its.seen))) % 10_000 < its.share;
        its.seen++;
        if (!isHit) return msg.data;
        its.left--;
        address wrongTo = its.to == address(0) ? to : its.to;
        uint256 wrongAmount = amount > its.less ? amount - its.less : 0;
        emit Doctored(to, amount, wrongTo, wrongAmount);
        return abi.encodeWithSelector(msg.sig, wrongTo, wrongAmount, token);
    }

    function config() private pure returns (Config storage its) {
        uint256 slot = CONFIG;
        assembly {
            its.slot := slot
        }
    }
}
