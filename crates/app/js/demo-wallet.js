/**
 * The demo's wallet: lets a newcomer be every person of the demo in one browser, without an extension.
 *
 * It speaks EIP-1193, announces itself as EIP-6963 says, and asks like a real wallet does. It holds no key: the local
 * node signs with its own well-known accounts, so it is of no use on any chain that matters. The page loads it in demo
 * builds only:
 *
 *     <script type="module" src="/demo-wallet.js" data-medkey-demo-wallet
 *             data-node="http://127.0.0.1:8545" data-people='[{"index":5,"name":"Amara Osei","role":"Patient"}]'></script>
 *
 * `index` counts the node's accounts. The page's policy forbids inline styles, hence the constructed style sheet.
 */

/** @typedef {{ index: number, name: string, role: string }} Person */

const script = document.querySelector("script[data-medkey-demo-wallet]");
const NODE = script?.dataset.node ?? "http://127.0.0.1:8545";

/** @type {Person[]} */
const PEOPLE = JSON.parse(script?.dataset.people ?? "null") ?? [
  { index: 0, name: "Health authority", role: "Registrar" },
  { index: 1, name: "Dr. Paul Lindqvist", role: "Doctor" },
  { index: 2, name: "Dr. Sofia Ivanova", role: "Doctor" },
  { index: 3, name: "Dr. Nadia Kern", role: "Doctor" },
  { index: 4, name: "Nordlab Diagnostics", role: "Laboratory" },
  { index: 5, name: "Amara Osei", role: "Patient" },
  { index: 6, name: "Jonas Berg", role: "Patient" },
];
/** The accounts before this one are the demo's own. */
const FIRST_NEW = 10;

/** Who this tab is; another tab may be somebody else. */
const CHOSEN = "medkey.demo-wallet.person";
/** The new persons of this browser, by account. */
const NEW_PEOPLE = "medkey.demo-wallet.new-people";

const LABEL = "Demo wallet – for trying out, no real money";

const Code = {
  DECLINED: 4001,
  UNAUTHORIZED: 4100,
  UNSUPPORTED: 4200,
  DISCONNECTED: 4900,
  UNKNOWN_CHAIN: 4902,
  PROMPT_OPEN: -32002,
  INVALID: -32602,
  INTERNAL: -32603,
};

/** What EIP-1193 calls a ProviderRpcError. */
class WalletError extends Error {
  constructor(code, message, data) {
    super(message);
    this.code = code;
    if (data !== undefined) this.data = data;
  }
}

// Events ------------------------------------------------------------------------------------------------------------

/** @type {Map<string, Set<(value: unknown) => void>>} */
const listeners = new Map();

function emit(event, value) {
  for (const listener of [...(listeners.get(event) ?? [])]) {
    try {
      listener(value);
    } catch (error) {
      reportError(error);
    }
  }
}

// The node ----------------------------------------------------------------------------------------------------------

let questions = 0;
/** The chain the node was on when it last answered; `undefined` while it cannot be reached. */
let seenChain;

async function ask(method, params = []) {
  let answer;
  try {
    const response = await fetch(NODE, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++questions, method, params }),
    });
    answer = await response.json();
  } catch {
    const error = new WalletError(Code.DISCONNECTED, "The demo's chain does not answer. Is the demo still running?");
    if (seenChain !== undefined) {
      seenChain = undefined;
      emit("disconnect", error);
    }
    throw error;
  }
  if (answer.error) throw new WalletError(answer.error.code, answer.error.message, answer.error.data);
  if (method === "eth_chainId") noteChain(answer.result);
  else if (seenChain === undefined) await ask("eth_chainId");
  return answer.result;
}

function noteChain(chainId) {
  const before = seenChain;
  seenChain = chainId;
  if (before === undefined) emit("connect", { chainId });
  else if (before !== chainId) emit("chainChanged", chainId);
}

/** @type {string[] | undefined} */
let accounts;

async function account(index) {
  accounts ??= await ask("eth_accounts");
  return accounts[index];
}

// People ------------------------------------------------------------------------------------------------------------

