import { endpointName, NoAnswer } from "../engine/rpc/index.ts";

/** Statuses that say where else to ask. */
const REDIRECTS = [301, 302, 303, 307, 308];
const FOR_GOOD = [301, 308];

/** Where an endpoint sends its clients. */
export interface Redirect {
  readonly to: URL;
  /** Whether later requests may go there at once. */
  readonly isForGood: boolean;
}

/**
 * Reads where an answer sends its client, undefined where it does not. It is followed from this machine to this machine, and
 * from elsewhere to elsewhere, by the same scheme: whoever named the endpoint expects no other.
 *
 * @throws {NoAnswer} where it must not be followed; it names where to
 */
export function redirectOf(from: URL, status: number, location: string | undefined): Redirect | undefined {
  if (!REDIRECTS.includes(status)) return undefined;
  if (location === undefined || !URL.canParse(location, from.href))
    throw new NoAnswer("redirect", `HTTP status ${status} without a place to go to`);
  const to = new URL(location, from);
  if (to.protocol !== from.protocol || isLoopback(to) !== isLoopback(from)) throw elsewhere(status, to);
  // A URL's credentials are for whom they were given for.
  if (to.host === from.host) [to.username, to.password] = [from.username, from.password];
  return { to, isForGood: FOR_GOOD.includes(status) };
}

/** The error of an endpoint that is elsewhere. The place's path may be a secret. */
export const elsewhere = (status: number, to: URL): NoAnswer =>
  new NoAnswer(
    "redirect",
    `it redirects to ${endpointName(to.href)} (HTTP status ${status}): name the endpoint there in the target`,
  );

/** RFC 6761, 6.3, and RFC 1122, 3.2.1.3: names and addresses of this machine. */
const isLoopback = ({ hostname }: URL): boolean =>
  /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
