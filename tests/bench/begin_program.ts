// A program that begins as a benchmark does, for the test of that.
//
//   --nothing       there is no such option

import "./begin.ts";

const folder = Deno.makeTempDirSync();
Deno.writeTextFileSync(`${folder}/left`, "behind");
const started = new Deno.Command("sleep", { args: ["600"] }).spawn();
console.log("begun");
await started.status;
await new Promise((resolve) => setTimeout(resolve, 600_000));
