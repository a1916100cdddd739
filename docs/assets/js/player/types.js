/**
 * What the player's modules hand each other. Data only; nothing here runs.
 *
 * @typedef {"choreography" | "orchestration"} Style
 * @typedef {"spacetime" | "flow" | "all"} View
 *
 * @typedef {object} Side What one style does in a row.
 * @property {string} anchor Id of the step's cell, named by cause. Empty: the style does nothing.
 * @property {string} title In a few words; empty where it does nothing.
 * @property {number | null} act `seq` of the `process` span; null where nobody acts.
 * @property {number} until `seq` of the last span that has happened by the end of the row.
 *
 * @typedef {object} Row One line across both styles.
 * @property {number} number From 1; the number that every view of the page shows.
 * @property {string} step The business step: placed, paid, shipped, done.
 * @property {Record<Style, Side>} sides
 *
 * @typedef {object} Story The aligned steps of one order in both recordings of a scenario.
 * @property {string} run The scenario.
 * @property {string} order
 * @property {Row[]} rows
 * @property {Record<Style, number>} start `seq` of the last span before the first step.
 *
 * @typedef {"read" | "written" | "committed"} Stage
 *
 * @typedef {object} Cut How far one style has come.
 * @property {number} until `seq` of the last span that has happened; -1 for none.
 * @property {readonly number[]} acts `seq` of what was done for the story's order, row by row. Of
 *   this order nothing else has happened, whatever stands before `until`: a step that began early
 *   stands where its row stands.
 * @property {readonly number[]} all `seq` of all that the story shows, done or not. What else was
 *   handled of the order led to nothing; it counts up to `idle`.
 * @property {number} idle
 * @property {Stage} stage How far the last of them is.
 *
 * @typedef {object} Moment What a position means; the same for playing, dragging and seeking.
 * @property {number} position From 0, before the first row, to the count of rows. 2.5 is half way
 *   through the third row.
 * @property {number} row The row that is under way, or was done last; 0 before the first.
 * @property {number} fraction How much of that row is done; 1 at rest.
 * @property {Record<Style, Cut>} cuts
 *
 * @typedef {object} State What the reader has chosen.
 * @property {number} position
 * @property {boolean} playing
 * @property {number} speed 1: as written in look and feel; 2: twice as fast.
 * @property {View} view
 * @property {Style} style The one that is shown where there is room for one only.
 * @property {string} order The order that is followed.
 * @property {string | null} record Anchor of the raw record that is open.
 * @property {boolean} asks Whether questions are asked before key steps.
 *
 * @typedef {object} Part One part of the player, such as the space-time view.
 * @property {(moment: Moment, state: State, before: State | null) => void} show Draw a moment;
 *   `before` is null the first time. May be called once a frame, so it must be cheap.
 *
 * @typedef {object} Player What parts may use of the element.
 * @property {HTMLElement} root The element itself.
 * @property {Story} story
 * @property {AbortSignal} signal Aborted when the element leaves the page: for every listener.
 * @property {State} state
 * @property {Moment} moment
 * @property {Partial<Record<Style, import("./recording.js").Recording>>} recordings What is loaded.
 * @property {(change: Partial<State>) => void} set Change the state; parts are shown in one frame.
 * @property {(position: number, how?: "glide" | "jump") => void} go Move, and stop playing.
 * @property {(position: number) => void} put Stand there at once, and stop playing.
 * @property {Axis | null} axis Where a view has rows of its own: `go`, `put` and `step` count them.
 * @property {(rows: number) => void} step Move by whole rows.
 * @property {(steps: number) => void} stepBusiness Move by business steps.
 * @property {(anchor: string, how?: "glide" | "jump") => boolean} goTo Move to the step with an
 *   anchor; false where there is no such step.
 * @property {() => void} toggle Play or pause.
 * @property {(text: string) => void} announce Say something in the live region.
 * @property {(problem: unknown) => void} complain Say what is wrong, an error or a text, where a
 *   reader sees it; an empty text takes it back.
 * @property {(position: number) => boolean} mayPass Whether the way goes on over the end of a row;
 *   false where a question has to be answered first.
 *
 * @typedef {object} Axis The rows of a view that has its own: those of all orders.
 * @property {number} count
 * @property {number} position In these rows.
 * @property {(position: number) => number} put Stand there; gives the position in the story.
 * @property {(position: number) => number} of Where a position in the story stands.
 * @property {(position: number, by: number) => number} next The next act of the followed order, or
 *   the one before.
 * @property {() => string} anchor Of the act that was done last.
 * @property {() => string} said What stands there, in words.
 *
 * @typedef {(player: Player) => Part} Connect Wire a part to the player's markup.
 */
export {};
