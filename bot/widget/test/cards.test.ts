import { describe, expect, it } from "vitest";
import { draw } from "../src/cards";

const hostile = "<img src=x onerror=alert(1)> **x** [a](javascript:alert(1))";
const card = (body: object[]): object => ({ type: "AdaptiveCard", version: "1.5", body });
const run = (text: string, url?: string): object => ({ type: "TextRun", text, ...(url ? { selectAction: { type: "Action.OpenUrl", url } } : {}) });
const rich = (...inlines: object[]): object => ({ type: "RichTextBlock", inlines });

describe("draw", () => {
  it("shows hostile words as they stand", () => {
    const drawn = draw([card([{ type: "TextBlock", text: hostile, wrap: true }, rich(run(hostile))])], () => undefined);
    expect(drawn.querySelectorAll("img, a, strong").length).toBe(0);
    expect(drawn.textContent?.split(hostile).length).toBe(3);
  });
  it("keeps safe addresses alone", () => {
    const drawn = draw([card([rich(run("good", "https://a.example/"), run("bad", "javascript:alert(1)")), { type: "ActionSet", actions: [
      { type: "Action.OpenUrl", title: "Ring 020 1", url: "tel:0201" }, { type: "Action.OpenUrl", title: "bad", url: "javascript:alert(1)" },
    ] }])], () => undefined);
    expect([...drawn.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(["https://a.example/", "tel:0201"]);
    expect(drawn.textContent).toContain("bad");
  });
  it("makes lists of what stands in a list", () => {
    const drawn = draw([card([rich(run("1. "), run("one")), rich(run("2. "), run("two")), rich(run("• "), run("dot"))])], () => undefined);
    expect([...drawn.querySelectorAll("ol li")].map((li) => li.textContent)).toEqual(["one", "two"]);
    expect([...drawn.querySelectorAll("ul li")].map((li) => li.textContent)).toEqual(["dot"]);
  });
  it("throws on what is no card, so that the text is shown", () => {
    expect(() => draw([{ type: "Nonsense" }], () => undefined)).toThrow();
  });
});
