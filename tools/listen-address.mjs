// Where something is served: a host and a port, as one text.

/** Nobody else's machine is to see it, unless a host is named. */
const OWN_HOST = "127.0.0.1";

const MOST_PORT = 65_535;

/**
 * A port, or a host and a port (`9464`, `127.0.0.1:9464`, `[::1]:9464`), as host and port; undefined where it is neither.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function listenAddress(text) {
  const [, host = OWN_HOST, port = ""] = /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  return port !== "" && Number(port) <= MOST_PORT ? `${host}:${Number(port)}` : undefined;
}

/**
 * The host, without brackets, and the port of such an address.
 *
 * @param {string} address
 */
export function partsOfAddress(address) {
  const colon = address.lastIndexOf(":");
  return {
    host: address.slice(0, colon).replaceAll(/[[\]]/g, ""),
    port: Number(address.slice(colon + 1)),
  };
}
