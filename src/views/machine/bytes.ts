/** Sizes for people: `950 B`, `6.1 KB`, `1.2 GB`; a thousand bytes make a KB. */

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** Three digits at most. */
export function formatBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && size < 9.95 ? 1 : 0;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}
