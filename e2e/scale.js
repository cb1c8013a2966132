/**
 * What people wait for who have very much, measured in the page that is released. `cargo xtask scale` makes what there
 * is much of, and runs this.
 *
 *     MEDKEY_ROLE     patient, doctor, laboratory or registry
 *     MEDKEY_NUMBER   how many records, patients, deliveries or doctors there are
 *     MEDKEY_FIGURES  where the figures go
 */
import { writeFileSync } from "node:fs";
import { PATIENT, PROMPTS, connect, go, register } from "./support/acts.js";
import { PEOPLE, expect, test } from "./support/fixtures.js";
import { wallet } from "./support/wallet.js";

const NUMBER = Number(process.env.MEDKEY_NUMBER);
const ALL = NUMBER.toLocaleString("en");
const figures = [];
const figure = (name, value) => figures.push([name, value]);
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Milliseconds until `done` came true. */
async function took(done) {
  const start = performance.now();
  await done();
  return performance.now() - start;
}

const rows = (page) => page.locator("main .row--opens");

/** From the last confirmation in the wallet to the page behind it. */
async function unlock(page, prompts) {
  await page.getByRole("button", { name: /^Unlock/ }).click();
  await wallet.confirmAll(page, prompts);
  const start = performance.now();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(/Unlock/);
  return start;
}

/** From a moment to the first rows of a place, and until what says that more are to come is gone. */
async function fills(page, name, start, whole) {
  await expect(rows(page).first()).toBeVisible();
  figure(`${name}: first rows`, seconds(performance.now() - start));
  await whole();
  const all = performance.now() - start;
  figure(`${name}: all ${ALL}`, seconds(all));
  return all;
}

/** Watches from here on how long the page needs for a key, and what keeps it busy. */
const watch = (page) =>
  page.evaluate(() => {
    // Event Timing: from the key to the next frame that shows what it did.
    window.keys = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") window.keys.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: false });
  });

/** Types into the search, and measures until the page answers each key. */
async function searches(page, typed) {
  await watch(page);
  const search = page.getByRole("searchbox");
  const typing = await took(() => search.pressSequentially(typed));
  const keys = (await page.evaluate(() => window.keys)).sort((one, other) => one - other);
  // What took less than 16 ms is not told.
  const median = keys.length > typed.length / 2 ? keys[keys.length - Math.ceil(typed.length / 2)] : 16;
  figure("search, key to picture: middle", `${median.toFixed(0)} ms`);
  figure("search, key to picture: slowest", `${(keys.at(-1) ?? 16).toFixed(0)} ms`);
  figure(`search, typing ${typed.length} keys`, seconds(typing));
  figure("rows found", `${await rows(page).count()} drawn`);
  await search.fill("");
}

/** Scrolls through everything, frame by frame. */
async function scrolls(page) {
  await expect(rows(page).first()).toBeVisible();
  const frames = await page.evaluate(async () => {
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
      rows = Math.max(rows, document.querySelectorAll("main .row--opens").length);
    }
    return { gaps, rows };
  });
  const late = frames.gaps.filter((gap) => gap > 50).length;
  figure("scrolling through all: frames later than 50 ms", `${late} of ${frames.gaps.length}`);
  figure("scrolling through all: longest pause", `${Math.max(...frames.gaps).toFixed(0)} ms`);
  figure("rows drawn at the most", `${frames.rows}`);
}

const ROLES = {
  async patient(page) {
    const whole = async () => {
      await expect(page.getByText(/^Opening your records on this device/)).toHaveCount(0);
      await expect(page.getByText(/ records in \d+ folders/)).toBeVisible();
    };
    await connect(page, PEOPLE.amara);
    let start = await unlock(page, 2);
    await go(page, "Records");
    const first = await fills(page, "first unlock on a device", start, whole);
    await go(page, "Settings");
    await page.getByRole("button", { name: "Lock now" }).click();
    start = await unlock(page, 1);
    await go(page, "Records");
    const again = await fills(page, "next unlock there", start, whole);
    figure("next to first", `${((100 * again) / first).toFixed(0)} %`);
    await searches(page, "lipid 2015 laboratory");
    await scrolls(page);
  },

  async doctor(page) {
    await connect(page, PEOPLE.lindqvist);
    const start = await unlock(page, 2);
    await go(page, "Patients");
    const whole = () => expect(page.getByText(/patients share .*with you/)).toContainText(ALL);
    await fills(page, "first unlock on a device", start, whole);
    await searches(page, "patient 0x4");
    await scrolls(page);
  },

  async laboratory(page) {
    await connect(page, PEOPLE.nordlab);
    const start = await unlock(page, 2);
    await go(page, "Delivered");
    const whole = () => expect(page.getByText(/reports, encrypted for/)).toContainText(ALL);
    await fills(page, "first unlock on a device", start, whole);
    await go(page, "Settings");
    await page.getByRole("button", { name: "Lock now" }).click();
    const again = await unlock(page, 1);
    await go(page, "Delivered");
    await fills(page, "next unlock there", again, whole);
    await searches(page, "lipid panel, no. 12");
    await scrolls(page);
  },

  async registry(page, browser) {
    await connect(page, PEOPLE.registrar);
    await expect(page.getByRole("heading", { level: 1, name: "To verify" })).toBeVisible();
    let start = performance.now();
    await go(page, "Members");
    const whole = () => expect(page.getByText(/ read so far…$/)).toHaveCount(0);
    await fills(page, "the registrar's members", start, whole);
    await searches(page, "adeyemi cardio hh-0");
    await scrolls(page);
    start = performance.now();
    await go(page, "Overview");
    await expect(page.getByText(/chosen at random/)).toBeVisible();
    figure("overview, members compared with the chain", seconds(performance.now() - start));

    // The same registry as somebody sees who looks for a doctor.
    const context = await browser.newContext();
    const other = await context.newPage();
    await connect(other, "Someone new");
    await register(other, PATIENT("Ada Lund", "1980-01-01"), PROMPTS.patient);
    await expect(other.getByRole("heading", { level: 1, name: /, Ada$/ })).toBeVisible();
    await go(other, "People");
    start = performance.now();
    await other.getByRole("link", { name: "Find somebody" }).click();
    await expect(rows(other).first()).toBeVisible();
    figure("a patient's directory: all rows", seconds(performance.now() - start));
    await searches(other, "cardio klinik rossi");
    await scrolls(other);
    await context.close();
  },
};

test("figures", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await ROLES[process.env.MEDKEY_ROLE](page, browser);
  writeFileSync(process.env.MEDKEY_FIGURES, JSON.stringify(figures));
  await context.close();
});
