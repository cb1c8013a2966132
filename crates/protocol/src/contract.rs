//! Bindings to the contract, generated from the Solidity interfaces themselves.

#![allow(missing_docs, reason = "the documentation stands in the Solidity interfaces")]
#![allow(clippy::too_many_arguments, reason = "an offer has eight fields")]

use alloy_sol_types::sol;

sol!("../../contracts/src/interfaces/IMembers.sol");
sol!("../../contracts/src/interfaces/ICharts.sol");
sol!("../../contracts/src/interfaces/IActs.sol");
