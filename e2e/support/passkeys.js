/**
 * A device that makes passkeys, as Chromium simulates it. It answers by itself, unless its person does not.
 *
 * @typedef {import("@playwright/test").Page} Page
 */

/**
 * @param {Page} page
 * @param {{ prf?: boolean }} [options] whether its passkeys can hold a secret
 */
export async function withAuthenticator(page, { prf = true } = {}) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  const { authenticatorId } = await browser.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: prf,
      automaticPresenceSimulation: true,
    },
  });
  const credentials = async () => (await browser.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return {
    /** How many passkeys it holds. */
    holds: async () => (await credentials()).length,
    /** Its person shows the right finger, or does not. */
    verifies: (isUserVerified) => browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** Deletes every passkey, as a person may. */
    deleteAll: () => browser.send("WebAuthn.clearCredentials", { authenticatorId }),
    /** Takes the device away. */
    remove: () => browser.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}
