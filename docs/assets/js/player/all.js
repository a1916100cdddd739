/**
 * All orders of both recordings, on a canvas where only what is visible is drawn, with a map of
 * the whole and a table that says the same. The position counts rows of the layout of all orders.
 */

import { nextStop, rowAt, stopsOf, storyAt } from "./all-axis.js";
import { connectChoices } from "./all-choices.js";
import { find } from "./all-find.js";
import { grow, kin, makeIndex, untilOf } from "./all-index.js";
import { heightOf, lineAt, makeLines, makeTest } from "./all-lines.js";
import { readLook, watchLook } from "./all-look.js";
import { drawMap } from "./all-map.js";
import { actOf, anchorOfAct, anchorOfRecord } from "./all-names.js";
import { BOTH_PX, makePanes } from "./all-panes.js";
import { CanvasPen } from "./all-pen.js";
import { connectPointer } from "./all-pointer.js";
import { draw } from "./all-scene.js";
import { connectTable } from "./all-table.js";
import { actOfSpan, say, tell } from "./all-words.js";
import { read } from "./address.js";
import { frameAt } from "./frame.js";
import { STYLES } from "./story.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-types.js").Lanes} Lanes */
/** @typedef {import("./all-types.js").Scene} Scene */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Style} Style */

const REST_MS = 150; // The table follows once the position rests.
const ABOVE = 0.7; // The playhead stands so far down, and at least so near the top:
const BELOW = 0.3;

/** @type {import("./types.js").Connect} */
export function connect(player) {
  const panel = /** @type {HTMLElement} */ (player.root.querySelector(".tg-all"));
  return new All(player, panel);
}

/** @implements {Part} */
class All {
  /** @type {Partial<Record<Style, Index>>} */
  #indexes = {};
  /** @type {Scene} */
  #scene;
  /** @type {number[]} */
  #stops = [];
  /** @type {import("./all-lines.js").Choice} */
  #choice = { order: "", others: "pale", which: "", unfinished: [] };
  #offset = 0; // Px that the reader scrolled away from where the position is.
  #wanted = ""; // Anchor that the address asks for, until its act is here.
  #timer = 0;
  #style = /** @type {Style} */ ("choreography");
  #isShown = false;

