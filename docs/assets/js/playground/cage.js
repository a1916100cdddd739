// The only script of cage.html, which stands there inline, under its hash: it holds the parts of
// Python, and starts a worker for a reader's code from them, in place of the one before. Its
// document is sandboxed, so its origin is none, and its policy allows no network; what its workers
// can reach is no more.
//
// It answers its own parent, over one port. From the worker it passes on text and nothing else.
{
  /** @typedef {{ snapshot?: ArrayBuffer, text?: string, number?: number }} More */
  /** @typedef {{ do: string } & Partial<Held> & More} Order */
  /** @typedef {{ worker: string, boot: string, pyodide: string, asm: string }} Scripts */
  /** @typedef {{ scripts: Scripts, wasm: ArrayBuffer, library: ArrayBuffer, info: object }} Held */

  const TEXT_MAX = 16 * 1024 * 1024; // Characters; a run of 200 orders has about two million.

  /** @type {MessagePort | null} */
  let port = null;
  /** @type {Promise<object> | null} */
  let parts = null;
  /** Not in this process: it is large, and seldom read. @type {Blob | null} */
  let snapshot = null;
  /** @type {Worker | null} */
  let worker = null;
  let workerUrl = "";
  let number = 0;

  /** @param {string} text */
  const url = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

  /** @param {Held} held */
  const hold = async ({ scripts, wasm, library, info }) => {
    workerUrl = url(scripts.worker);
    const urls = { boot: url(scripts.boot), pyodide: url(scripts.pyodide), asm: url(scripts.asm) };
    const unpacked = new Blob([wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
    const headers = { "Content-Type": "application/wasm" };
    const module = await WebAssembly.compileStreaming(new Response(unpacked, { headers }));
    return { scripts: urls, module, library, info };
  };

  /** @param {ArrayBuffer & { transfer?: (length: number) => void }} bytes */
  const keep = (bytes) => {
    snapshot = new Blob([bytes]);
    bytes.transfer?.(0); // Memory is given back at once, where the browser can.
  };

  /** @param {number} own Who starts it names it so, and knows what comes of which. */
  const start = async (own) => {
    worker?.terminate();
    number = own;
    /** @param {unknown} text */
    const tell = (text) => {
      if (own !== number) return; // It was ended meanwhile.
      const isText = typeof text === "string" && text.length <= TEXT_MAX;
      port?.postMessage([own, isText ? text : "fatal output"]);
    };
    try {
      const held = await parts;
      if (own !== number) return;
      worker = new Worker(workerUrl);
      worker.onmessage = ({ data }) => tell(data);
      worker.onmessageerror = () => tell("fatal error");
      worker.onerror = ({ message }) => tell(`failed ${message}`);
      worker.postMessage({ ...held, snapshot });
    } catch (error) {
      tell(`failed ${error}`);
    }
  };

  /** @param {MessageEvent<Order>} event */
  const obey = ({ data }) => {
    if (data.do === "hold") {
      parts = hold(/** @type {Held} */ (data));
      parts.catch(() => {}); // Whoever starts a worker is told.
    } else if (data.do === "start") {
      if (data.snapshot) keep(data.snapshot);
      void start(data.number ?? 0);
    } else if (data.do === "say") {
      worker?.postMessage(data.text);
    }
  };

  addEventListener("message", ({ source, origin, ports }) => {
    if (port || source !== parent || origin !== location.origin || !ports[0]) return;
    port = ports[0];
    port.onmessage = obey;
    port.postMessage([0, "here"]);
  });
}
