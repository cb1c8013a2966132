/** What goes wrong on an ordinary day: a reload, a lost connection, another account, a desk left alone, a huge file. */
import { PATIENT, PROMPTS, addRecord, chooseRecord, connect, go, real, register } from "./support/acts.js";
import { bigFile } from "./support/big-file.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { looksRight } from "./support/look.js";
import { wallet } from "./support/wallet.js";

test.describe.configure({ mode: "serial" });

const BLOCKS = "**/v1/blocks/**";
const MIB = 1024 * 1024;

test("a patient of his own for these tests", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  await connect(page, PEOPLE.jonas);
  await register(page, PATIENT(PEOPLE.jonas, "1988-01-31"), PROMPTS.patient);
  await expect(page.getByRole("heading", { level: 1, name: /, Jonas$/ })).toBeVisible();
});

test("a declined connection leads back", async ({ stranger: page }) => {
  await connect(page, "Cancel");
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet. Nothing was changed.");
  await expect(page.getByRole("main").getByRole("button", { name: /^Demo wallet/ })).toBeEnabled();
});

test("a reload in the middle of an upload announces nothing, and the file can be added again", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  const path = await bigFile("long-study.bin", 12);
  let passed = 0;
  await page.route(BLOCKS, (route) => (++passed > 4 ? undefined : route.continue()));
  const dialog = await chooseRecord(page, path);
  await dialog.getByRole("button", { name: "Add record" }).click();
  await expect(page.getByRole("region", { name: "Adding Long study" })).toBeVisible();
  await expect.poll(() => passed).toBeGreaterThan(4);
  await looksRight(page, "patient-adding");

  await page.reload();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  // Within the auto-lock time nothing is asked.
  await expect(page.getByRole("heading", { level: 1, name: "Records" })).toBeVisible();
  await wallet.isQuiet(page);
  await expect(page.getByRole("link", { name: "Long study" })).toBeHidden();

  await addRecord(page, path, "Long study");
  await expect(page.getByRole("link", { name: "Long study" })).toBeVisible();
});

test("a lost connection resumes with the next block", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  const path = await bigFile("night-recording.bin", 8);
  const stored = [];
  let away = false;
  await page.route(BLOCKS, async (route) => {
    if (stored.length === 3) away = true;
    if (away) return route.abort("connectionfailed");
    stored.push(route.request().url());
    return route.continue();
  });
  const dialog = await chooseRecord(page, path);
  await dialog.getByRole("button", { name: "Add record" }).click();
  const sheet = page.getByRole("region", { name: "Adding Night recording" });
  await expect(sheet).toContainText("The connection is lost. It goes on by itself when it is back.");
  await page.unrouteAll({ behavior: "wait" });
  const again = [];
  page.on("request", (request) => request.method() === "PUT" && again.push(request.url()));
  await wallet.confirm(page);
  await expect(page.getByText("Night recording is in your chart.")).toBeVisible();
  expect(again.filter((url) => stored.includes(url))).toEqual([]);
});

test("a server that hides an entry is caught, and nothing of its list is shown", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  await page.route("**/v1/charts/*/entries**", async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    // The first answer may be that there is no session yet.
    const json = answer.ok() ? { ...told, entries: told.entries.slice(1) } : told;
    await route.fulfill({ response: answer, json });
  });
  await page.reload();
  await go(page, "Timeline");
  await expect(page.getByRole("alert").getByText(/does not match the chain/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "The server cannot be believed" })).toBeVisible();
  await expect(page.getByText("Complete")).toBeHidden();
  await looksRight(page, "mismatch");
  await page.unroute("**/v1/charts/*/entries**");
  await page.getByRole("button", { name: "Read it again" }).click();
  await expect(page.getByText("Complete")).toBeVisible();
  await go(page, "Records");
});

test("one byte is a record too", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  const dialog = await chooseRecord(page, { name: "one.txt", mimeType: "text/plain", buffer: Buffer.from("7") });
  await dialog.getByRole("button", { name: "Add record" }).click();
  await wallet.confirm(page);
  await expect(page.getByText("One is in your chart.")).toBeVisible();
});

