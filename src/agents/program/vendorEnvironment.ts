/**
 * The environment of a coding agent: what every program gets, what reaches the network and builds code, and the variables
 * of its own vendor. Owns what all of them have in common.
 */
import { allowedEnvironment } from "../../process/environment.ts";
import type { AdapterPlace } from "../adapter.ts";

const COMMON =
  /^(?:GIT_|(?:https?|no|all)_proxy$|NODE_EXTRA_CA_CERTS$|SSL_CERT_|SSH_AUTH_SOCK$|(?:JAVA|CARGO|RUSTUP|GRADLE|MAVEN)_HOME$|GOPATH$|VIRTUAL_ENV$)/i;
/** Set inside a session of an agent: with them a second one would take itself for a nested one. */
const NESTED = new Set(["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SSE_PORT"]);

/** The allowed part of the host's environment; `vendor` matches the names of the vendor's own variables. */
export function vendorEnvironment(
  { environment, allowedVariables = [] }: Pick<AdapterPlace, "environment" | "allowedVariables">,
  vendor: RegExp,
): Record<string, string> {
  const names = Object.keys(environment).filter(
    (name) => (COMMON.test(name) || vendor.test(name)) && !NESTED.has(name),
  );
  return allowedEnvironment(environment, [...names, ...allowedVariables]);
}
