/**
 * Makes what the playground loads, from what npm brought: run by `tracegen.vendored`, under Node.
 *
 *   node make.mjs base JOB.json     what is not ours: Pyodide, the editor, Python's library, Jinja2
 *   node make.mjs whole JOB.json    that, with our own modules, and a manifest
 *
 * The job: `modules` (npm's folder), `out` (an empty folder), `library` (path of library.py),
 * `given` (files for Python: path there → path here); for the base `editor` (path of editor.js) and
 * `licenses` (name → path); for the whole `base` (the folder that was made before) and `digest`.
 * A line of JSON for each step goes to standard output. The same job makes the same bytes, on any
 * machine.
 */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";


const LIBRARY = "python.zip";

const job = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const inModules = (...parts) => path.join(job.modules, ...parts);

function say(text) {
  console.log(JSON.stringify({ text }));
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

/** Let Pyodide's Python compile what it will run in the page. */
async function makeLibrary(entry, options = {}) {
  const { loadPyodide } = await import(pathToFileURL(inModules("pyodide", "pyodide.mjs")).href);
  const python = await loadPyodide({
    env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
    ...options,
  });
  for (const [name, from] of Object.entries(job.given)) {
    const to = `/given/${name}`;
    python.FS.mkdirTree(path.posix.dirname(to));
    python.FS.writeFile(to, fs.readFileSync(from, "utf8").replaceAll("\r\n", "\n"));
  }
  const library = fs.readFileSync(job.library, "utf8");
  python.runPython(`${library}\n${entry}()`, { filename: "library.py" });
  write(LIBRARY, python.FS.readFile("/made/python.zip"));
  return python;
}

/**
 * Take Pyodide's own files as they are, but for the large one: its own zlib packs that, better than
 * Node's, and alike on any machine.
 */
function takePyodide(python) {
  const [packed, ...asTheyAre] = ["pyodide.asm.wasm", "pyodide.mjs", "pyodide.asm.mjs"];
  for (const name of asTheyAre) write(name, fs.readFileSync(inModules("pyodide", name)));
  python.FS.writeFile("/plain", fs.readFileSync(inModules("pyodide", packed)));
  python.runPython("pack_file('/plain', '/packed')");
  write(`${packed}.gz.bin`, python.FS.readFile("/packed"));
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
  const sizeOf = (name) => fs.statSync(path.join(job.out, name)).size;
  const names = fs.readdirSync(job.out).sort();
  const bytes = Object.fromEntries(names.map((name) => [name, sizeOf(name)]));
  const { python, abi_version, arch, platform } = info;
  const versions = { pyodide: about.version, python, abi_version, arch, platform };
  const manifest = { ...versions, digest: job.digest, bytes };
  write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
}

const tasks = {
  async base() {
    say("joining the editor");
    const packages = await makeEditor();
    say("compiling Python's library for the page");
    const python = await makeLibrary("make_base");
    say("packing Pyodide");
    takePyodide(python);
    writeLicenses([...packages, "pyodide"]);
  },
  async whole() {
    say("compiling our modules for the page");
    fs.cpSync(job.base, job.out, { recursive: true });
    await makeLibrary("make_whole", { stdLibURL: path.join(job.base, LIBRARY) });
    describe();
  },
};

try {
  await tasks[process.argv[2]]();
} catch (error) {
  console.error(error.message); // Left alone, Node.js would show a line of Pyodide: a megabyte.
  process.exit(1);
}
