/**
 * Boots Python in a worker, from what it is handed: nothing is fetched. Both workers share this.
 *
 * `loadPyodide` asks for its two files by `fetch`, and waits for ever where it gets no module; so
 * it is answered from here while it boots, and a failure becomes one.
 */

/**
 * @typedef {object} Python What is used of Pyodide.
 * @property {(code: string) => unknown} runPython
 * @property {(name: string) => Record<string, (...texts: string[]) => unknown>} pyimport
 * @property {() => Uint8Array<ArrayBuffer>} makeMemorySnapshot
 * @property {(buffer: object) => void} setInterruptBuffer
 * @property {(options: { write: (bytes: Uint8Array) => number }) => void} setStderr
 * @property {{ HEAP8: Int8Array }} _module
 */

/**
 * @typedef {object} Info Of the build, from the manifest.
 * @property {string} pyodide Its version.
 * @property {string} python
 * @property {string} abi_version
 * @property {string} arch
 * @property {string} platform
 */

/**
 * @typedef {object} Parts
 * @property {{ pyodide: string, asm: string }} scripts Where they can be imported from.
 * @property {WebAssembly.Module} module
 * @property {ArrayBuffer} library What Python imports from, a zip.
 * @property {Info} info
 */

/** @typedef {(options: object) => Promise<Python>} Load */

const NOWHERE = "https://nowhere.invalid/";
const LIBRARY = `${NOWHERE}python.zip`;

/**
 * @param {Parts} parts
 * @param {Blob} [snapshot] Of an interpreter that one like this one booted; without one it boots
 *   cold, and can make one.
 */
export async function boot({ scripts, module, library, info }, snapshot) {
  // Pyodide tries it with a script that our policy refuses, to tell what kind of worker this is,
  // and Firefox complains of that to the reader. Where there is none, Pyodide finds the same.
  Object.defineProperty(self, "importScripts", { value: undefined });
  const [{ loadPyodide }, { default: createPyodideModule }] =
    /** @type {[{ loadPyodide: Load }, { default: unknown }]} */ (
      await Promise.all([import(scripts.pyodide), import(scripts.asm)])
    );
  const { pyodide: version, python, abi_version, arch, platform } = info;
  const bytes = await snapshot?.arrayBuffer();
  const restored = bytes ? { _loadSnapshot: bytes } : { _makeSnapshot: true };
  const stood = standIn(module, library);
  try {
    const loading = loadPyodide({
      indexURL: NOWHERE,
      stdLibURL: LIBRARY,
      createPyodideModule,
      lockFileContents: { info: { version, python, abi_version, arch, platform }, packages: {} },
      jsglobals: {},
      env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
      stdin: () => null,
      stdout: () => {},
      ...restored,
    });
    return await Promise.race([loading, stood.failed]);
  } finally {
    stood.leave();
    free(bytes); // Pyodide keeps what it is given, and has read it.
  }
}

/**
 * Answer what Pyodide fetches, and hand it the module that is compiled already.
 * @param {WebAssembly.Module} module
 * @param {ArrayBuffer} library
 */
function standIn(module, library) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  /** @type {(why: unknown) => void} */
  let fail = () => {};
  /** @type {Promise<never>} */
  const failed = new Promise((_resolve, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // Nobody may be waiting any more.
  self.fetch = async (asked) => new Response(String(asked) === LIBRARY ? library : null);
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    try {
      return { instance: await WebAssembly.instantiate(module, imports), module };
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  const leave = () => {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
  return { failed, leave };
}

/**
 * Give memory back at once, where the browser can.
 * @param {(ArrayBuffer & { transfer?: (length: number) => void }) | undefined} bytes
 */
function free(bytes) {
  bytes?.transfer?.(0);
}

/**
 * Copy an interpreter. What stands at the end of its memory is nothing yet, and is left out.
 * @param {Python} python
 */
export function copied(python) {
  const { buffer } = python.makeMemorySnapshot();
  const words = new Float64Array(buffer, 0, buffer.byteLength >> 3);
  let end = words.length;
  while (end > 0 && Object.is(words[end - 1], 0)) end -= 1;
  const copy = buffer.slice(0, Math.ceil(end / 2) * 2 * words.BYTES_PER_ELEMENT);
  free(buffer);
  return copy;
}

/**
 * Compile WebAssembly that is packed by gzip.
 * @param {BlobPart} packed
 */
export function compile(packed) {
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const headers = { "Content-Type": "application/wasm" };
  return WebAssembly.compileStreaming(new Response(unpacked, { headers }));
}
