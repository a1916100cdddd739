/**
 * All orders of both recordings, on a canvas where only what is visible is drawn, with a map of
 * the whole and a table that says the same. The position counts rows of the layout of all orders.
 */

import { makeAxis, rowAt, stopsOf, storyAt } from "./all-axis.js";
import { connectChoices } from "./all-choices.js";
import { untilOf } from "./all-index.js";
import { intakeOf } from "./all-intake.js";
import { layOut, scrollTo } from "./all-layout.js";
import { makeLines } from "./all-lines.js";
import { drawMap, wholeOf } from "./all-map.js";
import { actOf } from "./all-names.js";
import { canvasOf, contextOf, empty, fit, put, readLook, sheet, watchLook } from "./all-page.js";
import { BOTH_PX } from "./all-panes.js";
import { CanvasPen } from "./all-pen.js";
import { connectPointer } from "./all-pointer.js";
import { draw } from "./all-scene.js";
import { connectTable } from "./all-table.js";
import { usesOf } from "./all-uses.js";
import { say, sayCount, sayRow, sayState } from "./all-words.js";
import { read } from "./address.js";
import { frameAt } from "./frame.js";
import { STYLES, positionOf } from "./story.js";

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-types.js").Lanes} Lanes */
/** @typedef {import("./all-types.js").Scene} Scene */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Style} Style */

const REST_MS = 150; // The table follows once the position rests.

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
  #story = 0; // The position in the story that goes with this view's.
  #isOwn = false; // The reader chose this view's position, not the story's.

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
      fold: (/** @type {number} */ count) =>
        sayCount(panel.dataset, this.#choice.which ? "left" : "fold", count),
      lag: (/** @type {number} */ count) => say(panel.dataset, "lag", { count }),
    };
    this.pen = new CanvasPen(contextOf(this.canvas), readLook(panel), words, sheet);
    this.#scene = {
      ...{ panes: [], lines: makeLines(0, [], this.#choice), top: 0, width: 0, height: 0 },
      ...{ headPx: 0, position: 0, isPale: true },
    };
    this.choices = connectChoices(panel, signal, {
      follow: (order) => this.#choose(order),
      change: () => (this.#relayout(), this.#paint()),
    });
    const go = (/** @type {Index} */ index, /** @type {number} */ act) => this.#go(index, act);
    this.table = connectTable(panel, signal, go, () => this.#tell());
    const uses = usesOf(this.#scene, player, {
      canvas: this.canvas,
      paint: () => this.#paint(),
      scroll: (px) => {
        this.#offset += px;
        this.#paint();
      },
      go: (index, act, record) => this.#go(index, act, record),
    });
    connectPointer(this.canvas, this.map, signal, uses);
    watchLook(signal, () => {
      this.pen = new CanvasPen(contextOf(this.canvas), readLook(panel), words, sheet);
      this.#paint();
    });
    const tell = () => put(panel, "said", this.#state());
    this.intake = intakeOf(this.#indexes, player, tell);
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(this.canvas);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      clearTimeout(this.#timer);
      for (const name of ["said", "at", "readout"]) put(panel, name, "");
      for (const canvas of [this.canvas, this.map]) empty(canvas);
    });
    addEventListener("popstate", () => this.#open(), { signal });
    this.#open();
  }

  /** @type {Part["show"]} */
  show(_moment, state, before) {
    const { player } = this;
    const wasShown = this.#isShown;
    this.#isShown = state.view === "all";
    if (!this.#isShown) {
      if (wasShown) player.axis = null;
      return;
    }
    const isOther = state.order !== this.#choice.order || state.style !== this.#style;
    if (this.intake() || isOther) this.#relayout();
    if (!wasShown || state.position !== this.#story) this.#follow(state.position);
    this.#arrive();
    if (!player.axis && this.#all.length > 0) {
      player.axis = this.#axis();
      if (state.playing) player.set({ speed: state.speed }); // It plays other rows from here.
    }
    if (!before || !this.#all.length) put(this.panel, "said", this.#state());
    this.#paint();
  }

  /**
   * Stand where the story stands.
   * @param {number} position
   */
  #follow(position) {
    this.#story = position;
    this.#isOwn = false;
    this.#offset = 0;
    this.#scene.position = rowAt(this.#stops, position);
  }

  get #all() {
    return STYLES.flatMap((style) => this.#indexes[style] ?? []);
  }

  get #rows() {
    return Math.max(0, ...this.#all.map(({ recording }) => recording.gridCount));
  }

  /** Be where the address says, once what it names is here. */
  #open() {
    const { story } = this.player;
    const { step = "", view } = read(location.search, story.run);
    this.#wanted = view === "all" && positionOf(story, step) === null ? step : "";
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
    const sides = (scene.width >= BOTH_PX ? STYLES : [state.style]).map((style) => ({
      lanes: this.lanes[style],
      index: this.#indexes[style] ?? null,
    }));
    layOut(scene, sides, this.#choice, this.#rows);
    this.#stops = stopsOf(story, this.#indexes);
    this.#settle();
    this.choices.show(this.#all, state.order);
    put(this.panel, "said", this.#state());
  }

  /** What has arrived may say anew where the story stands. */
  #settle() {
    const { player } = this;
    if (!this.#isOwn) this.#scene.position = rowAt(this.#stops, this.#story);
    else if (storyAt(this.#stops, this.#scene.position) !== this.#story) {
      this.#story = storyAt(this.#stops, this.#scene.position);
      player.set({ position: this.#story });
    }
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    fit(this.canvas);
    fit(this.map);
    Object.assign(this.#scene, { width, height });
    this.#relayout();
    this.#paint();
  }

  #paint() {
    const scene = this.#scene;
    if (!this.#isShown || !scene.width) return;
    const room = scene.height - scene.headPx;
    this.#offset = scrollTo(scene, this.#offset);
    for (const pane of scene.panes) {
      if (!pane.index) continue;
      const until = untilOf(pane.index, Math.ceil(scene.position));
      pane.frame = frameAt(pane.index.recording, until, this.#choice.order);
    }
    this.pen.begin(scene.width, scene.height);
    draw(this.pen, scene);
    drawMap(contextOf(this.map), this.pen.look, wholeOf(scene, room), sheet);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), REST_MS);
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

  #said() {
    return sayRow(this.panel.dataset, this.#all, this.#scene.position, this.#rows);
  }

  #state() {
    const { recordings, root, state } = this.player;
    const isCalm = root.querySelector("[data-part=complaint][hidden]"); // What lacks may come yet.
    const missing = isCalm ? [] : STYLES.filter((style) => !recordings[style]);
    return sayState(this.panel.dataset, missing, this.#all, state.order);
  }

  #axis() {
    return makeAxis(this.#scene, {
      rows: () => this.#rows,
      indexes: () => this.#all,
      stops: () => this.#stops,
      order: () => this.#choice.order,
      said: () => this.#said(),
      moved: (story) => {
        this.#offset = 0;
        this.#isOwn = true;
        this.#story = story;
      },
    });
  }

  /** @param {string} order */
  #choose(order) {
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
    this.player.axis ??= this.#axis();
    this.player.put(position);
  }

}
