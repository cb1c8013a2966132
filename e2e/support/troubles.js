/**
 * What goes wrong inside a page without anybody seeing it: errors that nobody caught, and what the page's policy
 * blocked. A request that failed is not among them; whether that is a trouble, the page itself says.
 *
 * @typedef {import("@playwright/test").Page} Page
 */

/**
 * @param {Page} page
 * @returns {string[]} grows while the page lives
 */
export function troublesOf(page) {
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    const failedRequest = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !failedRequest) troubles.push(`${page.url()}: ${message.text()}`);
  });
  return troubles;
}
