// `print-world.ts <words>`: runs one world, and prints all there is to know of it.
import { mistakes } from "./oracle.ts";
import { readOptions } from "./options.ts";
import { simulateSelected } from "./verdict.ts";

const { selection } = readOptions(process.argv.slice(2));
const simulated = await simulateSelected(selection);
console.log(JSON.stringify(simulated.weather, null, 2));
for (const line of [...simulated.printed, simulated.opLog]) console.log(line);
const found = mistakes(simulated);
for (const line of found) console.log(`WRONG ${line}`);
process.exitCode = found.length === 0 ? 0 : 1;
