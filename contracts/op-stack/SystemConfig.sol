// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import { Administered } from "./Administered.sol";
import { IPortal, ISuperchainConfig, ResourceConfig } from "./Interfaces.sol";

/// @title What is configured of the rollup
/// @notice Stand-in for version 4.0.0: no batch inbox, no `setGasConfig`. Messenger and bridge before it still ask for the gas
///         paying token.
contract SystemConfig is Administered {
    enum UpdateType {
        BATCHER,
        FEE_SCALARS,
        GAS_LIMIT,
        UNSAFE_BLOCK_SIGNER,
        EIP_1559_PARAMS,
        OPERATOR_FEE_PARAMS,
        MIN_BASE_FEE,
        DA_FOOTPRINT_GAS_SCALAR
    }

    struct Addresses {
        address l1CrossDomainMessenger;
        address l1ERC721Bridge;
        address l1StandardBridge;
        address optimismPortal;
        address optimismMintableERC20Factory;
        address delayedWETH;
        address opcm;
    }

    event ConfigUpdate(uint256 indexed version, UpdateType indexed updateType, bytes data);

    string public constant version = "4.0.0";
    uint256 public constant VERSION = 0;
    uint256 public constant overhead = 0;

    /// What stands for ETH where a token may.
    address private constant ETHER = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
    ResourceConfig private metering;
    Addresses private contracts;

    address public owner;
    bytes32 public batcherHash;
    uint64 public gasLimit;
    uint32 public basefeeScalar;
    uint32 public blobbasefeeScalar;
    uint32 public operatorFeeScalar;
    uint64 public operatorFeeConstant;
    uint64 public minBaseFee;
    uint16 public daFootprintGasScalar;
    uint256 public l2ChainId;
    uint256 public startBlock;
    address public unsafeBlockSigner;
    ISuperchainConfig public superchainConfig;

    modifier onlyOwner() {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        _;
    }

    function initVersion() public pure override returns (uint8) {
        return 4;
    }

    function initialize(
        address initialOwner,
        uint32 initialBasefeeScalar,
        uint32 initialBlobbasefeeScalar,
        bytes32 initialBatcherHash,
        uint64 initialGasLimit,
        address initialUnsafeBlockSigner,
        ResourceConfig calldata config,
        Addresses calldata addresses,
        uint256 chainId,
        ISuperchainConfig superchain
    ) external initializer {
        owner = initialOwner;
        superchainConfig = superchain;
        metering = config;
        contracts = addresses;
        l2ChainId = chainId;
        startBlock = block.number;
        batcherHash = initialBatcherHash;
        gasLimit = initialGasLimit;
        unsafeBlockSigner = initialUnsafeBlockSigner;
        basefeeScalar = initialBasefeeScalar;
        blobbasefeeScalar = initialBlobbasefeeScalar;
    }

    function resourceConfig() external view returns (ResourceConfig memory) {
        return metering;
    }

    function getAddresses() external view returns (Addresses memory) {
        return contracts;
    }

    function l1CrossDomainMessenger() external view returns (address) {
        return contracts.l1CrossDomainMessenger;
    }

    function l1ERC721Bridge() external view returns (address) {
        return contracts.l1ERC721Bridge;
    }

    function l1StandardBridge() external view returns (address) {
        return contracts.l1StandardBridge;
    }

    function optimismPortal() public view returns (address) {
        return contracts.optimismPortal;
    }

    function optimismMintableERC20Factory() external view returns (address) {
        return contracts.optimismMintableERC20Factory;
    }

    function disputeGameFactory() external view returns (address) {
        return IPortal(optimismPortal()).disputeGameFactory();
    }

    function guardian() external view returns (address) {
        return superchainConfig.guardian();
    }

    function paused() external view returns (bool) {
        return superchainConfig.paused();
    }

    function isCustomGasToken() external pure returns (bool) {
        return false;
    }

    function gasPayingToken() external pure returns (address token, uint8 decimals) {
        return (ETHER, 18);
    }

    function isFeatureEnabled(bytes32) external pure returns (bool) {
        return false;
    }

    /// @notice The fee scalars in one word, as L2's attributes have them.
    function scalar() external view returns (uint256) {
        return (1 << 248) | (uint256(blobbasefeeScalar) << 32) | basefeeScalar;
    }

    function setGasConfigEcotone(uint32 newBasefeeScalar, uint32 newBlobbasefeeScalar) external onlyOwner {
        basefeeScalar = newBasefeeScalar;
        blobbasefeeScalar = newBlobbasefeeScalar;
        uint256 word = (1 << 248) | (uint256(newBlobbasefeeScalar) << 32) | newBasefeeScalar;
        emit ConfigUpdate(VERSION, UpdateType.FEE_SCALARS, abi.encode(uint256(0), word));
    }

    function setOperatorFeeScalars(uint32 newScalar, uint64 newConstant) external onlyOwner {
        operatorFeeScalar = newScalar;
        operatorFeeConstant = newConstant;
        uint256 word = (uint256(newScalar) << 64) | newConstant;
        emit ConfigUpdate(VERSION, UpdateType.OPERATOR_FEE_PARAMS, abi.encode(word));
    }

    function setMinBaseFee(uint64 newMinBaseFee) external onlyOwner {
        minBaseFee = newMinBaseFee;
        emit ConfigUpdate(VERSION, UpdateType.MIN_BASE_FEE, abi.encode(newMinBaseFee));
    }

    function setDAFootprintGasScalar(uint16 newScalar) external onlyOwner {
        daFootprintGasScalar = newScalar;
        emit ConfigUpdate(VERSION, UpdateType.DA_FOOTPRINT_GAS_SCALAR, abi.encode(newScalar));
    }

    function setGasLimit(uint64 newGasLimit) external onlyOwner {
        gasLimit = newGasLimit;
        emit ConfigUpdate(VERSION, UpdateType.GAS_LIMIT, abi.encode(newGasLimit));
    }
}
