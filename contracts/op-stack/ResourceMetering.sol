// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { ResourceConfig } from "./Interfaces.sol";

/// @title The market of deposits' L2 gas
/// @notice A block's deposits may ask for `maxResourceLimit` gas; its base fee follows the gas asked for as EIP-1559's does, and
///         is paid by burning L1 gas of the same worth.
abstract contract ResourceMetering {
    error OutOfGas();

    struct ResourceParams {
        uint128 prevBaseFee;
        uint64 prevBoughtGas;
        uint64 prevBlockNum;
    }

    uint256 private constant ONE = 1e18;
    /// The L1 base fee counts as at least this: otherwise deposits burn any amount of gas on a cheap L1. Wei.
    uint256 private constant LEAST_L1_BASE_FEE = 1 gwei;

    ResourceParams public params;

    function resources() internal view virtual returns (ResourceConfig memory);

    /// @notice Runs the function, then buys the gas for it: what the function itself has used counts as burnt.
    modifier metered(uint64 gasLimit) {
        uint256 before = gasleft();
        _;
        ResourceConfig memory config = resources();
        if (block.number > params.prevBlockNum) startBlock(config);
        params.prevBoughtGas += gasLimit;
        if (params.prevBoughtGas > config.maxResourceLimit) revert OutOfGas();
        uint256 l1BaseFee = block.basefee > LEAST_L1_BASE_FEE ? block.basefee : LEAST_L1_BASE_FEE;
        uint256 due = (uint256(gasLimit) * params.prevBaseFee) / l1BaseFee;
        uint256 used = before - gasleft();
        if (due > used) burn(due - used);
    }

    function startMetering() internal {
        params = ResourceParams(1 gwei, 0, uint64(block.number));
    }

    /// @notice Uses up that much gas.
    function burn(uint256 gas) private view {
        uint256 before = gasleft();
        for (uint256 i = 0; before - gasleft() < gas; i++) {}
    }

    /// @notice Moves the base fee by what the last block with deposits had, and lets it fall for each one without.
    function startBlock(ResourceConfig memory config) private {
        int256 target = int256(uint256(config.maxResourceLimit / config.elasticityMultiplier));
        int256 denominator = int256(uint256(config.baseFeeMaxChangeDenominator));
        int256 fee = int256(uint256(params.prevBaseFee));
        int256 next = clamp(fee + (fee * (int256(uint256(params.prevBoughtGas)) - target)) / (target * denominator), config);
        uint256 empty = block.number - params.prevBlockNum - 1;
        if (empty > 0) {
            uint256 share = power(ONE - ONE / uint256(denominator), empty);
            next = clamp(int256((uint256(next) * share) / ONE), config);
        }
        params = ResourceParams(uint128(uint256(next)), 0, uint64(block.number));
    }

    function clamp(int256 fee, ResourceConfig memory config) private pure returns (int256) {
        int256 least = int256(uint256(config.minimumBaseFee));
        int256 most = int256(uint256(config.maximumBaseFee));
        return fee < least ? least : fee > most ? most : fee;
    }

    /// @notice A fraction of `ONE` to a whole power.
    function power(uint256 base, uint256 exponent) private pure returns (uint256 result) {
        result = ONE;
        for (; exponent > 0; exponent >>= 1) {
            if (exponent & 1 == 1) result = (result * base) / ONE;
            base = (base * base) / ONE;
        }
    }
}
