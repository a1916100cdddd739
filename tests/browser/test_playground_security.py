"""Goal: a reader's code reaches no network and no storage, and nothing of the page.

Method: two walls, each tried alone. The cage as it is published, with a worker of ours in place of
the one that runs Python, which tries every way out as a script would. Then Python as readers have
it, which tries every door that Pyodide has. A server counts who comes.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser import firefox
from tests.browser.playground import Playground

pytestmark = pytest.mark.alone  # A run has so much time, and not so much work.

# Each says "out" or throws. The policy's complaints are what is wanted here.
WAYS = """
const wait = (begin) => new Promise((yes, no) => {
  begin(yes, no);
  setTimeout(no, 5000, "silence");
});
const event = (made) => wait((yes, no) => {
  made.onopen = made.onmessage = made.onsuccess = yes;
  made.onerror = (error) => no(error.message || "error");
});
const script = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const ways = {
  "fetch": () => fetch(FAR),
  "fetch of our own site": () => fetch(SITE),
  "fetch without an answer": () => fetch(FAR, { mode: "no-cors", keepalive: true }),
  "XMLHttpRequest": () => {
    const asked = new XMLHttpRequest();
    asked.open("GET", FAR, false);
    asked.send();
  },
  "WebSocket": () => event(new WebSocket(FAR.replace("http", "ws"))),
  "EventSource": () => event(new EventSource(FAR)),
  "WebTransport": () => new WebTransport(FAR.replace("http", "https")).ready,
  "import of a script": () => import(FAR + "x.js"),
  "import of our own script": () => import(SITE + "assets/js/site.js"),
  "import of data": () => import("data:text/javascript,export default 1"),
  "importScripts": () => importScripts(FAR + "x.js"),
  "a worker from afar": () => event(new Worker(FAR + "x.js")),
  "a worker within, which fetches": async () => {
    const { data } = await event(new Worker(script(
      `fetch("${FAR}").then(() => postMessage(""), (why) => postMessage(String(why)))`)));
    if (data) throw data;
  },
  "eval": () => (0, eval)("1"),
  "Function": () => new Function("return 1")(),
  "a timer with text": () => wait((yes) => { self.came = yes; setTimeout("self.came()"); }),
  "IndexedDB": () => event(indexedDB.open("x")),
  "caches": () => caches.open("x"),
  "localStorage": () => localStorage.setItem("x", "1"),
  "sessionStorage": () => sessionStorage.setItem("x", "1"),
  "a private file system": () => navigator.storage.getDirectory(),
  "locks": () => navigator.locks.request("x", () => 1),
  "cookies": () => { document.cookie = "x=1"; },
  "a cookie store": () => cookieStore.set("x", "1"),
  "a service worker": () => navigator.serviceWorker.register(SITE + "x.js"),
  "a shared worker": () => new SharedWorker(SITE + "x.js"),
  "the page": () => parent.document.title,
  "the page's storage": () => top.localStorage.length,
};
(async () => {
  const found = {};
  for (const [name, way] of Object.entries(ways)) {
    try {
      await way();
      found[name] = "out";
    } catch (why) {
      found[name] = String(why);
    }
  }
  const channel = new BroadcastChannel("playground");
  channel.postMessage("from the cage");
  found.origin = self.origin;
  postMessage({ not: "text" });
  postMessage("x".repeat(17 * 1024 * 1024));
  postMessage(JSON.stringify(found));
})();
"""
# The page's part: opens the cage as it is published, and lets our worker run in it.
TRY = """(async () => {
  const site = %s;
  const file = await fetch(site + "assets/playground/pyodide.asm.wasm.gz.bin");
  const wasm = await file.arrayBuffer();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = site + "assets/playground/cage.html";
  const { port1, port2 } = new MessageChannel();
  const heard = [];
  const broadcast = [];
  new BroadcastChannel("playground").onmessage = ({ data }) => broadcast.push(data);
  const strays = [];
  addEventListener("message", ({ data }) => strays.push(String(data)));
  const found = await new Promise((resolve) => {
    port1.onmessage = ({ data: [number, text] }) => {
      heard.push([number, text.slice(0, 20)]);
      if (text === "here") {
        const scripts = { worker: %s, boot: "", pyodide: "", asm: "" };
        port1.postMessage({ do: "hold", scripts, wasm, library: new ArrayBuffer(0), info: {} });
        port1.postMessage({ do: "start", number: 7 });
      } else if (text[0] === "{" || text.startsWith("failed")) resolve(text);
    };
    frame.onload = () => frame.contentWindow.postMessage("port", "*", [port2]);
    document.body.append(frame);
  });
  return { found, heard, broadcast, strays };
})()"""
FOREIGN = """(async () => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = %s + "assets/playground/cage.html";
  await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
  const answers = [];
  const ask = (from, ports) => from.postMessage("port", "*", ports);
  const [first, second] = [new MessageChannel(), new MessageChannel()];
  first.port1.onmessage = ({ data }) => answers.push(["first", ...data]);
  second.port1.onmessage = ({ data }) => answers.push(["second", ...data]);
  frame.contentWindow.postMessage({ do: "start", number: 1 }, "*");
  ask(frame.contentWindow, [first.port2]);
  ask(frame.contentWindow, [second.port2]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return answers;
})()"""
# What Python tries. Each line is an expression that must throw.
DOORS = [
    "__import__('js').fetch",
    "__import__('pyodide_js').runPython",
    "__import__('pyodide.http')",
    "__import__('pyodide.code').code.run_js('1')",
    "__import__('_pyodide_core')",
    "__import__('_pyodide._base')",
    "__import__('importlib').import_module('js')",
    "__import__('importlib').reload(__import__('pyodide_js'))",
    "__import__('ctypes')",
    "__import__('_ctypes')",
    "__import__('urllib.request').request.urlopen(FAR)",
    "__import__('http.client').client.HTTPConnection('127.0.0.1', PORT).request('GET', '/')",
    "__import__('socket').create_connection(('127.0.0.1', PORT), 1)",
    "__import__('webbrowser').open(FAR)",
    "__import__('subprocess').run(['ls'])",
    "__import__('os').fork()",
    "__import__('os').system('ls') and 1 / 0",
    "JS('to_js')([1]).constructor.constructor('return self')()",
    "JS('to_js')([1]).constructor.constructor.prototype.constructor('return fetch')()(FAR)",
    "JS('run_js')('fetch')",
    "__import__('_thread').start_new_thread(print, ())",
]
PYTHON = """
import gc
gc.unfreeze()
JS = lambda name: next(o for o in gc.get_objects() if getattr(o, '__name__', '') == name)
results = {}
for line in LINES:
    try:
        results[line] = 'out ' + repr(eval(line, {'JS': JS}))[:60]
    except BaseException as error:
        results[line] = type(error).__name__
