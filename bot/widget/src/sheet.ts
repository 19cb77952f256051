// A style for a shadow root, in pixels: a site that sets its own root size must not shrink ours.

/** `rem` as pixels; `base` is what the user's browser calls medium. */
export const pixels = (css: string, base: number): string =>
  css.replace(/(\d*\.?\d+)rem\b/g, (_, size: string) => `${Math.round(Number(size) * base * 100) / 100}px`);

/** Add a style by script, so that no style-src is needed. */
export function addSheet(root: ShadowRoot, css: string): void {
  const probe = document.createElement("span");
  probe.style.setProperty("font-size", "medium", "important");
  root.append(probe);
  const base = parseFloat(getComputedStyle(probe).fontSize) || 16;
  probe.remove();
  const made = new CSSStyleSheet();
  made.replaceSync(pixels(css, base));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
}
