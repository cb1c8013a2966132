/**
 * What every page must pass: no violation that axe knows of, and pictures of it in both widths and both themes.
 *
 * @typedef {import("@playwright/test").Page} Page
 */
import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";

/** Kept as artefacts. */
const SCREENS = "results/screens";
const WIDTHS = [
  { width: 1280, height: 800 },
  { width: 360, height: 780 },
];
const SCHEMES = /** @type {const} */ (["light", "dark"]);

/**
 * No violation, the demo wallet's own dialogs included.
 * @param {Page} page
 */
export async function a11y(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
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

/**
 * Pictures `results/screens/<name>-<width>-<scheme>.png`. Leaves the page as it was.
 * @param {Page} page
 * @param {string} name
 */
export async function shoot(page, name) {
  const before = page.viewportSize();
  await showWalletTab(page, false);
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const path = `${SCREENS}/${name}-${size.width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await showWalletTab(page, true);
  if (before) await page.setViewportSize(before);
}

/**
 * Both widths and themes pass axe, and are kept as pictures.
 * @param {Page} page
 * @param {string} name
 */
export async function looksRight(page, name) {
  const before = page.viewportSize();
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await a11y(page);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before) await page.setViewportSize(before);
  await shoot(page, name);
}
