// Runs what a reader wrote. Its text is handed to the cage, which makes a classic worker of it.
// It says its words as text, one each: "line services/payment.py:12", "result {…}", "ready 3e7".
{
  const HEAP_BYTES_MAX = 160 * 1024 * 1024;
  const PAGE_BYTES = 65_536;
  const BEAT_MS = 50;
  const SIGINT = 2;
  const NOTES_BYTES_MAX = 1024 * 1024;
  const NOTE = /^(?:line|printed) /;
  const WHY_CHARACTERS_MAX = 200;
  /** How an interpreter dies, in the words of both browsers. @type {[string, RegExp][]} */
  const DEATHS = [
    ["recursion", /call stack|recursion/],
    ["memory", /memory/i],
    ["exit", /unreachable|abort|exit/i],
  ];

  // What Python needs of a worker's own, and the language itself; all else goes.
  const KEPT = new Set(
    `crypto performance self setTimeout clearTimeout TextDecoder TextEncoder DOMException
    AbortController AbortSignal WebAssembly constructor globalThis Infinity NaN undefined isFinite
    isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent Object
    Function Array Number Boolean String Symbol Date Promise RegExp Map BigInt Set Iterator WeakMap
    WeakSet WeakRef Proxy Reflect FinalizationRegistry JSON Math Intl Atomics ArrayBuffer
    SharedArrayBuffer DataView Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array
    Uint8ClampedArray BigUint64Array BigInt64Array Float16Array Float32Array Float64Array Error
    AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
    SuppressedError`.split(/\s+/),
  );

  const say = self.postMessage.bind(self);
  let noteBytes = 0;
  let beatMs = 0;

  /** Python asks it from time to time, and is interrupted where it holds a signal. */
  const beats = {
    get 0() {
      const now = performance.now();
      if (now < beatMs) return 0;
      beatMs = now + BEAT_MS;
      return SIGINT;
    },
    set 0(_value) {},
  };

  /** Refuse memory early enough that Python can say at which line, and the page stays small. */
  const bound = () => {
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + pages * PAGE_BYTES > HEAP_BYTES_MAX) {
        throw new RangeError("no more memory for this page's Python");
      }
      return grow.call(this, pages);
    };
  };

  /** Take away what leads out. The policy of the cage is the wall; this stands before it. */
  const strip = () => {
    for (let at = self; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) {
        if (name === "console" || KEPT.has(name)) continue;
        try {
          Object.defineProperty(at, name, { value: undefined });
        } catch {
          // Not even its owner may change it.
        }
      }
    }
  };

  /** What Python writes beside its output: where it is. @param {Uint8Array} bytes */
  const note = (bytes) => {
    noteBytes += bytes.length;
    const text = noteBytes <= NOTES_BYTES_MAX ? new TextDecoder().decode(bytes) : "";
    if (NOTE.test(text)) say(text);
    return bytes.length;
  };

  /** @param {{ scripts: { boot: string }, snapshot: Blob }} given */
  const start = async (given) => {
    bound();
    const { boot } = await import(given.scripts.boot);
    const python = await boot(given, given.snapshot);
    const { _module: heap } = python;
    python.setStderr({ write: note });
    const running = python.pyimport("tracegen.playground.running");
    running.seal();
    python.setInterruptBuffer(beats);
    delete python._module;
    delete python._api;
    strip();
    const quiet = new Proxy({}, { get: () => () => {} }); // It complains of its death to people.
    Object.defineProperty(self, "console", { value: quiet });
    say(`ready ${heap.HEAP8.length}`);
    return (/** @type {string} */ plan) => {
      noteBytes = 0;
      const text = running.run(plan);
      say(`heap ${heap.HEAP8.length}`);
      say(`result ${text}`);
    };
  };

  /** @type {((plan: string) => void) | null} */
  let run = null;
  addEventListener("message", async ({ data }) => {
    try {
      if (run) run(data);
      else run = await start(data);
    } catch (error) {
      const why = String(error).slice(-WHY_CHARACTERS_MAX);
      const [death] = DEATHS.find(([, says]) => says.test(why)) ?? ["error"];
      say(run ? `fatal ${death}` : `failed ${why}`);
    }
  });
}
