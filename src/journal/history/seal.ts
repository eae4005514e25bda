/**
 * The seal of an SQLite file: a CRC-32 of all its bytes, kept in the header field that SQLite leaves to applications.
 * Owns telling a whole image from a broken or foreign one; SQLite itself reads a page with a flipped bit without a word.
 */
import { crc32 } from "node:zlib";

/** Offsets in the header, both big-endian: https://www.sqlite.org/fileformat.html#the_database_header */
const USER_VERSION = 60;
const APPLICATION_ID = 68;
const HEADER_BYTES = 100;
/** "FRMT" */
const OURS = 0x46524d54;

/** Seals an image in place. */
export function seal(image: Uint8Array): Uint8Array {
  const view = viewOf(image);
  view.setUint32(APPLICATION_ID, OURS);
  view.setUint32(USER_VERSION, 0);
  view.setUint32(USER_VERSION, crc32(image));
  return image;
}

/** True for an image that is, to the last bit, as it was sealed. */
export function isSealed(image: Uint8Array): boolean {
  if (image.length < HEADER_BYTES) return false;
  const view = viewOf(image);
  if (view.getUint32(APPLICATION_ID) !== OURS) return false;
  const before = image.subarray(0, USER_VERSION);
  const after = image.subarray(USER_VERSION + 4);
  return crc32(after, crc32(new Uint8Array(4), crc32(before))) === view.getUint32(USER_VERSION);
}

function viewOf(image: Uint8Array): DataView {
  return new DataView(image.buffer, image.byteOffset, image.byteLength);
}
