/**
 * `<trace-player>`: moves what the page already shows. The fragment inside is whole without it.
 *
 * The element holds the state; parts draw it. Whatever changes the state goes through `set`, and
 * all parts are shown the same moment in the next frame.
 */

import * as address from "./address.js";
import { connect as linked } from "./linked.js";
import { DISCRETE_MS, GLIDE_MS, JUMP_MS, glide, playedTo } from "./playback.js";
import { connect as all } from "./all-stub.js";
import { connect as ask } from "./ask.js";
import { connect as flow } from "./flow.js";
import { load } from "./load.js";
import { connect as spacetime } from "./spacetime.js";
import { STYLES, anchorOf, businessStepped, clamp, momentAt, positionOf, stepped } from "./story.js";
import { connect as transport } from "./transport.js";
import { connect as who } from "./who.js";
import { readStory } from "./markup.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Moment} Moment */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Story} Story */
/** @typedef {import("./types.js").Player} Player */

/** @type {import("./types.js").Connect[]} */
const PARTS = [spacetime, flow, who, linked, all, ask, transport]; // In the order in which they draw.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @implements {Player}
 */
class TracePlayer extends HTMLElement {
  /** @type {AbortController} */
  #connection = new AbortController();
  /** @type {Part[]} */
  #parts = [];
  /** @type {State | null} */
  #shown = null;
  #frame = 0;
  /** @type {{ kind: "glide" | "play", from: number, to: number, since_ms: number, duration_ms: number } | null} */
  #motion = null;

  /** @type {Story} */
  story = { run: "", order: "", rows: [], start: { choreography: -1, orchestration: -1 } };
  /** @type {Player["recordings"]} */
  recordings = {};
  /** @type {State} */
  state = {
    position: 1,
    playing: false,
    speed: 1,
    view: "spacetime",
    style: "choreography",
    order: "",
    record: null,
    asks: true,
  };
  moment = momentAt(this.story, 0);

  get root() {
    return this;
  }

  get signal() {
    return this.#connection.signal;
  }

  connectedCallback() {
    this.#connection = new AbortController();
    try {
      this.story = readStory(this);
    } catch (error) {
      this.complain(`This player cannot read its page: ${reason(error)}`);
      return;
    }
    this.#open();
    this.#parts = PARTS.map((connect) => connect(this));
    this.dataset.ready = "";
    this.#draw();
    addEventListener("popstate", () => this.#open(), { signal: this.signal });
    for (const style of STYLES) void this.#load(style);
  }

  disconnectedCallback() {
    this.#connection.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#motion = null;
    this.#parts = [];
    this.#shown = null;
    this.recordings = {};
    this.axis = null;
    delete this.dataset.ready;
  }

  /** @param {Partial<State>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    if (change.position !== undefined) this.#motion = null;
    const isOther = change.speed !== undefined || change.view !== undefined;
    if (this.state.playing && (isOther || this.#motion?.kind !== "play")) this.#play();
    if (!this.state.playing && this.#motion?.kind === "play") this.#motion = null;
    this.#ask();
  }

  /**
   * @param {number} position
   * @param {"glide" | "jump"} [how]
   */
  go(position, how = "jump") {
    const to = this.#clamp(position);
    const from = this.#at;
    if (still.matches || from === to) {
      this.put(to);
      return;
    }
    const duration_ms = (how === "glide" ? GLIDE_MS : JUMP_MS) / this.state.speed;
    this.#motion = { kind: "glide", from, to, since_ms: performance.now(), duration_ms };
    this.set({ playing: false });
  }

  /**
   * Stand somewhere at once.
   * @param {number} position
   */
  put(position) {
    this.#motion = null;
    this.#stand(this.#clamp(position));
    this.set({ playing: false });
  }

  /** @param {number} rows */
  step(rows) {
    if (this.state.playing) this.set({ playing: false });
    const to = this.#clamp(stepped(this.#aim, rows));
    const edge = this.#stop(this.#aim, to);
    if (edge === to) {
      this.go(to, "glide");
      return;
    }
    this.put(edge);
  }

  /** @param {number} steps */
  stepBusiness(steps) {
    const from = this.#aim;
    this.go(this.axis?.next(from, steps) ?? businessStepped(this.story, from, steps));
  }

  /**
   * @param {string} anchor
   * @param {"glide" | "jump"} [how]
   */
  goTo(anchor, how = "jump") {
    const position = positionOf(this.story, anchor);
    if (position === null) return false;
    this.go(this.axis?.of(position) ?? position, how);
    return true;
  }

  toggle() {
    if (!this.state.playing && this.#at >= this.#count) this.#stand(0);
    this.set({ playing: !this.state.playing });
  }

  /** @param {string} text */
  announce(text) {
    const live = this.querySelector("[data-part=live]");
    if (live && live.textContent !== text) live.textContent = text;
  }

  /** @param {string} text */
  complain(text) {
    const place = this.querySelector("[data-part=complaint]");
    if (!place) return;
    place.textContent = text;
    place.removeAttribute("hidden");
  }

  /**
   * Where a key step is about to be uncovered, ask first. Set by the part that asks.
   * @type {Player["mayPass"]}
   */
  mayPass = () => true;

  /**
   * What a position counts where a view has rows of its own. Set by that view while it is shown.
   * @type {Player["axis"]}
   */
  axis = null;

  /** Where a motion under way will end, so that quick presses add up. */
  get #aim() {
    return this.#motion?.kind === "glide" ? this.#motion.to : this.#at;
  }

  get #at() {
    return this.axis?.position ?? this.state.position;
  }

