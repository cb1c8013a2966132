/** The demo wallet behaves as a page expects of any wallet. The page here has nothing but it. */
import { expect, test as base } from "@playwright/test";
import { a11y, looksRight } from "./support/look.js";
import { serveWallet } from "./support/static-server.js";
import { troublesOf } from "./support/troubles.js";
import { wallet } from "./support/wallet.js";

const NODE = process.env.MEDKEY_RPC;
const SIGNATURE = /^0x[0-9a-f]{130}$/;

const test = base.extend({
  /** The page, with `window.provider` as EIP-6963 announced it and `window.heard` for its events. */
  meeting: async ({ page }, use) => {
    const server = await serveWallet(NODE);
    const troubles = troublesOf(page);
    await page.goto(server.url);
    await meet(page);
    await use(page);
    expect(troubles).toEqual([]);
    server.close();
  },
});

const meet = (page) =>
  page.evaluate(() => {
    window.heard = [];
    window.addEventListener("eip6963:announceProvider", ({ detail }) => {
      window.info = detail.info;
      window.provider = detail.provider;
    });
    window.dispatchEvent(new Event("eip6963:requestProvider"));
    for (const event of ["accountsChanged", "chainChanged", "connect", "disconnect"]) {
      window.provider.on(event, (value) => window.heard.push([event, value]));
    }
  });

/** Asks the provider; a refusal becomes `{ code, data }`. */
const ask = (page, method, params) =>
  page.evaluate(
    ([method, params]) => window.provider.request({ method, params }).catch(({ code, data }) => ({ code, data })),
    [method, params],
  );

const heard = (page) => page.evaluate(() => window.heard);

/** Connects as somebody and answers with the account. */
async function connect(page, name) {
  const asked = ask(page, "eth_requestAccounts");
  await wallet.choose(page, name);
  const [account] = await asked;
  return account;
}