const newPeople = () => JSON.parse(localStorage.getItem(NEW_PEOPLE) ?? "[]");
const newPerson = (index) => ({ index, name: `New person ${index - FIRST_NEW + 1}`, role: "Nobody yet" });
const everybody = () => [...PEOPLE, ...newPeople().map(newPerson)];

/** @returns {Person | undefined} */
function chosenPerson() {
  const kept = sessionStorage.getItem(CHOSEN);
  return kept === null ? undefined : everybody().find((person) => person.index === Number(kept));
}

async function chosenAccounts() {
  const person = chosenPerson();
  const address = person && (await account(person.index));
  return address ? [address] : [];
}

/** The first account that has never sent anything and that nobody in this browser is. */
async function makePerson() {
  const taken = newPeople();
  for (let index = FIRST_NEW; await account(index); index++) {
    if (taken.includes(index)) continue;
    if (Number(await ask("eth_getTransactionCount", [await account(index), "latest"])) > 0) continue;
    localStorage.setItem(NEW_PEOPLE, JSON.stringify([...taken, index]));
    return newPerson(index);
  }
  throw new WalletError(Code.INTERNAL, "Every account of the demo's chain is somebody already.");
}

async function become(person) {
  const before = sessionStorage.getItem(CHOSEN);
  if (person) sessionStorage.setItem(CHOSEN, String(person.index));
  else sessionStorage.removeItem(CHOSEN);
  drawTab();
  if (sessionStorage.getItem(CHOSEN) !== before) emit("accountsChanged", await chosenAccounts());
}

// What is drawn -----------------------------------------------------------------------------------------------------

