#!/usr/bin/env node
// Cargo's runner for wasm tests that need a browser: wasm-bindgen's own runner serves the test page,
// headless Chromium opens it, and what the page reports is printed for xtask to count.
// (The runner's own headless mode needs a chromedriver of exactly Chromium's version.)

import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../e2e/package.json", import.meta.url))("@playwright/test");

const server = spawn(process.env.MEDKEY_WASM_TEST_RUNNER, process.argv.slice(2), {
  env: {
    ...process.env,
    NO_HEADLESS: "1",
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0",
  },
  stdio: ["ignore", "pipe", "inherit"],
});

// A binary without tests is never served: the runner says so and ends.
const address = await new Promise((resolve) => {
  let printed = "";
  server.stdout.on("data", (chunk) => {
    process.stdout.write(chunk);
    printed += chunk;
    const found = printed.match(/http:\/\/127\.0\.0\.1:\d+/);
    if (found) resolve(found[0]);
  });
  server.on("close", (code) => process.exit(code ?? 1));
});

const browser = await chromium.launch({
  executablePath: process.env.MEDKEY_CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const page = await browser.newPage();
page.on("pageerror", (error) => console.error(error));
await page.goto(address);
const output = page.locator("#output");
let failed = true;
try {
  await output.filter({ hasText: "test result: " }).waitFor({ timeout: 300_000 });
  failed = !(await output.innerText()).includes("test result: ok");
} finally {
  console.log(await output.innerText());
  server.removeAllListeners("close");
  server.kill();
  await browser.close();
}
process.exit(failed ? 1 : 0);
