/**
 * What somebody with a very long chart waits for, measured in the page that is released. `cargo xtask scale` makes the
 * chart and runs this.
 *
 *     MEDKEY_RECORDS   how many records the patient has
 */
import { connect, go } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { wallet } from "./support/wallet.js";

const RECORDS = Number(process.env.MEDKEY_RECORDS);
const figures = [];
const figure = (name, value) => figures.push([name, value]);
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Milliseconds until `done` came true. */
async function took(done) {
  const start = performance.now();
  await done();
  return performance.now() - start;
}

const summary = (page) => page.getByText(/ records in \d+ folders/);
const opening = (page) => page.getByText(/^Opening your records on this device/);

/** From the last confirmation in the wallet to the list, and to the whole list. */
async function unlocked(page, name, prompts) {
  await page.getByRole("button", { name: /^Unlock/ }).click();
  await wallet.confirmAll(page, prompts);
  const start = performance.now();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(/Unlock/);
  await go(page, "Records");
  await expect(page.locator(".row--opens").first()).toBeVisible();
  figure(`${name}: first records`, seconds(performance.now() - start));
  await expect(opening(page)).toHaveCount(0);
  await expect(summary(page)).toBeVisible();
  const whole = performance.now() - start;
  figure(`${name}: all ${RECORDS.toLocaleString("en")}`, seconds(whole));
  return whole;
}

test("figures", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await connect(page, PEOPLE.amara);
  const first = await unlocked(page, "first unlock on a device", 2);

  await go(page, "Settings");
  await page.getByRole("button", { name: "Lock now" }).click();
  const again = await unlocked(page, "next unlock there", 1);
  figure("next to first", `${((100 * again) / first).toFixed(0)} %`);

  // Event Timing: from the key to the next frame that shows what it did.
  await page.evaluate(() => {
    window.keys = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") window.keys.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false });
    window.tasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: false });
  });
  const search = page.getByRole("searchbox");
  const typed = "lipid 2015 laboratory";
  const typing = await took(() => search.pressSequentially(typed));
  const keys = (await page.evaluate(() => window.keys)).sort((one, other) => one - other);
  const median = keys.length > typed.length / 2 ? keys[keys.length - Math.ceil(typed.length / 2)] : 16;
  figure("search, key to picture: middle", `${median.toFixed(0)} ms`);
  figure("search, key to picture: slowest", `${(keys.at(-1) ?? 16).toFixed(0)} ms`);
  figure("search, typing 21 keys", seconds(typing));
  await search.fill("");

  const frames = await page.evaluate(async () => {
    window.tasks.length = 0;
    const frame = () => new Promise(requestAnimationFrame);
    const gaps = [];
    let rows = 0;
    let last = await frame();
    const step = document.documentElement.scrollHeight / 600;
    for (let at = 0; at < 600; at++) {
      window.scrollBy(0, step);
      const now = await frame();
      gaps.push(now - last);
      last = now;
      rows = Math.max(rows, document.querySelectorAll(".row--opens").length);
    }
    return { gaps, rows, tasks: window.tasks };
  });
  const late = frames.gaps.filter((gap) => gap > 50).length;
  figure("scrolling through all: frames later than 50 ms", `${late} of ${frames.gaps.length}`);
  figure("scrolling through all: longest frame", `${Math.max(...frames.gaps).toFixed(0)} ms`);
  figure("rows drawn at the most", `${frames.rows}`);

  const width = Math.max(...figures.map(([name]) => name.length));
  console.log(`\n${figures.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n")}\n`);
  await context.close();
});
