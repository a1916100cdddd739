/**
 * `<trace-player>`: moves what the page already shows. The fragment inside is whole without it.
 *
 * The element holds the state; parts draw it. Whatever changes the state asks for a frame, and all
 * parts are shown the same moment in it. The position is at rest, or in one of two motions:
 *
 *     at rest ── go, step ──► glide ── it arrives ──► at rest
 *     at rest ── toggle ────► play ─── toggle, the end, a question, `go`, `put` ──► at rest
 *
 * `put`, and `set` with a position, end a motion where they stand.
 */

import { connect as ask } from "./ask.js";
import { all, flow } from "./later.js";
import { connect as linked } from "./linked.js";
import { bring } from "./load.js";
import { asked, keep } from "./location.js";
import { readStory } from "./markup.js";
import { GLIDE_MS, JUMP_MS, moved } from "./playback.js";
import { connect as spacetime } from "./spacetime.js";
import { STYLES, businessStepped, clamp, momentAt, positionOf, stepped } from "./story.js";
import { connect as transport } from "./transport.js";
import { connect as who } from "./who.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Story} Story */
/** @typedef {import("./types.js").Player} Player */

/** In the order in which they draw. @type {import("./types.js").Connect[]} */
const PARTS = [spacetime, flow, who, linked, all, ask, transport];

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
  /** @type {import("./playback.js").Motion | null} */
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
      this.complain(error);
      return;
    }
    this.#visit();
    this.#parts = PARTS.map((connect) => connect(this));
    this.dataset.ready = "";
    this.#draw();
    addEventListener("popstate", () => this.#visit(), { signal: this.signal });
    const refresh = () => this.#refresh();
    for (const style of STYLES) void bring(this, style, refresh);
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
    this.complain("");
    delete this.dataset.ready;
  }

  /** @param {Partial<State>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    if (change.position !== undefined) this.#motion = null;
    const isOther = change.speed !== undefined || change.view !== undefined;
    const isPlayed = this.#motion?.kind === "play";
    if (this.state.playing && (isOther || !isPlayed)) this.#play();
    if (!this.state.playing && isPlayed) this.#motion = null;
    this.#request();
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
    const edge = this.#passed(this.#aim, to);
    if (edge === to) this.go(to, "glide");
    else this.put(edge);
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

  /** @param {unknown} problem */
  complain(problem) {
    const place = this.querySelector("[data-part=complaint]");
    if (!place) return;
    place.textContent = problem instanceof Error ? problem.message : String(problem);
    place.toggleAttribute("hidden", !problem);
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
    return clamp(position, this.#count);
  }

  /** @param {number} at */
  #stand(at) {
    this.state = { ...this.state, position: this.axis?.put(at) ?? at };
  }

  /** Be where the address says. */
  #visit() {
    this.set({ playing: false, ...asked(this) });
  }

  /** More is loaded: the same position now says more. */
  #refresh() {
    this.#shown = null;
    this.#request();
  }

  #play() {
    const since_ms = performance.now();
    this.#motion = { kind: "play", from: this.#at, to: this.#count, since_ms };
  }

  /** Ask for a frame, and for the next one as long as something moves. */
  #request() {
    if (!this.isConnected || this.#frame) return;
    this.#frame = requestAnimationFrame((now_ms) => {
      this.#frame = 0;
      this.#advance(now_ms);
      this.#draw();
      if (this.#motion) this.#request();
    });
  }

  /** @param {number} now_ms */
  #advance(now_ms) {
    const motion = this.#motion;
    if (!motion) return;
    const position = moved(motion, now_ms, this.state, still.matches);
    const edge = motion.kind === "play" ? this.#passed(this.#at, position) : position;
    this.#stand(edge);
    if (edge === position && edge !== motion.to) return;
    this.#motion = null;
    this.state = { ...this.state, playing: false };
  }

  /**
   * How far the way from one position to another goes: to the first edge where a question stops.
   * @param {number} from
   * @param {number} to
   */
  #passed(from, to) {
    if (this.axis) return to; // Questions are about the rows of one order.
    let edge = Math.ceil(from);
    while (edge < to && this.mayPass(edge)) edge += 1;
    return Math.min(edge, to);
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
    const isBetween = this.axis !== null && !Number.isInteger(this.#at);
    if (!isDragged && !isOpening && !isBetween) keep(this);
  }
}

// Instant navigation keeps the document, and with it the definition.
if (!customElements.get("trace-player")) customElements.define("trace-player", TracePlayer);
