/**
 * What the modules of the view of all orders hand each other. Data only; nothing here runs.
 *
 * @typedef {import("./all-index.js").Index} Index
 * @typedef {import("./all-lines.js").Lines} Lines
 * @typedef {"event" | "command" | "reply"} Kind
 *
 * @typedef {["start" | "middle" | "end", number]} Hung On which side of its pole, and how far down.
 *
 * @typedef {object} Lanes Where one style's lines stand, as the page has it.
 * @property {[string, string, string, string, number, Hung, Hung][]} columns `p` or `t`, name,
 *   label, role, and the place as a share of the width in percent; then how the name of a topic
 *   hangs in a wide head and in a narrow one.
 * @property {[number, number]} head_px How high these heads are.
 * @property {number} wide_px Width from which on the head is a wide one.
 * @property {string[]} unfinished
 * @property {boolean} [half] Whether both sides get as much room, being runs of one style.
 *
 * @typedef {object} Lane A lifeline or a rail.
 * @property {boolean} isTopic
 * @property {string} name
 * @property {string} label
 * @property {string} role
 * @property {number} x Px from the left of the canvas.
 * @property {number} room Px to the nearest line on either side.
 * @property {number} left Px to the next line or edge on the left.
 * @property {number} right The same on the right.
 * @property {"start" | "middle" | "end"} anchor
 * @property {number} y Of the name in the head; 0 where it stands in a box alone.
 * @property {number} id Of the service or topic in the recording; -1 if it is not there yet.
 *
 * @typedef {object} Pane One style.
 * @property {Index | null} index
 * @property {Lane[]} lanes
 * @property {number} x
 * @property {number} width
 * @property {number} keyX Where orders' keys stand in the spine.
 * @property {"start" | "end"} keyAnchor
 * @property {number} headPx
 * @property {boolean} isWide
 * @property {number[]} topicX By topic of the recording.
 * @property {number[]} serviceX By service of the recording.
 * @property {number[]} topicRoom
 * @property {number} order The one that is followed; -1 for none here.
 * @property {boolean[]} keepsAll By service of the recording.
 * @property {import("./frame.js").Frame | null} frame
 * @property {Set<number> | null} lit Acts and records that the pointer lights.
 * @property {((act: number) => boolean) | null} test What the reader asked for; null for all.
 *
 * @typedef {object} Scene
 * @property {Pane[]} panes
 * @property {Lines} lines
 * @property {number} top Px scrolled.
 * @property {number} width
 * @property {number} height
 * @property {number} headPx
 * @property {number} position In rows of the layout.
 * @property {boolean} isPale Whether other orders than the followed one are drawn pale.
 *
 * @typedef {object} Pen What a scene is told to. `y` is px from the top of the canvas.
 * @property {(x: number, y1: number, y2: number) => void} rail
 * @property {(x: number, y1: number, y2: number) => void} life
 * @property {(x: number, y1: number, y2: number, isAll: boolean) => void} knows
 * @property {(x: number, y1: number, y2: number) => void} down
 * @property {(x: number, steps: readonly number[], kind: Kind, isStuck: boolean) => void} heap
 *   `steps`: `y` and half the width there, in turn. Kept no longer than the call.
 * @property {(x: number, y1: number, y2: number, kind: Kind) => void} thread
 * @property {(y: number, height: number, count: number) => void} fold
 * @property {(x: number, y: number, height: number, level: number, seq: number) => void} bar
 * @property {(rail: number, x: number, y: number, kind: Kind, level: number,
 *   seq: number) => void} read
 * @property {(x: number, rail: number, y: number, half: number, kind: Kind, level: number,
 *   seq: number) => void} write
 * @property {(x: number, y: number, half: number, kind: Kind, text: string, level: number,
 *   seq: number) => void} cell
 * @property {(x: number, y: number, kind: Kind, level: number) => void} end
 * @property {(x: number, y: number, level: number, seq: number) => void} clock
 * @property {(x: number, y: number, side: number, width: number, text: string) => void} state
 * @property {(x: number, y: number, text: string, anchor: "start" | "end",
 *   level: number) => void} key
 * @property {(y: number) => void} playhead
 * @property {(x: number, y: number, knows: "nothing" | "part" | "all" | "down") => void} bead
 * @property {(x: number, y: number, count: number, room: number) => void} lag
 * @property {(pane: Pane, height: number) => void} head
 *
 * @typedef {object} Look Colours and fonts, as the sheet has them.
 * @property {string} bg
 * @property {string} tint
 * @property {string} ink
 * @property {string} ink2
 * @property {string} rail
 * @property {string} rule
 * @property {string} event
 * @property {string} command
 * @property {string} reply
 * @property {string} fault
 * @property {string} sans
 * @property {string} mono
 *
 * @typedef {object} Said
 * @property {(count: number) => string} fold
 * @property {(count: number) => string} lag
 */
export {};