/** Two acts as Medkey has them signed. */
const typed = (account, chainId) => ({
  types: {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    GrantAccess: [
      { name: "chart", type: "address" },
      { name: "scope", type: "bytes32" },
      { name: "expiry", type: "uint40" },
    ],
    MakeOffer: [
      { name: "length", type: "uint32" },
      { name: "claims", type: "uint32" },
      { name: "emergency", type: "bool" },
      { name: "expiry", type: "uint40" },
    ],
    Acts: [
      { name: "account", type: "address" },
      { name: "act1", type: "GrantAccess" },
      { name: "act2", type: "MakeOffer" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  },
  primaryType: "Acts",
  domain: { name: "Medkey", chainId: Number(chainId), verifyingContract: "0x00000000000000000000000000000000000c0de0" },
  message: {
    account,
    act1: { chart: account, scope: `0x${"5c".repeat(32)}`, expiry: "1099511627775" },
    act2: { length: "2592000", claims: "3", emergency: true, expiry: "1798761600" },
    nonce: "7",
    deadline: "1795161600",
  },
});

const hex = (text) => `0x${Buffer.from(text).toString("hex")}`;

test("announces itself as the demo wallet, anew on each page load", async ({ meeting: page }) => {
  const first = await page.evaluate(() => window.info);
  expect(first).toMatchObject({ name: "Demo wallet", rdns: "org.medkey.demo" });
  expect(first.icon).toMatch(/^data:image\/svg\+xml,/);
  await page.reload();
  await meet(page);
  expect(await page.evaluate(() => window.info.uuid)).not.toBe(first.uuid);
});

test("asks who one wants to be, and remembers it in this tab only", async ({ meeting: page, context }) => {
  expect(await ask(page, "eth_accounts")).toEqual([]);
  const account = await connect(page, "Amara");
  expect(await ask(page, "eth_accounts")).toEqual([account]);
  expect(await heard(page)).toContainEqual(["accountsChanged", [account]]);

  await page.reload();
  await meet(page);
  expect(await ask(page, "eth_requestAccounts")).toEqual([account]);

  const other = await context.newPage();
  await other.goto(page.url());
  await meet(other);
  expect(await ask(other, "eth_accounts")).toEqual([]);
});

test("signs a text after showing it, and the same text gives the same bytes", async ({ meeting: page }) => {
  const account = await connect(page, "Amara");
  const text = hex("localhost wants you to sign in.\nNonce: 7");
  const sign = async () => {
    const asked = ask(page, "personal_sign", [text, account]);
    expect(await wallet.confirm(page)).toContain("localhost wants you to sign in.");
    return asked;
  };
  const signature = await sign();
  expect(signature).toMatch(SIGNATURE);
  expect(await sign()).toBe(signature);
});

test("lays typed data out, act by act, and signs what it showed", async ({ meeting: page }) => {
  const account = await connect(page, "Amara");
  const data = typed(account, await ask(page, "eth_chainId"));
  const sign = async (data) => {
    const asked = ask(page, "eth_signTypedData_v4", [account, data]);
    const said = await wallet.confirm(page);
    return [await asked, said];
  };
  const [signature, said] = await sign(JSON.stringify(data));
  expect(signature).toMatch(SIGNATURE);
  for (const words of ["Signing costs nothing", "Medkey", "Grant access", "Make offer", account]) {
    expect(said.toLowerCase()).toContain(words.toLowerCase());
  }
  expect(said).toMatch(/Expiry\s+without an end/);
  expect(said).toMatch(/Expiry\s+1 January 2027/);
  expect(said).toMatch(/Length\s+30 days/);
  expect(said).toMatch(/Emergency\s+yes/);
  expect(said).toMatch(/Deadline\s+20 November 2026/);
  // The same, not yet as text; and another message is another signature.
  expect((await sign(data))[0]).toBe(signature);
  expect((await sign({ ...data, message: { ...data.message, nonce: "8" } }))[0]).not.toBe(signature);
});

test("signs no typed data of another chain, of nobody, or without sense", async ({ meeting: page }) => {
  const account = await connect(page, "Amara");
  const chainId = await ask(page, "eth_chainId");
  const asked = (account, data) => ask(page, "eth_signTypedData_v4", [account, data]);
  expect(await asked(account, typed(account, "0x1"))).toMatchObject({ code: 4902 });
  expect(await asked("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", typed(account, chainId))).toMatchObject({ code: 4100 });
  expect(await asked(account, "{}")).toMatchObject({ code: -32602 });
  expect(await asked(account, "no JSON")).toMatchObject({ code: -32602 });
  await wallet.isQuiet(page);
  const declined = asked(account, typed(account, chainId));
  await wallet.decline(page);
  expect(await declined).toMatchObject({ code: 4001 });
});

test("says no with 4001: by the button, by Esc, and when nobody is chosen", async ({ meeting: page }) => {
  const connecting = ask(page, "eth_requestAccounts");
  await wallet.choose(page, "Cancel");
  expect(await connecting).toMatchObject({ code: 4001 });

  const account = await connect(page, "Amara");
  const signing = ask(page, "personal_sign", [hex("hello"), account]);
  await wallet.decline(page);
  expect(await signing).toMatchObject({ code: 4001 });

  const again = ask(page, "personal_sign", [hex("hello"), account]);
  await wallet.prompt(page).waitFor();
  await page.keyboard.press("Escape");
  expect(await again).toMatchObject({ code: 4001 });
  await wallet.isQuiet(page);
});

test("asks one thing at a time", async ({ meeting: page }) => {
  const account = await connect(page, "Amara");
  const first = ask(page, "personal_sign", [hex("first"), account]);
  await wallet.prompt(page).waitFor();
  expect(await ask(page, "personal_sign", [hex("second"), account])).toMatchObject({ code: -32002 });
  expect(await wallet.confirm(page)).toContain("first");
  expect(await first).toMatch(SIGNATURE);
});

test("sends a transaction after naming where it goes", async ({ meeting: page }) => {
  const account = await connect(page, "Someone new");
  const to = "0x00000000000000000000000000000000000c0de0";
  const transaction = { from: account, to, data: "0x1234", chainId: await ask(page, "eth_chainId") };
  const sending = ask(page, "eth_sendTransaction", [transaction]);
  expect(await wallet.confirm(page)).toContain(to);
  const sent = await sending;
  await expect.poll(async () => (await ask(page, "eth_getTransactionReceipt", [sent]))?.status).toBe("0x1");
});

test("hands on what the node refuses, with its data", async ({ meeting: page }) => {
  const account = await connect(page, "Amara");
  // Reverts with the four bytes 0xdeadbeef.
  const code = "0x63deadbeef60e01b60005260046000fd";
  const refusal = await ask(page, "eth_estimateGas", [{ from: account, data: code }]);
  expect(refusal).toMatchObject({ code: 3, data: "0xdeadbeef" });
});

test("knows one chain and one account, and nothing that no page may ask", async ({ meeting: page }) => {
  await connect(page, "Amara");
  const chainId = await ask(page, "eth_chainId");
  expect(await ask(page, "net_version")).toBe(String(Number(chainId)));
  expect(await ask(page, "wallet_switchEthereumChain", [{ chainId }])).toBeNull();
  expect(await ask(page, "wallet_switchEthereumChain", [{ chainId: "0x1" }])).toMatchObject({ code: 4902 });
  expect(await ask(page, "wallet_addEthereumChain", [{ chainId }])).toBeNull();
  expect(await ask(page, "wallet_getCapabilities")).toEqual({});

  const stranger = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
  expect(await ask(page, "personal_sign", [hex("hello"), stranger])).toMatchObject({ code: 4100 });
  expect(await ask(page, "eth_sendTransaction", [{ from: stranger }])).toMatchObject({ code: 4100 });
  expect(await ask(page, "anvil_setBalance", [stranger, "0x0"])).toMatchObject({ code: 4200 });
});

test("becomes somebody else, and nobody", async ({ meeting: page }) => {
  const amara = await connect(page, "Amara");
  await wallet.switchTo(page, "Jonas");
  const [jonas] = await ask(page, "eth_accounts");
  expect(jonas).not.toBe(amara);

  const asked = ask(page, "wallet_requestPermissions", [{ eth_accounts: {} }]);
  await wallet.choose(page, "Amara");
  expect((await asked)[0].caveats[0].value).toEqual([amara]);

  await wallet.switchTo(page, "Disconnect");
  expect(await ask(page, "eth_accounts")).toEqual([]);
  const changes = (await heard(page)).filter(([event]) => event === "accountsChanged");
  expect(changes.map(([, accounts]) => accounts)).toEqual([[amara], [jonas], [amara], []]);
});

test("tells when the chain is away and when it is back", async ({ meeting: page }) => {
  await page.route(`${NODE}/**`, (route) => route.abort());
  expect(await ask(page, "eth_chainId")).toMatchObject({ code: 4900 });
  await page.unroute(`${NODE}/**`);
  const chainId = await ask(page, "eth_chainId");
  const events = (await heard(page)).map(([event]) => event);
  expect(events.slice(-2)).toEqual(["disconnect", "connect"]);
  expect(chainId).toMatch(/^0x/);
});

test("stands above a dialog of the page and keeps the focus", async ({ meeting: page }) => {
  await connect(page, "Amara");
  await page.evaluate(() => {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "The page's own");
    dialog.innerHTML = "<button>Behind</button>";
    document.body.append(dialog);
    dialog.showModal();
  });
  const [account] = await ask(page, "eth_accounts");
  const signing = ask(page, "personal_sign", [hex("hello"), account]);
  await wallet.prompt(page).waitFor();
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press("Tab");
    const behind = await page.evaluate(() => document.activeElement?.textContent === "Behind");
    expect(behind).toBe(false);
  }
  await page.keyboard.press("Escape");
  expect(await signing).toMatchObject({ code: 4001 });
  await expect(page.getByRole("dialog", { name: "The page's own" })).toBeVisible();
});

test("each dialog can be used by everybody", async ({ meeting: page }) => {
  const connecting = ask(page, "eth_requestAccounts");
  await wallet.prompt(page).waitFor();
  await looksRight(page, "demo-wallet-choose");
  await wallet.choose(page, "Amara");
  const [account] = await connecting;
  await a11y(page);

  const signing = ask(page, "personal_sign", [hex("A long text to sign. ".repeat(60)), account]);
  await wallet.prompt(page).waitFor();
  await looksRight(page, "demo-wallet-sign");
  await wallet.decline(page);
  await signing;

  const typing = ask(page, "eth_signTypedData_v4", [account, typed(account, await ask(page, "eth_chainId"))]);
  await wallet.prompt(page).waitFor();
  await looksRight(page, "demo-wallet-typed");
  await wallet.decline(page);
  await typing;

  const sending = ask(page, "eth_sendTransaction", [{ from: account, to: account, data: "0x1234" }]);
  await wallet.prompt(page).waitFor();
  await looksRight(page, "demo-wallet-send");
  await wallet.decline(page);
  await sending;
});
