// The site's colour, and ink on it that can be read: black or white, whichever differs more.

/** [red, green, blue] of `#rgb` or `#rrggbb`, or null. */
export function channels(colour: string | null | undefined): [number, number, number] | null {
  const found = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour?.trim() ?? "");
  if (!found?.[1]) return null;
  const hex = found[1].length === 3 ? found[1].replace(/./g, "$&$&") : found[1];
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}

export function luminance([r, g, b]: [number, number, number]): number {
  const [lr, lg, lb] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (lr ?? 0) + 0.7152 * (lg ?? 0) + 0.0722 * (lb ?? 0);
}

/** The contrast ratio of two luminances, 1 to 21. */
export const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** Ink for text on a colour. */
export function inkOn(colour: [number, number, number]): "#ffffff" | "#000000" {
  // One of the two always has a contrast of 4.58 or more.
  return contrast(luminance(colour), 1) >= contrast(luminance(colour), 0) ? "#ffffff" : "#000000";
}

/** Set the colour on a node's custom properties; anything else than a hex colour is left out. */
export function paint(node: HTMLElement, colour: string | null): void {
  const read = channels(colour);
  if (!read) return;
  node.style.setProperty("--brand", `rgb(${read.join(" ")})`);
  node.style.setProperty("--on-brand", inkOn(read));
}
