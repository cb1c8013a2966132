/**
 * The browser tests. They run against a chain, a relay and a page that are up already, fresh and without people:
 * `cargo xtask test` starts them and says where they are.
 *
 *     MEDKEY_PAGE      the page            MEDKEY_RPC       the node of the local chain
 *     MEDKEY_CONTRACT  the contract        MEDKEY_CHROMIUM  the browser; without it Playwright's own
 *     MEDKEY_RELAY     the relay's program MEDKEY_DIST      the built page, for a second relay that pays; without them
 *                                                           they are taken from `target/`
 */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.js",
  outputDir: "results/tests",
  // One chain and one story: the tests of the journey follow each other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  maxFailures: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    baseURL: process.env.MEDKEY_PAGE,
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    actionTimeout: 20_000,
    screenshot: "only-on-failure",
    trace: "off",
    video: "off",
    launchOptions: {
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
    },
  },
});