test("200 MiB: cancelled once, then uploaded while the page stays quick and its memory flat", async ({ person }) => {
  test.setTimeout(600_000);
  const page = await person(PEOPLE.jonas);
  await page.addInitScript(showWasmMemory);
  await page.reload();
  const debug = await page.context().newCDPSession(page);
  const path = await bigFile("whole-study.bin", 200);
  const start = async () => {
    const dialog = await chooseRecord(page, path);
    await dialog.getByRole("button", { name: "Add record" }).click();
    return page.getByRole("region", { name: "Adding Whole study" });
  };
  const cancelled = await start();
  await expect(cancelled).toContainText(/uploaded/);
  await cancelled.getByRole("button", { name: "Cancel" }).click();
  await expect(cancelled).toBeHidden();

  const before = await memoryOf(page, debug);
  await page.evaluate(() => {
    window.longestPause = 0;
    let last = performance.now();
    const look = (now) => {
      window.longestPause = Math.max(window.longestPause, now - last);
      last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const started = Date.now();
  await start();
  const asked = wallet.prompt(page).waitFor({ timeout: 500_000 });
  let peak = before;
  let uploading = true;
  const watched = (async () => {
    while (uploading) {
      peak = Math.max(peak, await memoryOf(page, debug));
    }
  })();
  await asked;
  uploading = false;
  await watched;
  await debug.detach();
  const seconds = (Date.now() - started) / 1000;
  const pause = await page.evaluate(() => window.longestPause);
  await wallet.confirm(page);
  await expect(page.getByText("Whole study is in your chart.")).toBeVisible();

  const grown = (peak - before) / MIB;
  console.log(
    `200 MiB encrypted and uploaded in ${seconds.toFixed(1)} s; ` +
      `longest pause ${pause.toFixed(0)} ms; memory grew by at most ${grown.toFixed(0)} MiB`,
  );
  // Somebody who types sees it; a page that encrypts without yielding stands still for many seconds.
  expect(pause).toBeLessThan(1000);
  // A few leaves of 1 MiB, not the file.
  expect(grown).toBeLessThan(32);
});

/**
 * Lets `memoryOf` see the memory of WebAssembly, which the browser does not report. From the next load of the page on.
 */
const showWasmMemory = () => {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const instantiate = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await instantiate(...given);
      window.wasmMemory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
};

/**
 * What the page holds on to, in bytes: JavaScript's heap without garbage, the buffers beside it, and WebAssembly's
 * memory. Not the memory of the process: there the test's own debugger keeps the bodies of all requests.
 */
async function memoryOf(page, debug) {
  await debug.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await debug.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.wasmMemory.buffer.byteLength);
  return usedSize + embedderHeapUsedSize + backingStorageSize + wasm;
}

test("another account is another person: nothing of the one before stays open", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  await go(page, "Records");
  await expect(page.getByRole("link", { name: "Long study" })).toBeVisible();
  await wallet.switchTo(page, "Someone new");
  await expect(page.getByRole("heading", { level: 1, name: "Who are you here?" })).toBeVisible();
  await expect(page.getByText("Long study")).toBeHidden();

  await wallet.switchTo(page, PEOPLE.jonas);
  await expect(page.getByRole("heading", { level: 1, name: "Unlock your record" })).toBeVisible();
  await looksRight(page, "unlock");
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("link", { name: "Long study" })).toBeVisible();
});

test("a declined unlock stays locked and can be tried again", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  await go(page, "Settings");
  await page.getByRole("button", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.decline(page);
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet. Nothing was changed.");
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("a desk left alone locks by itself, on a new device too", async ({ stranger: page }) => {
  await page.clock.install();
  await connect(page, PEOPLE.jonas);
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  // A new device signs in, then unlocks.
  await wallet.confirmAll(page, 2);
  await expect(page.getByRole("heading", { level: 1, name: /, Jonas$/ })).toBeVisible();
  await page.clock.fastForward("14:00");
  await expect(page.getByRole("heading", { level: 1, name: /, Jonas$/ })).toBeVisible();
  await page.clock.fastForward("02:00");
  await expect(page.getByText("It was locked because nothing happened for a while.")).toBeVisible();
  await looksRight(page, "unlock-by-itself");
});

test("an account that disconnects in the wallet is out", async ({ person }) => {
  const page = await person(PEOPLE.jonas);
  await wallet.switchTo(page, "Disconnect");
  await expect(page.getByRole("heading", { name: "Connect your wallet" })).toBeVisible();
  await connect(page, PEOPLE.jonas);
  await page.getByRole("button", { name: "Unlock with Demo wallet" }).click();
  await wallet.confirm(page);
  await addRecord(page, real("head-scan.png"), "Head scan");
});

/** A wallet beside the demo's, on whatever network `window.otherChain` says. It asks nothing and says yes. */
const announceOther = (node) => {
  window.otherChain = "0x1";
  const ask = async (method, params = []) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result, error } = await answer.json();
    if (error) throw error;
    return result;
  };
  const request = async ({ method, params }) => {
    if (method === "eth_chainId") return window.otherChain;
    if (method === "eth_requestAccounts" || method === "eth_accounts") return [(await ask("eth_accounts"))[6]];
    if (method === "wallet_switchEthereumChain") throw { code: 4902, message: "Unknown network" };
    if (method === "wallet_addEthereumChain") throw { code: 4001, message: "Declined" };
    return ask(method, params);
  };
  const info = { uuid: crypto.randomUUID(), name: "Other wallet", icon: "data:image/svg+xml,", rdns: "test.other" };
  const detail = Object.freeze({ info, provider: { request, on() {}, removeListener() {} } });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
};

test("a wallet on another network leads back, at the door and in the middle of an act", async ({ stranger: page }) => {
  await page.addInitScript(announceOther, process.env.MEDKEY_RPC);
  const moveTo = (chain) => page.evaluate((chain) => (window.otherChain = chain), chain);
  const other = page.getByRole("main").getByRole("button", { name: /^Other wallet/ });
  await page.goto("/");
  await other.click();
  await expect(page.getByRole("alert")).toContainText("You declined in the wallet. Nothing was changed.");
  await moveTo("0x7a69");
  await other.click();
  await page.getByRole("button", { name: "Unlock with Other wallet" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /, Jonas$/ })).toBeVisible();

  await moveTo("0x1");
  const dialog = await chooseRecord(page, real("blood-count.pdf"));
  await expect(dialog.getByLabel("Title")).toHaveValue("Full blood count");
  await dialog.getByRole("button", { name: "Add record" }).click();
  const sheet = page.getByRole("region", { name: "Adding Full blood count" });
  await expect(sheet).toContainText("The wallet is on another network.");
  await looksRight(page, "wrong-network");
  await moveTo("0x7a69");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Full blood count is in your chart.")).toBeVisible();
});
