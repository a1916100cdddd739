/** What differs between two texts, line by line, with a little around it. No DOM. */

/** @typedef {{ sign: "+" | "-" | " " | "…", text: string }} Line */

const AROUND = 2;
const CELLS_MAX = 4e6; // Texts that differ in more than that are shown as one gone, one come.

/**
 * @param {string} before
 * @param {string} after
 * @returns {Line[]} "…" stands for lines left out.
 */
export function diff(before, after) {
  const [one, other] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(one.length, other.length) && one[head] === other[head]) head += 1;
  let tail = 0;
  const most = Math.min(one.length, other.length) - head;
  while (tail < most && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const same = (/** @type {string} */ text) => /** @type {Line} */ ({ sign: " ", text });
  const inner = (/** @type {string[]} */ all) => all.slice(head, all.length - tail);
  const middle = between(inner(one), inner(other));
  const lines = [
    ...one.slice(0, head).map(same),
    ...middle,
    ...one.slice(one.length - tail).map(same),
  ];
  return shortened(lines);
}

/**
 * The longest common lines stay, the others go or come.
 * @param {string[]} one
 * @param {string[]} other
 * @returns {Line[]}
 */
function between(one, other) {
  const width = other.length + 1;
  /** @type {Line[]} */
  const found = [];
  const isSmall = one.length * other.length <= CELLS_MAX;
  const longest = isSmall ? longestOf(one, other, width) : null;
  /** @param {number} i @param {number} j */
  const common = (i, j) => longest?.[i * width + j] ?? 0;
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    if (longest && i < one.length && j < other.length && one[i] === other[j]) {
      found.push({ sign: " ", text: one[i] ?? "" });
      [i, j] = [i + 1, j + 1];
    } else if (i < one.length && (j >= other.length || common(i + 1, j) >= common(i, j + 1))) {
      found.push({ sign: "-", text: one[i] ?? "" });
      i += 1;
    } else {
      found.push({ sign: "+", text: other[j] ?? "" });
      j += 1;
    }
  }
  return found;
}

/**
 * @param {string[]} one
 * @param {string[]} other
 * @param {number} width
 */
function longestOf(one, other, width) {
  const longest = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      const [down, right] = [longest[at + width] ?? 0, longest[at + 1] ?? 0];
      const diagonal = longest[at + width + 1] ?? 0;
      longest[at] = one[i] === other[j] ? diagonal + 1 : Math.max(down, right);
    }
  }
  return longest;
}

/**
 * Leave out what is far from any change.
 * @param {Line[]} lines
 */
function shortened(lines) {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== " "),
  );
  /** @type {Line[]} */
  const kept = [];
  for (const [at, line] of lines.entries()) {
    if (isNear[at]) kept.push(line);
    else if (kept.at(-1)?.sign !== "…") kept.push({ sign: "…", text: "" });
  }
  return kept;
}
