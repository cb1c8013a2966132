#!/usr/bin/env node
// Compiles changed versions of the contract one after another in one process, where the compiler is warm: a tenth of the
// time that forge takes, which starts it anew for each.
//
//   compile-mutants.mjs CONTRACTS INPUT CHANGES FOLDER PART PARTS
//
// INPUT is the compiler's standard input for the contract as it is; CHANGES a list of { file, source }. Of these it takes
// each PARTS-th from PART on and writes its creation code in hex into FOLDER, named by its number; nothing where the
// compiler refuses.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [contracts, inputPath, changesPath, folder, part, parts] = process.argv.slice(2);
const solc = createRequire(join(contracts, "package.json"))("solc");

const { language, sources, settings } = JSON.parse(readFileSync(inputPath, "utf8"));
settings.outputSelection = { "src/Medkey.sol": { Medkey: ["evm.bytecode.object"] } };

const changes = JSON.parse(readFileSync(changesPath, "utf8"));
for (let number = Number(part); number < changes.length; number += Number(parts)) {
  const { file, source } = changes[number];
  const changed = { ...sources, [file]: { content: source } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language, sources: changed, settings })));
  const code = output.contracts?.["src/Medkey.sol"]?.Medkey.evm.bytecode.object ?? "";
  writeFileSync(join(folder, String(number)), code);
}
