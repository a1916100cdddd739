// Pyodide as it comes, in a worker: boots, takes our sources, runs the happy path.
import { loadPyodide } from "./pyodide.mjs";

try {
  const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
  python.runPython("1");
  postMessage("booted");
  const archive = await (await fetch("ours.zip")).arrayBuffer();
  python.unpackArchive(archive, "zip", { extractDir: "/ours" });
  postMessage(
    python.runPython(`
import sys
sys.path.insert(0, "/ours")
from tracegen import scenario, trace
from tracegen.runtimes import memory
trace.dump(memory.run(scenario.load("happy-path"), "choreography", 0))
`),
  );
} catch (error) {
  postMessage(String(error));
}
