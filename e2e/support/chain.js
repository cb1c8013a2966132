/** What only the local chain's own node can do. */

const NODE = process.env.MEDKEY_RPC;

async function rpc(method, params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(NODE, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/**
 * Sets the chain's clock on.
 * @param {number} days
 */
export async function passDays(days) {
  await rpc("evm_increaseTime", [days * 86_400]);
  await rpc("evm_mine", []);
}

const CONTRACT = process.env.MEDKEY_CONTRACT;
const call = (data) => rpc("eth_call", [{ to: CONTRACT, data }, "latest"]);
const word = (hex) => hex.replace(/^0x/, "").toLowerCase().padStart(64, "0");

async function send(from, data) {
  await rpc("anvil_setBalance", [from, "0xde0b6b3a7640000"]);
  await rpc("anvil_impersonateAccount", [from]);
  await rpc("eth_sendTransaction", [{ from, to: CONTRACT, data, gas: "0x100000" }]);
  await rpc("anvil_stopImpersonatingAccount", [from]);
  await rpc("evm_mine", []);
}

/**
 * Has a doctor leave the hospital: the doctor proposes it, the registrar verifies it.
 * @param {string} doctor
 */
export async function leavesHospital(doctor) {
  // viewMember: role, status, hospital, since, card, profile…
  const profile = (await call(`0x3d7371d7${word(doctor)}`)).slice(2 + 5 * 64, 2 + 6 * 64);
  const registrar = `0x${(await call("0xe074a8d5")).slice(2 + 24, 2 + 64)}`;
  await send(doctor, `0x5a03dee0${profile}${word("0")}`); // proposeProfile
  await send(registrar, `0x2b650450${word(doctor)}${profile}${word("0")}`); // verify
}

/**
 * Gives an account this much play money.
 * @param {string} account
 * @param {bigint} wei
 */
export const setBalance = (account, wei) => rpc("anvil_setBalance", [account, `0x${wei.toString(16)}`]);

/**
 * Takes all its money from an account that has sent one thing in its life: the demo wallet takes those that have sent
 * nothing for new.
 * @param {string} account
 */
export async function makePoor(account) {
  await rpc("anvil_setNonce", [account, "0x1"]);
  await setBalance(account, 0n);
}
