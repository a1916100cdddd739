// What `stories.py` wrote for these tests.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { addChunk, decodeHead } from "../../docs/assets/js/player/recording.js";

const FOLDER = process.env.STORIES;
if (!FOLDER) throw new Error("Run these by ./dev test tests/scripts: Python computes what to expect.");

export const STYLES = ["choreography", "orchestration"];

export const json = (...path) => JSON.parse(readFileSync(join(FOLDER, ...path), "utf8"));
export const stories = () => json("stories.json");
export const names = (folder) =>
  readdirSync(join(FOLDER, folder)).filter((name) => name.endsWith(".columns.json"));

/** A recording with all of its chunks. */
export function recording(folder, file) {
  const found = decodeHead(json(folder, file), file);
  for (let number = 1; number < found.chunkCount; number += 1) {
    addChunk(found, json(folder, file.replace(/json$/, `${number}.json`)), file);
  }
  return found;
}

/** Both recordings of a story. */
export function recordings(story) {
  const of = (style) => [style, recording(story.folder, `${story.run}.${style}.columns.json`)];
  return Object.fromEntries(STYLES.map(of));
}

/** Numbers from 0 to 1 that are the same in each run: mulberry32. */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