  /**
   * @param {Player} player
   * @param {HTMLElement} panel
   */
  constructor(player, panel) {
    this.player = player;
    this.panel = panel;
    this.lanes = /** @type {Record<Style, Lanes>} */ (JSON.parse(panel.dataset["lanes"] ?? "{}"));
    this.canvas = canvasOf(panel, "canvas");
    this.map = canvasOf(panel, "map");
    const { signal } = player;
    const words = {
      fold: (/** @type {number} */ count) => this.#count(this.#choice.which ? "left" : "fold", count),
      lag: (/** @type {number} */ count) => say(panel.dataset, "lag", { count }),
    };
    this.pen = new CanvasPen(contextOf(this.canvas), readLook(panel), words);
    this.#scene = {
      ...{ panes: [], lines: makeLines(0, [], this.#choice), top: 0, width: 0, height: 0 },
      ...{ headPx: 0, position: 0, isPale: true },
    };
    this.choices = connectChoices(panel, signal, {
      follow: (order) => this.#follow(order),
      change: () => this.#relayout(),
    });
    this.table = connectTable(panel, signal, (index, act) => this.#go(index, act), () => this.#tell());
    connectPointer(this.canvas, this.map, signal, this.#uses());
    watchLook(signal, () => {
      this.pen = new CanvasPen(contextOf(this.canvas), readLook(panel), words);
      this.#paint();
    });
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(this.canvas);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      clearTimeout(this.#timer);
    });
    addEventListener("popstate", () => this.#open(), { signal });
    this.#open();
  }

  /** @type {Part["show"]} */
  show(moment, state, before) {
    const { player } = this;
    const wasShown = this.#isShown;
    this.#isShown = state.view === "all";
    if (!this.#isShown) {
      if (wasShown) player.axis = null;
      return;
    }
    const isOther = state.order !== this.#choice.order || state.style !== this.#style;
    if (this.#grow() || isOther) this.#relayout();
    if (!wasShown || (!this.#wanted && storyAt(this.#stops, this.#scene.position) !== moment.position)) {
      this.#scene.position = rowAt(this.#stops, state.position);
      this.#offset = 0;
    }
    this.#arrive();
    if (!player.axis && this.#all.length > 0) {
      player.axis = this.#axis();
      if (state.playing) player.set({ speed: state.speed }); // It plays other rows from here.
    }
    if (!before || !this.#all.length) this.#status();
    this.#paint();
  }

  get #all() {
    return Object.values(this.#indexes);
  }

  get #rows() {
    return Math.max(0, ...this.#all.map(({ recording }) => recording.gridCount));
  }

  /** Be where the address says, once what it names is here. */
  #open() {
    const { story } = this.player;
    const { step = "", view } = read(location.search, story.run);
    const isOwn = story.rows.some(({ sides }) => STYLES.some((each) => sides[each].anchor === step));
    this.#wanted = view === "all" && !isOwn ? step : "";
    this.#arrive();
  }

  #arrive() {
    if (!this.#wanted) return;
    for (const index of this.#all) {
      const act = actOf(index, this.#wanted);
      if (act < 0) continue;
      this.#wanted = "";
      this.#stand(index.recording.grid[act] + 1);
      return;
    }
    const isAll = this.#all.length === STYLES.length;
    if (!isAll || this.#all.some(({ seen, recording }) => seen < recording.spanCount)) return;
    this.#wanted = "";
    this.player.complain(say(this.panel.dataset, "unknown"));
  }

  /**
   * Take in what has arrived since.
   * @returns {boolean} Whether anything has.
   */
  #grow() {
    let isNew = false;
    for (const style of STYLES) {
      const recording = this.player.recordings[style];
      const index = this.#indexes[style];
      if (!recording) continue;
      if (index?.recording !== recording) {
        this.#indexes[style] = makeIndex(recording);
        isNew = true;
      } else if (grow(index)) isNew = true;
    }
    return isNew;
  }

  /** Other rows, other lines: put everything in its place. */
  #relayout() {
    const { state, story } = this.player;
    const scene = this.#scene;
    this.#style = state.style;
    this.#choice = {
      ...this.choices.read(),
      order: state.order,
      unfinished: STYLES.flatMap((style) => this.lanes[style]?.unfinished ?? []),
    };
    const isBoth = scene.width >= BOTH_PX;
    const shown = isBoth ? STYLES : [state.style];
    const sides = shown.map((style) => ({ lanes: this.lanes[style], index: this.#indexes[style] ?? null }));
    scene.panes = makePanes(scene.width, sides);
    scene.headPx = Math.max(...scene.panes.map((pane) => pane.headPx));
    for (const pane of scene.panes) this.#prepare(pane, state.order);
    const indexes = scene.panes.flatMap(({ index }) => index ?? []);
    scene.lines = makeLines(this.#rows, indexes, this.#choice);
    scene.isPale = this.#choice.others !== "alike";
    this.#stops = stopsOf(story, this.#indexes);
    this.choices.show(this.#all, state.order);
    this.#status();
    this.#paint();
  }

  /**
   * @param {import("./all-types.js").Pane} pane
   * @param {string} order
   */
  #prepare(pane, order) {
    if (!pane.index) return;
    pane.order = pane.index.recording.orders.indexOf(order);
    pane.test = this.#choice.which ? makeTest(pane.index, { ...this.#choice, others: "alike" }) : null;
    for (const lane of pane.lanes) if (lane.y) lane.y += this.#scene.headPx - pane.headPx;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { clientWidth: mapWidth, clientHeight: mapHeight } = this.map;
    if (!width || !height) return;
    const ratio = devicePixelRatio;
    for (const [canvas, w, h] of /** @type {const} */ ([
      [this.canvas, width, height],
      [this.map, mapWidth, mapHeight],
    ])) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      contextOf(canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    Object.assign(this.#scene, { width, height });
    this.#relayout();
  }

  #paint() {
    const scene = this.#scene;
    if (!this.#isShown || !scene.width) return;
    const room = scene.height - scene.headPx;
    const y = heightOf(scene.lines, scene.position);
    const bottom = Math.max(scene.lines.tops[scene.lines.count] - room, 0);
    const top = Math.min(Math.max(y - ABOVE * room, 0), bottom);
    const most = Math.max(y - BELOW * room, 0);
    scene.top = Math.min(Math.max(top + this.#offset, 0), Math.max(most, top));
    this.#offset = scene.top - top;
    for (const pane of scene.panes) {
      if (!pane.index) continue;
      const until = untilOf(pane.index, Math.ceil(scene.position));
      pane.frame = frameAt(pane.index.recording, until, this.#choice.order);
    }
    this.pen.begin(scene.width, scene.height);
    draw(this.pen, scene);
    this.#paintMap(room);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), REST_MS);
  }

  /** @param {number} room */
  #paintMap(room) {
    const { lines, top, position } = this.#scene;
    const rowOf = (/** @type {number} */ y) => (lines.count ? lines.rows[lineAt(lines, y)] : 0);
    drawMap(contextOf(this.map), this.pen.look, this.map.clientWidth, this.map.clientHeight, {
      rowCount: lines.rowCount,
      from: rowOf(top),
      to: rowOf(top + room) + 1,
      position,
      sides: this.#scene.panes.map((pane) => ({
        recording: pane.index?.recording ?? null,
        rowEnd: pane.index?.rowEnd ?? 0,
      })),
    });
  }

  /** What stands in words: how much is here, the row, and the acts about it. */
  #tell() {
    const { position, lines, panes } = this.#scene;
    const indexes = panes.flatMap(({ index }) => index ?? []);
    this.table.show({ indexes, lines, choice: this.#choice, position });
    const values = { row: Math.ceil(position), rows: lines.rowCount };
    put(this.panel, "at", say(this.panel.dataset, "at", values));
    put(this.panel, "readout", this.#said());
  }

  #status() {
    const { dataset } = this.panel;
    const { recordings, state } = this.player;
    const missing = STYLES.filter((style) => !recordings[style]);
    const spans = this.#all.reduce((sum, { recording }) => sum + recording.spanCount, 0);
    const seen = this.#all.reduce((sum, index) => sum + index.seen, 0);
    const damaged = this.#all.reduce((sum, index) => sum + index.damagedCount, 0);
    const isStrange = this.#all.length > 0 && !this.#all.some(({ recording }) => recording.orders.includes(state.order));
    const said = [
      missing.length === STYLES.length ? say(dataset, "none") : "",
      missing.length === 1 ? say(dataset, "missing", { style: missing[0] }) : "",
      seen < spans ? say(dataset, "part", { part: seen, all: spans }) : "",
      damaged > 0 ? say(dataset, "damaged", { count: damaged }) : "",
      isStrange ? say(dataset, "strange", { order: state.order }) : "",
    ];
    put(this.panel, "said", said.filter(Boolean).join(" "));
  }

  /** @returns {import("./types.js").Axis} */
  #axis() {
    const get = (/** @type {"position" | "count"} */ what) =>
      what === "count" ? this.#rows : this.#scene.position;
    return {
      get count() {
        return get("count");
      },
      get position() {
        return get("position");
      },
      put: (position) => {
        this.#scene.position = position;
        this.#offset = 0;
        return storyAt(this.#stops, position);
      },
      of: (position) => rowAt(this.#stops, position),
      next: (position, by) =>
        nextStop(this.#all, this.#choice.order, position, by, this.#rows),
      anchor: () => this.#anchor(),
      said: () => this.#said(),
    };
  }

  /** Of the act done last, orchestration's where both act. */
  #anchor() {
    const row = Math.ceil(this.#scene.position) - 1;
    for (const style of [...STYLES].reverse()) {
      const index = this.#indexes[style];
      const act = index?.actAt[row] ?? -1;
      if (index && act >= 0) return anchorOfAct(index, act);
    }
    return "";
  }

  #said() {
    const { position, lines } = this.#scene;
    const { dataset } = this.panel;
    const row = Math.ceil(position);
    const acts = this.#all.flatMap((index) => {
      const act = index.actAt[row - 1] ?? -1;
      return act < 0 ? [] : [say(dataset, "act", { ...tell(index, act, dataset) })];
    });
    return [say(dataset, "at", { row, rows: lines.rowCount }), ...acts].join(". ");
  }

  /**
   * @param {string} name
   * @param {number} count
   */
  #count(name, count) {
    return say(this.panel.dataset, count === 1 ? `${name}One` : name, { count });
  }

  /** @param {string} order */
  #follow(order) {
    const isKnown = this.#all.some(({ recording }) => recording.orders.includes(order));
    if (isKnown) this.player.set({ order });
    else put(this.panel, "said", say(this.panel.dataset, "strange", { order }));
  }

  /**
   * @param {Index} index
   * @param {number} act
   * @param {string} [record]
   */
  #go(index, act, record) {
    const order = index.recording.orders[index.recording.order[act]];
    this.player.go(index.recording.grid[act] + 1);
    this.player.set({ ...(order ? { order } : {}), ...(record ? { record } : {}) });
  }

  /** @param {number} position */
  #stand(position) {
    this.#scene.position = position;
    this.#offset = 0;
    this.player.axis ??= this.#axis();
    this.player.put(position);
  }

  /** @returns {import("./all-pointer.js").Uses} */
  #uses() {
    const scene = this.#scene;
    const light = (/** @type {import("./all-find.js").Found | null} */ found) => {
      const lit = scene.panes.map((pane, at) =>
        found?.pane === at && pane.index ? kin(pane.index, found.seq) : null,
      );
      const isSame = scene.panes.every(({ lit: was }, at) => was?.size === lit[at]?.size && !was);
      if (isSame) return;
      scene.panes.forEach((pane, at) => (pane.lit = lit[at]));
      this.canvas.classList.toggle("tg-all-on", found !== null);
      this.#paint();
    };
    return {
      scroll: (px) => {
        const before = scene.top;
        this.#offset += px;
        this.#paint();
        return scene.top !== before;
      },
      hover: (x, y) => light(find(scene, x, y)),
      leave: () => light(null),
      click: (x, y) => {
        const found = find(scene, x, y);
        const index = found && scene.panes[found.pane].index;
        if (!found || !index) return;
        const isRecord = index.recording.operation[found.seq] === index.codes.send;
        const act = actOfSpan(index, found.seq);
        if (act >= 0) this.#go(index, act, isRecord ? anchorOfRecord(index, found.seq) : "");
      },
      travel: (share) => this.player.put(share * this.#rows),
      arrive: () => this.player.go(Math.round(scene.position)),
    };
  }
}

/**
 * @param {HTMLElement} panel
 * @param {string} name
 */
function canvasOf(panel, name) {
  return /** @type {HTMLCanvasElement} */ (panel.querySelector(`[data-all=${name}]`));
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * @param {HTMLElement} panel
 * @param {string} name
 * @param {string} text
 */
function put(panel, name, text) {
  const place = panel.querySelector(`[data-all=${name}]`);
  if (place && place.textContent !== text) place.textContent = text;
}
