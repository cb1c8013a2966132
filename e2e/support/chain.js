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