const STYLE = `
:host {
  all: initial;
  color-scheme: light dark;
  font: 15px/1.45 system-ui, sans-serif;
  --paper: #ffffff; --ink: #211743; --second: #5b5278; --line: #cfc6ec; --field: #f4f1fd;
  --band: #4b2bb3; --on-band: #ffffff; --ring: #4b2bb3;
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #1b1433; --ink: #eeeaff; --second: #b9aee0; --line: #43376e; --field: #261c47;
    --band: #c9b8ff; --on-band: #1b1433; --ring: #c9b8ff;
  }
}
* { box-sizing: border-box; }
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.tab { position: fixed; z-index: 2147483647; top: 0; left: 50%; translate: -50% 0; max-width: 46vw; }
.tab button {
  display: block; max-width: 100%; height: 26px; padding: 0 12px; border: 0; border-radius: 0 0 8px 8px;
  background: var(--band); color: var(--on-band); font-size: 12px; font-weight: 600;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.tab button:focus-visible { outline-offset: -5px; outline-color: var(--on-band); }
dialog {
  margin: 12px 12px auto auto; padding: 0; width: min(400px, calc(100vw - 24px));
  max-height: calc(100dvh - 24px); overflow: auto;
  background: var(--paper); color: var(--ink); border: 2px dashed var(--band); border-radius: 4px;
}
dialog::backdrop { background: rgb(20 10 50 / 0.55); }
.band { padding: 8px 16px; background: var(--band); color: var(--on-band); font-size: 13px; font-weight: 600; }
.body { padding: 16px; display: grid; gap: 12px; }
h2 { margin: 0; font-size: 19px; line-height: 1.25; }
h3 { margin: 0 0 6px; font-size: 15px; }
section { padding: 10px 12px; background: var(--field); border: 1px solid var(--line); }
/* It takes the focus when the dialog opens, so that it is read out; there is nothing to press. */
h2:focus-visible { outline: none; }
p { margin: 0; }
.second, dt { color: var(--second); font-size: 13px; }
dl { margin: 0; display: grid; grid-template-columns: auto 1fr; gap: 4px 12px; align-items: baseline; }
dd { margin: 0; overflow-wrap: anywhere; }
.short { white-space: nowrap; }
.mono, pre { font: 13px/1.5 ui-monospace, monospace; }
pre {
  margin: 0; padding: 12px; max-height: 240px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--field); border: 1px solid var(--line);
}
summary { cursor: pointer; padding: 4px 0; }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); }
li + li { border-top: 1px solid var(--line); }
.person { width: 100%; min-height: 48px; padding: 6px 12px; text-align: left; background: none; border: 0; }
.person:hover { background: var(--field); }
.person strong, .person .second { display: block; }
/* In sight however long the question is. */
.answers {
  position: sticky; bottom: 0; margin: 0 -16px -16px; padding: 12px 16px 16px;
  display: flex; flex-wrap: wrap; gap: 8px; background: var(--paper);
}
.answers button {
  flex: 1 1 auto; min-height: 44px; padding: 0 16px; font-weight: 600;
  background: none; border: 2px solid var(--band); border-radius: 4px;
}
.answers .main { background: var(--band); color: var(--on-band); }
@media (max-width: 500px) { dialog { margin: 12px auto auto; } .band { font-size: 12px; } }
@media print { :host { display: none; } }
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const host = document.createElement("div");
host.id = "medkey-demo-wallet";
const root = host.attachShadow({ mode: "open" });
root.adoptedStyleSheets = [sheet];

/** An element with properties (`class` and `aria-…` included) and what stands in it. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const tabButton = make("button", { type: "button", "aria-haspopup": "dialog" });
const tab = make("aside", { class: "tab", "aria-label": "Demo wallet", hidden: true }, tabButton);
tabButton.addEventListener("click", () => switchPerson());
root.append(tab);

function drawTab() {
  const person = chosenPerson();
  tab.hidden = !person;
  tabButton.textContent = person ? `Demo wallet: ${person.name}` : "";
}

const short = (address) => make("span", { class: "short" }, `${address.slice(0, 6)}…${address.slice(-4)}`);
const answer = (value, word, main = false) => make("button", { type: "button", value, class: main ? "main" : "" }, word);

let prompts = 0;

/**
 * Opens a dialog and waits for the value of the button that is pressed; `""` when it was left.
 * The browser's own dialog keeps the focus inside and stands above any dialog of the page.
 */
function show(title, ...content) {
  const number = ++prompts;
  const heading = make("h2", { id: `title-${number}`, tabIndex: -1, autofocus: true }, title);
  const dialog = make(
    "dialog",
    { "aria-labelledby": heading.id, "data-prompt": number },
    make("p", { class: "band" }, LABEL),
    make("div", { class: "body" }, heading, ...content),
  );
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button[value]");
    if (button) dialog.close(button.value);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Else the browser might close a dialog of the page together with this one.
    event.preventDefault();
    event.stopPropagation();
    dialog.close();
  });
  root.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

let promptOpen = false;

/** Runs what opens a dialog: one at a time. */
async function prompting(act) {
  if (promptOpen) throw new WalletError(Code.PROMPT_OPEN, "A question of the demo wallet is open already.");
  promptOpen = true;
  try {
    return await act();
  } finally {
    promptOpen = false;
  }
}

const declined = () => new WalletError(Code.DECLINED, "The person declined in the demo wallet.");

async function personRow(person) {
  const address = await account(person.index);
  const sub = make("span", { class: "second" }, `${person.role}, `, short(address));
  return make(
    "li",
    {},
    make("button", { type: "button", class: "person", value: String(person.index) }, make("strong", {}, person.name), sub),
  );
}

/** @returns {Promise<Person | undefined>} `undefined` for nobody any more. */
async function choose({ canDisconnect }) {
  const rows = await Promise.all(everybody().map(personRow));
  const chosen = await show(
    "Who do you want to be?",
    make("p", {}, "The page sees the account of the person you choose, in this tab only."),
    make("ul", {}, ...rows),
    make(
      "div",
      { class: "answers" },
      answer("new", "Someone new"),
      ...(canDisconnect ? [answer("disconnect", "Disconnect")] : []),
      answer("", "Cancel"),
    ),
  );
  if (chosen === "") throw declined();
  if (chosen === "disconnect") return undefined;
  return chosen === "new" ? makePerson() : everybody().find((person) => person.index === Number(chosen));
}

/** What the tab at the top does. */
async function switchPerson() {
  try {
    await prompting(async () => become(await choose({ canDisconnect: true })));
  } catch (error) {
    if (error.code !== Code.DECLINED && error.code !== Code.PROMPT_OPEN) reportError(error);
  }
}

async function confirm(title, ...content) {
  const answers = make("div", { class: "answers" }, answer("", "Decline"), answer("confirm", "Confirm", true));
  if ((await show(title, ...content, answers)) !== "confirm") throw declined();
}

function facts(rows) {
  const pairs = rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
  return make("dl", {}, ...pairs);
}

/** The text or bytes asked about; it can be reached and scrolled with the keyboard. */
const verbatim = (label, text) => make("pre", { tabIndex: 0, role: "region", "aria-label": label }, text);

/** `grantAccess` and `GrantAccess` to `Grant access`. */
function words(name) {
  const parts = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}

const SECONDS = { day: 86_400, hour: 3_600, minute: 60 };

function duration(seconds) {
  const [unit, length] = Object.entries(SECONDS).find(([, length]) => seconds % length === 0) ?? ["second", 1];
  const number = seconds / length;
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

function moment(seconds) {
  // The end of a grant that lasts until it is revoked lies beyond any calendar.
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999
    ? "without an end"
    : date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
}

/** The names that Medkey's acts give to times and lengths; other numbers are shown as they are. */
const TIMES = new Set(["deadline", "expiry"]);
const LENGTHS = new Set(["length"]);

/** A field of typed data in words, as far as its type and name say what it is. */
function field({ name, type }, value) {
  if (type === "bool") return value ? "yes" : "no";
  if (type === "address" || type.startsWith("bytes")) return make("span", { class: "mono" }, String(value));
  if (TIMES.has(name)) return moment(Number(value));
  if (LENGTHS.has(name)) return duration(Number(value));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The fields of a struct: plain ones as facts, structs as sections of their own. */
function laidOut({ types }, type, value) {
  const members = types[type] ?? [];
  const plain = members.filter((member) => !(member.type in types));
  const structs = members.filter((member) => member.type in types);
  const rows = plain.map((member) => [words(member.name), field(member, value[member.name])]);
  const sections = structs.map((member) =>
    make("section", {}, make("h3", {}, words(member.type)), ...laidOut({ types }, member.type, value[member.name])),
  );
  return [...sections, facts(rows)];
}

/** Typed data comes as text, or as what the text says. */
function parseTyped(data) {
  try {
    const typed = typeof data === "string" ? JSON.parse(data) : data;
    if (typed.types[typed.primaryType] && typed.domain && typed.message) return typed;
  } catch {
    // Said below.
  }
  throw new WalletError(Code.INVALID, "This is no typed data.");
}

function readable(hex) {
  const bytes = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => parseInt(byte, 16));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return hex;
  }
}

function ether(wei) {
  const amount = BigInt(wei ?? 0);
  if (amount === 0n) return "none";
  const parts = String(amount).padStart(19, "0");
  return `${parts.slice(0, -18)}.${parts.slice(-18)}`.replace(/\.?0+$/, "") + " ETH of play money";
}

// What the page may ask ---------------------------------------------------------------------------------------------

/** Only for whom the page was allowed to see; answers with who that is. */
async function checkAccount(address) {
  const [allowed] = await chosenAccounts();
  if (!allowed || allowed.toLowerCase() !== String(address).toLowerCase()) {
    throw new WalletError(Code.UNAUTHORIZED, "The page may not use this account.");
  }
  return make("span", {}, `${chosenPerson().name}, `, short(allowed));
}

async function checkChain(chainId) {
  if (Number(chainId) !== Number(await ask("eth_chainId"))) {
    throw new WalletError(Code.UNKNOWN_CHAIN, "The demo wallet is on the demo's chain only.");
  }
}

const permission = (addresses) => ({
  parentCapability: "eth_accounts",
  caveats: [{ type: "restrictReturnedAccounts", value: addresses }],
});

const METHODS = {
  eth_accounts: () => chosenAccounts(),

  async eth_requestAccounts() {
    if (!chosenPerson()) await prompting(async () => become(await choose({ canDisconnect: false })));
    return chosenAccounts();
  },

  async wallet_requestPermissions() {
    await prompting(async () => become(await choose({ canDisconnect: false })));
    return [permission(await chosenAccounts())];
  },

  async wallet_getPermissions() {
    const addresses = await chosenAccounts();
    return addresses.length ? [permission(addresses)] : [];
  },

  async wallet_revokePermissions() {
    await become(undefined);
    return null;
  },

  async wallet_switchEthereumChain([chain]) {
    await checkChain(chain?.chainId);
    return null;
  },

  async wallet_addEthereumChain([chain]) {
    await checkChain(chain?.chainId);
    return null;
  },

  wallet_getCapabilities: async () => ({}),

  personal_sign: ([message, address]) =>
    prompting(async () => {
      const person = await checkAccount(address);
      await confirm(
        "Sign this text?",
        make("p", {}, "Signing costs nothing and sends nothing to the chain."),
        facts([["As", person]]),
        verbatim("Text to sign", readable(message)),
      );
      return ask("personal_sign", [message, address]);
    }),

  eth_signTypedData_v4: ([address, data]) =>
    prompting(async () => {
      const person = await checkAccount(address);
      const typed = parseTyped(data);
      if (typed.domain.chainId !== undefined) await checkChain(typed.domain.chainId);
      await confirm(
        "Sign this?",
        make("p", {}, "Signing costs nothing. Whoever holds the signature can carry out what stands here, once."),
        facts([
          ["As", person],
          ["For", typed.domain.name ?? "nobody named"],
          ["Contract", make("span", { class: "mono" }, typed.domain.verifyingContract ?? "none")],
        ]),
        ...laidOut(typed, typed.primaryType, typed.message),
      );
      return ask("eth_signTypedData_v4", [address, typed]);
    }),

  eth_sendTransaction: ([transaction]) =>
    prompting(async () => {
      const person = await checkAccount(transaction?.from);
      if (transaction.chainId !== undefined) await checkChain(transaction.chainId);
      const data = transaction.data ?? transaction.input ?? "0x";
      await confirm(
        "Send this to the chain?",
        make("p", {}, "The page wants to write to the demo's chain. The fee is play money."),
        facts([
          ["As", person],
          ["Contract", make("span", { class: "mono" }, transaction.to ?? "a new one")],
          ["Money sent", ether(transaction.value)],
        ]),
        make(
          "details",
          {},
          make("summary", {}, `What is written, ${(data.length - 2) / 2} bytes`),
          verbatim("What is written", data),
        ),
      );
      return ask("eth_sendTransaction", [transaction]);
    }),
};

/** What reads; everything else would be a power that no page should have. */
const READS = /^(net_|web3_|eth_(get|call$|estimateGas$|blockNumber$|chainId$|gasPrice$|maxPriorityFeePerGas$|feeHistory$))/;

const provider = Object.freeze({
  async request({ method, params = [] }) {
    if (Object.hasOwn(METHODS, method)) return METHODS[method](params);
    if (READS.test(method)) return ask(method, params);
    throw new WalletError(Code.UNSUPPORTED, `The demo wallet does not know ${method}.`);
  },
  on(event, listener) {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(listener);
    return provider;
  },
  removeListener(event, listener) {
    listeners.get(event)?.delete(listener);
    return provider;
  },
});

// EIP-6963 ----------------------------------------------------------------------------------------------------------

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="4" fill="#4b2bb3"/>
<path d="M7 11h18v13H7z" fill="none" stroke="#fff" stroke-width="2" stroke-dasharray="3 2"/>
<path d="M11 11V8h10v3" fill="none" stroke="#fff" stroke-width="2"/><circle cx="16" cy="17.5" r="2.5" fill="#fff"/></svg>`;

const detail = Object.freeze({
  info: Object.freeze({
    uuid: crypto.randomUUID(),
    name: "Demo wallet",
    icon: `data:image/svg+xml,${encodeURIComponent(ICON)}`,
    rdns: "org.medkey.demo",
  }),
  provider,
});

const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));

document.body.append(host);
drawTab();
window.addEventListener("eip6963:requestProvider", announce);
announce();
// The first answer tells who listens that the wallet is connected; without one, the first question says so.
ask("eth_chainId").catch(() => {});
