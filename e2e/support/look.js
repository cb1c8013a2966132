/**
 * What every page must pass: no violation that axe knows of, and pictures of it in both widths and both themes.
 *
 * @typedef {import("@playwright/test").Page} Page
 */
import { expect } from "@playwright/test";
import axe from "axe-core";

/** Kept as artefacts. */
const SCREENS = "results/screens";
const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 360, height: 780 },
];
const SCHEMES = /** @type {const} */ (["light", "dark"]);
/** The themes differ in colours alone. */
const RULES = { light: undefined, dark: ["color-contrast"] };

/**
 * No violation, the demo wallet's own dialogs included.
 * @param {Page} page
 * @param {string[]} [rules] all of axe's, if none are named
 */
export async function a11y(page, rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (rules) => {
    const some = rules && { runOnly: { type: "rule", values: rules } };
    return (await window.axe.run(document, { resultTypes: ["violations"], ...some })).violations;
  }, rules);
  const said = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(" ")}\n  ${failureSummary}`),
  );
  expect(said, said.join("\n\n")).toEqual([]);
}

/** The wallet's tab lies over the page and is no part of it. */
const showWalletTab = (page, shown) =>
  page.evaluate((shown) => {
    const host = document.getElementById("medkey-demo-wallet");
    host?.shadowRoot?.querySelector("aside")?.style.setProperty("visibility", shown ? "" : "hidden");
  }, shown);

/** Both widths in both themes, one after the other. Leaves the page as it was. */
async function inEach(page, look) {
  const before = page.viewportSize();
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await look(size.width, colorScheme);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
}

async function picture(page, name) {
  await showWalletTab(page, false);
  await page.screenshot({ path: `${SCREENS}/${name}.png`, fullPage: true, animations: "disabled" });
  await showWalletTab(page, true);
}

/**
 * Pictures `results/screens/<name>-<width>-<scheme>.png`.
 * @param {Page} page
 * @param {string} name
 */
export const shoot = (page, name) =>
  inEach(page, (width, scheme) => picture(page, `${name}-${width}-${scheme}`));

/**
 * Both widths and themes pass axe, and are kept as pictures.
 * @param {Page} page
 * @param {string} name
 */
export const looksRight = (page, name) =>
  inEach(page, async (width, scheme) => {
    await a11y(page, RULES[scheme]);
    await picture(page, `${name}-${width}-${scheme}`);
  });