  get #count() {
    return this.axis?.count ?? this.story.rows.length;
  }

  /** @param {number} position */
  #clamp(position) {
    return this.axis
      ? Math.min(Math.max(position || 0, 0), this.axis.count)
      : clamp(this.story, position);
  }

  /** @param {number} at */
  #stand(at) {
    this.state = { ...this.state, position: this.axis?.put(at) ?? at };
  }

  /** Be where the address says. */
  #open() {
    const asked = address.read(location.search, this.story.run);
    const hash = location.hash.slice(1); // Anchors are slugs: nothing in one needs decoding.
    const position = positionOf(this.story, hash) ?? positionOf(this.story, asked.step ?? "");
    const isOwn = asked.view === "all" && this.#has("all"); // That view knows more steps.
    const isUnknown = position === null && asked.step !== undefined && !isOwn;
    this.#doubt(isUnknown);
    this.set({
      order: asked.order ?? this.story.order,
      record: asked.record ?? null,
      playing: false,
      ...(asked.view && this.#has(asked.view) ? { view: asked.view } : {}),
      ...(asked.style ? { style: asked.style } : {}),
      ...(position === null ? {} : { position }),
    });
  }

  /** @param {import("./types.js").View} view */
  #has(view) {
    return this.querySelector(`.tg-player-panel[data-view="${view}"]`) !== null;
  }

  /**
   * Say that an address names no step of ours, or take that back.
   * @param {boolean} isUnknown
   */
  #doubt(isUnknown) {
    const place = this.querySelector("[data-unknown]");
    const words = place?.getAttribute("data-unknown") ?? "";
    if (isUnknown) this.complain(words);
    else if (place?.textContent === words) place.setAttribute("hidden", "");
  }

  /** @param {import("./types.js").Style} style */
  async #load(style) {
    const { signal } = this;
    try {
      const recording = await load(`${this.story.run}.${style}`, signal, (problem) => {
        if (problem) this.complain(problem.message);
        this.#again();
      });
      if (signal.aborted) return;
      this.recordings = { ...this.recordings, [style]: recording };
      this.#again();
    } catch (error) {
      if (!signal.aborted) this.complain(reason(error));
    }
  }

  /** More is loaded: the same position now says more. */
  #again() {
    this.#shown = null;
    this.#ask();
  }

  #play() {
    const from = this.#at;
    const to = this.#count;
    this.#motion = { kind: "play", from, to, since_ms: performance.now(), duration_ms: DISCRETE_MS };
  }

  #ask() {
    if (!this.isConnected || this.#frame) return;
    this.#frame = requestAnimationFrame((now_ms) => {
      this.#frame = 0;
      this.#advance(now_ms);
      this.#draw();
      if (this.#motion) this.#ask();
    });
  }

  /** @param {number} now_ms */
  #advance(now_ms) {
    const motion = this.#motion;
    if (!motion) return;
    const elapsed_ms = Math.max(0, now_ms - motion.since_ms);
    if (motion.kind === "glide") {
      const position = glide(motion.from, motion.to, elapsed_ms, motion.duration_ms);
      this.#stand(position);
      if (position === motion.to) this.#motion = null;
      return;
    }
    const { view, speed } = this.state;
    const position = playedTo(motion.from, elapsed_ms, view, speed, still.matches);
    const edge = this.#stop(this.#at, Math.min(position, motion.to));
    this.#stand(edge);
    if (edge < position || edge >= motion.to) {
      this.#motion = null;
      this.state = { ...this.state, playing: false };
    }
  }

  /**
   * How far the way from one position to another goes: to the first edge where a question stops.
   * @param {number} from
   * @param {number} to
   */
  #stop(from, to) {
    if (this.axis) return to; // Questions are about the rows of one order.
    let edge = Math.ceil(from);
    while (edge < to && this.mayPass(edge)) edge += 1;
    return edge < to ? edge : to;
  }

  #draw() {
    const before = this.#shown;
    const state = this.state;
    if (before === state) return;
    this.moment = momentAt(this.story, state.position, this.recordings);
    this.#shown = state;
    this.dataset.view = state.view;
    this.dataset.style = state.style;
    for (const part of this.#parts) part.show(this.moment, state, before);
    this.#remember(state, before);
  }

  /**
   * Keep the address in step, at rest only: browsers limit how often it may change.
   * @param {State} state
   * @param {State | null} before
   */
  #remember(state, before) {
    if (this.#motion || before === null) return;
    const isDragged = state.position !== before.position && !Number.isInteger(state.position);
    const isOpening = state.view === "all" && !this.axis; // What it opens is in the address yet.
    if (isDragged || isOpening || (this.axis && !Number.isInteger(this.#at))) return;
    const step = this.axis?.anchor() ?? anchorOf(this.story, this.moment.row);
    const href = address.write(location.href, this.story.run, step, state, this.story.order);
    if (href !== location.href) history.replaceState(history.state, "", href);
  }
}

/** @param {unknown} error */
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

// Instant navigation keeps the document, and with it the definition.
if (!customElements.get("trace-player")) customElements.define("trace-player", TracePlayer);
