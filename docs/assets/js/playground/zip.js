/**
 * Puts texts into an archive that any system opens: as they are, without compression. No DOM.
 *
 * Source: PKWARE, "APPNOTE.TXT, .ZIP File Format Specification": local file header (4.3.7),
 * central directory (4.3.12), its end (4.3.16).
 */

const VERSION = 20; // 2.0: folders in paths.
const UTF8 = 0x0800;
const DATE = (0 << 9) | (1 << 5) | 1; // 1980-01-01, the first day that the format knows.

const CRCS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/**
 * @param {Record<string, string>} files Texts by path.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function zip(files) {
  const texts = new TextEncoder();
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {Uint8Array[]} */
  const listed = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [texts.encode(path), texts.encode(text)];
    const about = [VERSION, UTF8, 0, 0, DATE];
    const sizes = [crc(data), data.length, data.length];
    const local = record(0x04034b50, about, sizes, [name.length, 0]);
    parts.push(local, name, data);
    const rest = [name.length, 0, 0, 0, 0];
    listed.push(record(0x02014b50, [VERSION, ...about], sizes, rest, [0, offset]), name);
    offset += local.length + name.length + data.length;
  }
  const size = listed.reduce((sum, part) => sum + part.length, 0);
  const count = listed.length / 2;
  const end = record(0x06054b50, [0, 0, count, count], [size, offset], [0]);
  return joined([...parts, ...listed, end]);
}

/**
 * Numbers one after another, low bytes first: a signature, then shorts and longs in turn.
 * @param {number} signature
 * @param {...number[]} groups Shorts, longs, shorts, longs.
 */
function record(signature, ...groups) {
  const bytes = [...little(signature, 4)];
  for (const [at, group] of groups.entries()) {
    for (const value of group) bytes.push(...little(value, at % 2 ? 4 : 2));
  }
  return Uint8Array.from(bytes);
}

/**
 * @param {number} value
 * @param {number} count
 */
function little(value, count) {
  return Array.from({ length: count }, (_, at) => (value >>> (8 * at)) & 0xff);
}

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (CRCS[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
