/**
 * One drawing of the flow view, moved. What the server drew stays as it is, for print and for the
 * day the script goes: what comes later is only marked, and what changes is shown by copies.
 */

import {
  LEAVE, current, pointAt, sending, standing, travelled, wayOf, whenOf,
} from "./flow-moves.js";
import { READ, WRITE } from "./story.js";

/** @typedef {import("./flow-moves.js").At} At */
/** @typedef {import("./flow-moves.js").Way} Way */
/** @typedef {import("./flow-moves.js").Standing} Standing */
/** @typedef {{ show: (moment: At) => void, remove: () => void }} Moved */

const SVG = "http://www.w3.org/2000/svg";

/** The kinds' shapes, around the point where the message is. */
const SHAPES = /** @type {Record<string, string>} */ ({
  event: "M-8-6H8A6 6 0 0 1 8 6H-8A6 6 0 0 1-8-6z",
  command: "M-13-6.5H6l7 6.5-7 6.5h-19z",
  reply: "M13-6.5H-6L-13 0l7 6.5h19z",
});

/**
 * Mark elements by when they come: not yet, in the row under way, or neither.
 * @param {Element} element
 * @param {number} from
 * @param {number} at
 * @param {number} [until]
 * @param {number} [leaves]
 * @returns {Moved}
 */
export function marked(element, from, at, until, leaves) {
  /** @type {string | null} */
  let shown = null;
  return {
    show(moment) {
      const when = whenOf(moment, from, at, until, leaves);
      if (when === shown) return;
      shown = when;
      if (when) element.setAttribute("data-when", when);
      else element.removeAttribute("data-when");
    },
    remove: () => element.removeAttribute("data-when"),
  };
}

/**
 * @param {SVGSVGElement} svg
 * @returns {Moved}
 */
export function picture(svg) {
  const name = svg.getAttribute("aria-labelledby") ?? "";
  svg.setAttribute("aria-labelledby", name.split(" ")[0] ?? ""); // The description tells the end.
  const edges = [...svg.querySelectorAll(".flow-edge")];
  const spans = travels(edges);
  const arrivals = new Map(
    edges.map((edge, index) => [attribute(edge, "data-seq"), spans[index]?.[1] ?? WRITE]),
  );
  const moved = [
    ...edges.map((edge, index) => marked(edge, row(edge), spans[index]?.[0] ?? LEAVE)),
    ...all(svg, ".flow-record").map((record) => {
      const own = record.hasAttribute("data-row");
      const at = own ? (arrivals.get(attribute(record, "data-seq")) ?? WRITE) : WRITE;
      return marked(record, row(record), at);
    }),
    ...all(svg, ".flow-clock").map((clock) => marked(clock, row(clock), LEAVE)),
    ...all(svg, ".flow-bubble").map((bubble) => marked(bubble, row(bubble), 0)),
    ...all(svg, ".flow-strip [data-from], .flow-absent").map((one) => marked(one, row(one), LEAVE)),
    ...all(svg, ".flow-way[data-from]").map((way) => marked(way, row(way), READ)),
    ...all(svg, ".flow-status[data-from]").map((rung) => {
      const until = Number(rung.getAttribute("data-until") ?? Infinity);
      return marked(rung, row(rung), READ, until, READ);
    }),
    ...all(svg, "[data-grows]").map(run),
    ...all(svg, ".flow-marker").map(marker),
    ...all(svg, ".flow-node[data-times]").map(node),
    token(svg, edges, spans),
  ];
  return {
    show: (moment) => moved.forEach((one) => one.show(moment)),
    remove() {
      moved.forEach((one) => one.remove());
      svg.setAttribute("aria-labelledby", name);
    },
  };
}

/**
 * When the message of each edge is on its way; null for one that is never read.
 * @param {Element[]} edges
 */
function travels(edges) {
  return edges.map((edge) => {
    const way = edge.getAttribute("data-way");
    if (way === "read") return /** @type {[number, number]} */ ([LEAVE, READ]);
    if (way !== "write") return null;
    const same = edges.filter((e) => e.getAttribute("data-way") === way && row(e) === row(edge));
    return sending(same.indexOf(edge), same.length);
  });
}

/**
 * One message at a time; where none is under way, nothing.
 * @param {SVGSVGElement} svg
 * @param {Element[]} edges
 * @param {(readonly [number, number] | null)[]} spans
 * @returns {Moved}
 */
