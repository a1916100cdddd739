/**
 * Makes what the playground loads, from what npm brought: run by `tracegen.vendored`, under Node.
 *
 *   node make.mjs JOB.json
 *
 * The job: `modules` (npm's folder), `out` (an empty folder), `editor` and `library` (paths of
 * editor.js and library.py), `compiled` and `plain` (files for Python, path in the archive → path
 * here), `licenses` (name → path). A line of JSON for each step goes to standard output. The same job
 * makes the same bytes, on any machine.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const STEPS = 4;
const UNKNOWN_SYSTEM = 255; // In gzip's header: else it says on which system it was made.

const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const inModules = (...parts) => path.join(job.modules, ...parts);

function say(text, done) {
  console.log(JSON.stringify({ text, done, total: STEPS }));
}

function write(name, content) {
  fs.writeFileSync(path.join(job.out, name), content);
}

/** Join the editor's modules into one, and give the folders of the packages that are in it. */
async function makeEditor() {
  const esbuild = createRequire(inModules("x.js"))("esbuild");
  const made = await esbuild.build({
    stdin: { contents: fs.readFileSync(job.editor, "utf8"), resolveDir: path.dirname(job.modules) },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none", // They stand in licenses.txt.
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  write("codemirror.js", made.outputFiles[0].contents);
  const inside = Object.keys(made.metafile.inputs).map((input) =>
    /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"))?.[1],
  );
  return [...new Set(inside.filter(Boolean))].sort();
}

/** Take Pyodide's own files as they are, but for the large one, which is packed. */
function takePyodide() {
  for (const name of ["pyodide.mjs", "pyodide.asm.mjs"]) write(name, fs.readFileSync(inModules("pyodide", name)));
  const packed = zlib.gzipSync(fs.readFileSync(inModules("pyodide", "pyodide.asm.wasm")), { level: 9 });
  packed[9] = UNKNOWN_SYSTEM;
  write("pyodide.asm.wasm.gz.bin", packed);
}

/** Let Pyodide's Python compile what it will run in the page. */
async function makeLibrary() {
  const { loadPyodide } = await import(pathToFileURL(inModules("pyodide", "pyodide.mjs")).href);
  const python = await loadPyodide({
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
    stdout: () => {},
  });
  for (const kind of ["compiled", "plain"]) {
    for (const [name, from] of Object.entries(job[kind])) {
      const to = `/given/${kind}/${name}`;
      python.FS.mkdirTree(path.posix.dirname(to));
      python.FS.writeFile(to, fs.readFileSync(from, "utf8").replaceAll("\r\n", "\n"));
    }
  }
  python.runPython(`${fs.readFileSync(job.library, "utf8")}\nmain()`, { filename: "library.py" });
  write("python.zip", python.FS.readFile("/made/python.zip"));
}

/** Say under which terms everything is passed on. */
function writeLicenses(packages) {
  const texts = packages.map((name) => {
    const about = JSON.parse(fs.readFileSync(inModules(name, "package.json"), "utf8"));
    const file = fs.readdirSync(inModules(name)).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? fs.readFileSync(inModules(name, file), "utf8").trim() : "";
    return `${name} ${about.version}: ${about.license}\n${text}`;
  });
  for (const [name, from] of Object.entries(job.licenses)) {
    texts.push(`${name}\n${fs.readFileSync(from, "utf8").trim()}`);
  }
  write("licenses.txt", `${texts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`);
}

function describe() {
  const { info } = JSON.parse(fs.readFileSync(inModules("pyodide", "pyodide-lock.json"), "utf8"));
  const about = JSON.parse(fs.readFileSync(inModules("pyodide", "package.json"), "utf8"));
  const bytes = Object.fromEntries(
    fs.readdirSync(job.out).sort().map((name) => [name, fs.statSync(path.join(job.out, name)).size]),
  );
  const { python, abi_version, arch, platform } = info;
  const manifest = { pyodide: about.version, python, abi_version, arch, platform, digest: job.digest, bytes };
  write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
}

say("joining the editor", 0);
const packages = await makeEditor();
say("packing Pyodide", 1);
takePyodide();
say("compiling Python's library and ours for the page", 2);
await makeLibrary();
say("writing down what is there", 3);
writeLicenses([...packages, "pyodide"]);
describe();
