/**
 * A second relay beside the tests' own, which pays for what members sign. It follows the same chain, serves the same
 * page, and keeps its data in a folder of its own.
 *
 *     MEDKEY_RELAY   the relay's program    MEDKEY_DIST   the built page
 *
 * Without them they are looked for where `cargo xtask test` builds them.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

const root = fileURLToPath(new URL("../..", import.meta.url));
const built = (path) => resolve(root, process.env.CARGO_TARGET_DIR ?? "target", path);
const PROGRAM = process.env.MEDKEY_RELAY ?? built("debug/medkey-relay");
const DIST = process.env.MEDKEY_DIST ?? built("browser-journey/page");
const NODE = process.env.MEDKEY_RPC;
/** The ninth account of every local chain: rich, known to everybody, and nobody in the demo. */
const PAYER = "0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * @param {{ quota: number }} terms transactions paid for one account in a day
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPayingRelay({ quota }) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const data = mkdtempSync(join(tmpdir(), "medkey-paying-relay-"));
  const log = openSync(join(data, "relay.log"), "w");
  const relay = spawn(PROGRAM, [], {
    stdio: ["ignore", log, log],
    env: {
      MEDKEY_RELAY_LISTEN: `127.0.0.1:${port}`,
      MEDKEY_RELAY_ORIGIN: url,
      MEDKEY_RELAY_PAGE: DIST,
      MEDKEY_RELAY_PAGE_CONNECT: NODE,
      MEDKEY_RELAY_DATA: join(data, "relay"),
      MEDKEY_RELAY_RPC: NODE,
      MEDKEY_RELAY_CHAIN_ID: "31337",
      MEDKEY_RELAY_CONTRACT: process.env.MEDKEY_CONTRACT,
      MEDKEY_RELAY_DEPLOYMENT_BLOCK: "1",
      MEDKEY_RELAY_POLL_MS: "250",
      MEDKEY_RELAY_PAYER_KEY: PAYER,
      MEDKEY_RELAY_PAYER_QUOTA: String(quota),
    },
  });
  closeSync(log);
  const ended = new Promise((resolve) => {
    relay.once("exit", (code) => resolve(`the paying relay ended with ${code}; see ${data}/relay.log`));
    relay.once("error", (error) => resolve(`the paying relay cannot be started: ${error.message}`));
  });
  const isReady = () => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  await Promise.race([
    // Once it has followed the chain to its end.
    expect.poll(isReady, { message: "the paying relay is not ready" }).toBe(true),
    ended.then((why) => Promise.reject(new Error(why))),
  ]);
  return {
    url,
    async stop() {
      relay.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true });
    },
  };
}