function token(svg, edges, spans) {
  const glyph = document.createElementNS(SVG, "g");
  const shape = glyph.appendChild(document.createElementNS(SVG, "path"));
  shape.setAttribute("class", "flow-cell");
  svg.append(glyph);
  /** @type {Map<Element, Way>} */
  const ways = new Map();
  /** @type {Element | null} */
  let shown = null;
  glyph.setAttribute("class", "flow-token");
  return {
    show(moment) {
      const index = edges.findIndex((edge, i) => {
        const span = spans[i];
        return span && travelled(moment, row(edge), span) !== null;
      });
      const edge = edges[index] ?? null;
      const span = spans[index];
      if (edge !== shown) {
        const kind = /tg-k-(\w+)/.exec(edge?.getAttribute("class") ?? "")?.[1] ?? "";
        glyph.setAttribute("class", "flow-token tg-k-" + kind);
        shape.setAttribute("d", SHAPES[kind] ?? "");
        shown = edge;
      }
      if (!edge || !span) return;
      let way = ways.get(edge);
      if (!way) {
        const path = edge.querySelector(".flow-line")?.getAttribute("d") ?? "";
        const isWrite = edge.getAttribute("data-way") === "write";
        way = wayOf(path, attribute(edge, "data-x"), isWrite);
        ways.set(edge, way);
      }
      const [x, y] = pointAt(way, travelled(moment, row(edge), span) ?? 0);
      glyph.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    },
    remove: () => glyph.remove(),
  };
}

/**
 * A run of records that are not told apart: as wide as it has records by now.
 * @param {Element} element
 * @returns {Moved}
 */
function run(element) {
  const cell = element.querySelector(".flow-cell");
  const times = lists(element, "data-grows").map(([at = 0, share = 1]) => ({ row: at, share }));
  /** @type {number | null} */
  let shown = null;
  const style = cell instanceof SVGElement ? cell.style : null;
  return {
    show(moment) {
      const { share } = current(times, moment, WRITE);
      if (share === shown) return;
      shown = share;
      style?.setProperty("transform", `scaleX(${share})`);
    },
    remove: () => style?.removeProperty("transform"),
  };
}

/**
 * @param {Element} element
 * @returns {Moved}
 */
function marker(element) {
  /** @type {Standing[]} */
  const times = lists(element, "data-times").map(
    ([at = 0, next = 0, lag = 0, x = 0, width = 0, shift = 0, down = 0]) => ({
      row: at, next, lag, x, width, shift, isDown: down > 0,
    }),
  );
  const home = attribute(element, "data-x");
  const copy = copied(element);
  const bar = /** @type {Element} */ (copy.querySelector("rect"));
  const top = bar.getAttribute("y");
  const tip = /** @type {Element} */ (copy.querySelector("path"));
  const texts = [...copy.querySelectorAll("text")];
  set(bar, { x: "0", y: "0", width: "1" });
  let shown = "";
  return {
    show(moment) {
      const { next, lag, x, width, shift, isDown } = standing(times, moment);
      const key = [next, lag, x, width, isDown].join(" ");
      if (key === shown) return;
      shown = key;
      set(tip, { transform: `translate(${(x - home).toFixed(1)} 0)` });
      set(bar, { transform: `translate(${x.toFixed(1)} ${top}) scale(${width.toFixed(1)} 1)` });
      for (const text of texts) set(text, { transform: `translate(${shift.toFixed(1)} 0)` });
      say(texts[1], String(next));
      say(texts[2], String(lag));
      set(copy, { "data-next": String(next), "data-lag": String(lag) });
      copy.classList.toggle("flow-stuck", isDown && lag > 0);
    },
    remove: () => copy.remove(),
  };
}

/**
 * What a service holds of the order.
 * @param {Element} element
 * @returns {Moved}
 */
function node(element) {
  const text = element.querySelector(".flow-holds");
  if (!text) return { show() {}, remove() {} };
  const times = /** @type {[number, string, boolean][]} */ (
    JSON.parse(element.getAttribute("data-times") ?? "[]")
  ).map(([at, holds, isDown]) => ({ row: at, holds, isDown }));
  const copy = copied(text);
  /** @type {unknown} */
  let shown = null;
  return {
    show(moment) {
      const time = current(times, moment, READ);
      if (time === shown) return;
      shown = time;
      copy.textContent = time.holds;
      const status = time.isDown ? "flow-status-down" : "flow-status";
      copy.setAttribute("class", `${status} flow-now`);
      element.setAttribute("data-alive", String(!time.isDown));
    },
    remove() {
      copy.remove();
      element.removeAttribute("data-alive");
    },
  };
}

/** @param {Element} element */
function copied(element) {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  copy.classList.add("flow-now");
  element.after(copy);
  return copy;
}

/**
 * Put a number in the place of the one that is there, whatever words stand around it.
 * @param {Element | undefined} text
 * @param {string} number
 */
function say(text, number) {
  if (text) text.textContent = (text.textContent ?? "").replace(/\d+/, number);
}

/**
 * @param {Element} element
 * @param {Record<string, string>} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/**
 * @param {Element} root
 * @param {string} selector
 */
function all(root, selector) {
  return [...root.querySelectorAll(selector)];
}

/** @param {Element} element */
export function row(element) {
  return Number(element.getAttribute("data-row") ?? element.getAttribute("data-from"));
}

/**
 * @param {Element} element
 * @param {string} name
 */
function attribute(element, name) {
  return Number(element.getAttribute(name));
}

/**
 * Rows of numbers: commas between the rows, spaces within.
 * @param {Element} element
 * @param {string} name
 */
function lists(element, name) {
  return (element.getAttribute(name) ?? "").split(",").map((part) => part.split(" ").map(Number));
}