import json
print(json.dumps(results))
"""

LEFT = """
import datetime, json, os, time
with open('/tmp/note', 'w') as file: file.write('kept')
print(json.dumps({
    'file': open('/tmp/note').read(), 'random': len(os.urandom(8)),
    'clock': time.time() > 1.7e9 and datetime.datetime.now().year > 2024,
    'processors': os.cpu_count(), 'zone': time.tzname, 'language': os.environ['LANG'],
    'who': os.getpid(),
}))
""".strip()
GONE = "import os\nprint(os.path.exists('/tmp/note'))"


class Counting(BaseHTTPRequestHandler):
    """Answers whoever comes, and keeps the paths."""

    came: list[str] = []  # noqa: RUF012

    def do_GET(self):
        self.came.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def far():
    Counting.came.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(params=["chromium", "firefox"])
def evaluate(request, site):
    """Evaluate something on a page of the site, in either browser."""
    if request.param == "chromium":
        page = request.getfixturevalue("browser").new_page()
        page.set_default_timeout(120_000)
        page.goto(site)
        yield page.evaluate
        page.close()
    else:
        with firefox.running() as page:
            page.goto(site)
            yield page.evaluate


def test_no_way_leads_out_of_the_cage(evaluate, site, far):
    worker = WAYS.replace("FAR", json.dumps(far)).replace("SITE", json.dumps(site))
    tried = evaluate(TRY % (json.dumps(site), json.dumps(worker)))
    assert tried["found"].startswith("{"), tried["found"]
    found = json.loads(tried["found"])
    assert found.pop("origin") == "null"
    assert len(found) == 28
    assert found.pop("a timer with text") == "silence"
    assert {name: came for name, came in found.items() if came in {"out", "silence"}} == {}
    assert (Counting.came, tried["broadcast"], tried["strays"]) == ([], [], [])
    assert tried["heard"][1:3] == [[7, "fatal output"], [7, "fatal output"]]


def test_the_cage_answers_the_first_port_of_its_parent_and_nothing_else(evaluate, site):
    assert evaluate(FOREIGN % json.dumps(site)) == [["first", 0, "here"]]


def test_no_door_of_pythons_leads_out(evaluate, site, far):
    playground = Playground(evaluate, site)
    port = far.rstrip("/").rpartition(":")[2]
    lines = [line.replace("FAR", repr(far)).replace("PORT", port) for line in DOORS]
    ran = playground.try_(PYTHON.strip().replace("LINES", repr(lines)) + "\nraise SystemExit")
    found = json.loads(ran.result["printed"].splitlines()[-1])
    assert set(found) == set(lines)
    assert {line: came for line, came in found.items() if came.startswith("out")} == {}
    assert Counting.came == []


def test_what_the_page_says_is_left_is_left(evaluate, site):
    playground = Playground(evaluate, site)
    playground.prepare()
    ran = playground.try_(LEFT)
    assert ran.result["failure"] is None, ran.result["failure"]
    found = json.loads(ran.result["printed"].splitlines()[0])
    assert (found["file"], found["random"], found["clock"]) == ("kept", 8, True)
    assert playground.try_(GONE).result["printed"].startswith("False")
