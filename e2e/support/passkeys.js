/**
 * A device that makes passkeys, as Chromium simulates it. It answers by itself, unless its person does not.
 *
 * @typedef {import("@playwright/test").Page} Page
 */

/** In the page: whatever is asked of a device from now on may take it a second. */
function losePatience() {
  const { credentials } = navigator;
  for (const name of ["create", "get"]) {
    const ask = CredentialsContainer.prototype[name].bind(credentials);
    credentials[name] = ({ publicKey }) => ask({ publicKey: { ...publicKey, timeout: 1000 } });
  }
}

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
    /**
     * Its person answers, or lets the time run out, which the page is made to wait for only shortly. That a finger was
     * wrong is no way to be refused here: the simulated device would be blocked for good.
     */
    async answers(enabled) {
      if (!enabled) await page.evaluate(losePatience);
      await browser.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    },
    /** Deletes every passkey, as a person may. */
    deleteAll: () => browser.send("WebAuthn.clearCredentials", { authenticatorId }),
    /** Takes the device away. */
    remove: () => browser.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
  };
}
