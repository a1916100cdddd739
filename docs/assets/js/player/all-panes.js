/** Where the lines of the styles stand on a canvas of some width. No DOM. */

/** @typedef {import("./all-index.js").Index} Index */
/** @typedef {import("./all-types.js").Lane} Lane */
/** @typedef {import("./all-types.js").Lanes} Lanes */
/** @typedef {import("./all-types.js").Pane} Pane */

/** From here on both styles stand side by side, as in the space-time view. */
export const BOTH_PX = 868;
const SPINE_PX = 172;
const KEYS_PX = 78;
const CHOREOGRAPHY_SHARE = 0.437;

/**
 * @param {number} width
 * @param {{ lanes: Lanes, index: Index | null }[]} sides One style, or both.
 * @returns {Pane[]}
 */
export function makePanes(width, sides) {
  if (sides.length === 1) return [makePane(sides[0], KEYS_PX, width - KEYS_PX, 4, "start")];
  const room = width - SPINE_PX;
  const left = room * (sides[0].lanes.half ? 0.5 : CHOREOGRAPHY_SHARE);
  return [
    makePane(sides[0], 0, left, left + SPINE_PX / 2 - 6, "end"),
    makePane(sides[1], left + SPINE_PX, room - left, left + SPINE_PX / 2 + 6, "start"),
  ];
}

/**
 * @param {{ lanes: Lanes, index: Index | null }} side
 * @param {number} x
 * @param {number} width
 * @param {number} keyX
 * @param {"start" | "end"} keyAnchor
 * @returns {Pane}
 */
function makePane({ lanes, index }, x, width, keyX, keyAnchor) {
  const recording = index?.recording;
  const isWide = width >= lanes.wide_px;
  const places = lanes.columns.map((column) => x + (column[4] * width) / 100);
  const found = lanes.columns.map(([kind, name, label, role, , wide, narrow], at) => {
    const isTopic = kind === "t";
    const id = isTopic
      ? (recording?.topics.findIndex((topic) => topic.name === name) ?? -1)
      : (recording?.services.indexOf(name) ?? -1);
    const left = places[at] - (places[at - 1] ?? x - 12);
    const right = (places[at + 1] ?? x + width + 12) - places[at];
    const [anchor, y] = isWide ? wide : narrow;
    return {
      isTopic,
      name,
      label,
      role,
      x: places[at],
      room: Math.min(left, right),
      left,
      right,
      anchor,
      y,
      id,
    };
  });
  const byId = (/** @type {boolean} */ isTopic, /** @type {"x" | "room"} */ what) =>
    (isTopic ? recording?.topics : recording?.services)?.map(
      (_, id) => found.find((lane) => lane.isTopic === isTopic && lane.id === id)?.[what] ?? -99,
    ) ?? [];
  return {
    index,
    isWide,
    lanes: found,
    x,
    width,
    keyX,
    keyAnchor,
    headPx: lanes.head_px[isWide ? 0 : 1],
    topicX: byId(true, "x"),
    serviceX: byId(false, "x"),
    topicRoom: byId(true, "room"),
    order: -1,
    keepsAll: (recording?.services ?? []).map((service) =>
      Boolean(recording?.participants.find((each) => each.service === service)?.keepsAll),
    ),
    frame: null,
    lit: null,
    test: null,
  };
}
