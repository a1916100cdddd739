/**
 * Runs scenarios under the very files that the site ships, under Node: no browser is needed to know
 * what Python does.
 *
 *   node conform.mjs JOB.json
 *
 * The job: `folder` (what was made), `work` (an empty folder), `runs` (pairs of scenario and
 * style). Each run's text goes to `work/SCENARIO.STYLE.jsonl`; where it came to nothing, the error
 * does.
 */

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const RUN = `
from tracegen import scenario as _scenario, trace as _trace
from tracegen.runtimes import memory as _memory

def run(name, style):
    try:
        return _trace.dump(_memory.run(_scenario.load(name), style, 0))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
run
`;

const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const made = (name) => fs.readFileSync(path.join(job.folder, name));
const here = (name) => path.join(job.work, name);

function say(text, done, total) {
  console.log(JSON.stringify({ text, done, total }));
}

/** Under Node Pyodide looks for its files beside its script, so they are laid out there. */
async function boot() {
  const about = JSON.parse(made("manifest.json"));
  for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "python.zip"]) {
    fs.writeFileSync(here(name), made(name));
  }
  fs.writeFileSync(here("pyodide.asm.wasm"), zlib.gunzipSync(made("pyodide.asm.wasm.gz.bin")));
  const { loadPyodide } = await import(pathToFileURL(here("pyodide.mjs")).href);
  const { abi_version, arch, platform, python, pyodide: version } = about;
  return loadPyodide({
    indexURL: `${job.work}${path.sep}`,
    stdLibURL: here("python.zip"),
    lockFileContents: { info: { abi_version, arch, platform, python, version }, packages: {} },
    env: { PYTHONHASHSEED: "0" },
  });
}

say("starting the page's Python", 0, job.runs.length);
const run = (await boot()).runPython(RUN);
job.runs.forEach(([scenario, style], at) => {
  say(`running ${scenario}, ${style}, under the page's Python`, at, job.runs.length);
  fs.writeFileSync(here(`${scenario}.${style}.jsonl`), run(scenario, style));
});
