/** Brings a recording: its head with the first chunk of spans at once, the others behind it. */

import { RecordingError, wrong } from "./fields.js";
import { addChunk, decodeHead } from "./recording.js";
import { extend } from "./tracks.js";

/** @typedef {import("./recording.js").Recording} Recording */
/** @typedef {import("./types.js").Player} Player */
/** @typedef {import("./types.js").Style} Style */

const FOLDER = new URL("../../../recordings/", import.meta.url);
const BYTES_MAX = 64 * 1024 * 1024;

/** Files that no site has, by name: whoever drew what the player moves hands them over. */
export const given = new Map();

/**
 * Bring one recording of a player's story, or say why it does not come.
 * @param {Player} player
 * @param {Style} style
 * @param {() => void} refresh More of it is here.
 */
export async function bring(player, style, refresh) {
  const { signal } = player;
  try {
    const recording = await load(`${player.story.run}.${style}`, signal, (problem) => {
      if (problem) player.complain(problem);
      refresh();
    });
    if (signal.aborted) return;
    player.recordings = { ...player.recordings, [style]: recording };
    refresh();
  } catch (error) {
    if (!signal.aborted) player.complain(error);
  }
}

/**
 * @param {string} name `scenario.style`.
 * @param {AbortSignal} signal
 * @param {(problem: RecordingError | null) => void} [onProgress] More spans are here, or no more
 *   will come and why; what is here stays good.
 * @returns {Promise<Recording>} As soon as its first chunk is here; `loaded` says how far it is.
 * @throws {RecordingError} It cannot be had, or is not as it should be.
 */
export async function load(name, signal, onProgress) {
  const file = `${name}.columns.json`;
  const recording = decodeHead(await fetchJson(file, signal), `recordings/${file}`);
  if (recording.name !== name) {
    throw wrong(`recordings/${file}`, `it holds ${recording.name}`, "the file's name says another");
  }
  extend(recording);
  if (recording.chunkCount > 1) void bringRest(recording, signal, onProgress);
  return recording;
}

/**
 * One chunk at a time, so that no task is long.
 * @param {Recording} recording
 * @param {AbortSignal} signal
 * @param {(problem: RecordingError | null) => void} [onProgress]
 */
async function bringRest(recording, signal, onProgress) {
  try {
    for (let number = 1; number < recording.chunkCount; number += 1) {
      const file = `${recording.name}.columns.${number}.json`;
      const value = await fetchJson(file, signal);
      addChunk(recording, value, `recordings/${file}`);
      extend(recording);
      onProgress?.(null);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof RecordingError)) throw error;
    onProgress?.(error);
  }
}

/**
 * @param {string} file
 * @param {AbortSignal} signal
 * @returns {Promise<unknown>}
 */
async function fetchJson(file, signal) {
  const source = `recordings/${file}`;
  const text = given.get(file) ?? (await fetchText(file, source, signal));
  if (text.length > BYTES_MAX) throw wrong(source, "over 64 MB", "recordings are smaller");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(source, "it is not JSON, or cut off", "a recording's columns belong here");
  }
  await new Promise((resolve) => setTimeout(resolve)); // What is done with it is another task.
  signal.throwIfAborted();
  return value;
}

/**
 * @param {string} file
 * @param {string} source
 * @param {AbortSignal} signal
 */
async function fetchText(file, source, signal) {
  let response;
  try {
    response = await fetch(new URL(encodeURIComponent(file), FOLDER), { signal });
    if (response.ok && Number(response.headers.get("content-length")) <= BYTES_MAX) {
      return await response.text();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw wrong(source, "it could not be fetched", "the site must be within reach");
  }
  if (response.ok) throw wrong(source, "over 64 MB", "recordings are smaller");
  throw wrong(source, `the site answers ${response.status}`, "it should have the file");
}
