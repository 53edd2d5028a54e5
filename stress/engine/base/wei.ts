import { parseEther } from "ethers";

/** Wei of a number of ether as JSON has it. */
export const weiOf = (ether: number): bigint =>
  // The shortest decimal that is this number, as the file has it; toFixed would show the binary fraction.
  parseEther(ether.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 18 }));
