/** A page with nothing but the demo wallet, served under the policy that the relay gives the real page. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const WALLET = new URL("../../crates/app/js/demo-wallet.js", import.meta.url);

const page = (node) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>A page that meets a wallet</title>
    <script type="module" src="/demo-wallet.js" data-medkey-demo-wallet data-node="${node}"></script>
  </head>
  <body>
    <main><h1>A page that meets a wallet</h1></main>
  </body>
</html>`;

const policy = (node) =>
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  `font-src 'self'; connect-src 'self' ${node}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * @param {string} node the address of the local chain's node
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveWallet(node) {
  const server = createServer(async (request, response) => {
    const isPage = request.url === "/";
    if (!isPage && request.url !== "/demo-wallet.js") return void response.writeHead(404).end();
    response.setHeader("content-security-policy", policy(node));
    response.setHeader("content-type", isPage ? "text/html" : "text/javascript");
    response.end(isPage ? page(node) : await readFile(WALLET));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
