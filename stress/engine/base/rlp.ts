/** The bytes that hexadecimal stands for. ethers' own reads it digit by digit: fifty times the time. @param hex with 0x */
export const bytesOf = (hex: string): Buffer => Buffer.from(hex.slice(2), "hex");

/** A number as RLP wants it: without leading zeros, and zero as nothing. Hexadecimal without 0x. */
export function rlpNumber(value: bigint | number): string {
  const digits = value.toString(16);
  if (digits === "0") return "";
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/** Bytes in hexadecimal without 0x, or a list as `rlpList` made it. */
export type RlpItem = string | { readonly list: string };

/**
 * A list of byte strings in RLP (Yellow Paper, appendix B). ethers' own makes arrays of numbers of each: ten times the time, several times
 * a transaction.
 *
 * @returns hexadecimal without 0x
 */
export function rlpList(items: readonly RlpItem[]): string {
  let payload = "";
  for (const item of items) payload += typeof item === "string" ? ofString(item) : item.list;
  return head(0xc0, payload.length / 2) + payload;
}

function ofString(item: string): string {
  if (item.length === 2 && Number.parseInt(item, 16) < 0x80) return item;
  return head(0x80, item.length / 2) + item;
}

/** What stands before so many bytes: up to 55 in one byte, else their number with its own length before it. */
function head(offset: number, length: number): string {
  if (length <= 55) return (offset + length).toString(16);
  const digits = rlpNumber(length);
  return (offset + 55 + digits.length / 2).toString(16) + digits;
}
