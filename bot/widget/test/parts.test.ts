import { describe, expect, it } from "vitest";
import { near, payload, settle } from "../src/choices";
import { channels, contrast, inkOn, luminance, paint } from "../src/colour";
import { firstToRing, ordered, ringFirst } from "../src/numbers";
import { pixels } from "../src/sheet";
import { fallback, t, telephone } from "../src/texts";
import type { Contact, Guidance, Question } from "../src/types";

const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id, name: id, phone: "020 1", hours_text: "", open_now: true, status: "verified", ...more,
});

describe("colour", () => {
  it("reads hex colours alone", () => {
    expect(channels("#fd0")).toEqual([255, 221, 0]);
    expect(channels("#12436d")).toEqual([18, 67, 109]);
    for (const bad of ["red", "#12", "url(x)", "", null, "#12345g"]) expect(channels(bad)).toBeNull();
  });
  it("chooses ink with a contrast of 4.5 at least on any colour", () => {
    for (let r = 0; r < 256; r += 15) for (let g = 0; g < 256; g += 15) for (let b = 0; b < 256; b += 15) {
      const ink = channels(inkOn([r, g, b])) as [number, number, number];
      expect(contrast(luminance([r, g, b]), luminance(ink))).toBeGreaterThanOrEqual(4.5);
    }
  });
  it("leaves a node alone where the colour is none", () => {
    const node = document.createElement("div");
    paint(node, "red; background: url(x)");
    expect(node.getAttribute("style")).toBeNull();
  });
});

describe("numbers", () => {
  it("puts the emergency number first, then the site's own borough, and leaves none out", () => {
    expect(ordered(fallback.contacts, "city").map((c) => c.id)).toEqual(["police-emergency", "city-children-families", "hackney-mash"]);
    expect(ordered(fallback.contacts, null).map((c) => c.id)[1]).toBe("hackney-mash");
  });
  it("names 999 first, else who is open, else the first", () => {
    const shut = contact("a", { open_now: false });
    expect(firstToRing([shut, contact("b"), contact("police-emergency")])?.id).toBe("police-emergency");
    expect(firstToRing([shut, contact("b")])?.id).toBe("b");
    expect(firstToRing([shut, contact("c", { phone: null })])?.id).toBe("a");
    expect(firstToRing([contact("d", { status: "superseded" })])).toBeNull();
  });
  it("shows a number on top of urgent guidance alone", () => {
    const guidance = (deadline: string): Guidance => ({ type: "guidance", title: "", outcome: { route: "", deadline }, contacts: [contact("b")] });
    expect(ringFirst(guidance("immediately"))?.querySelector("a")?.getAttribute("href")).toBe("tel:0201");
    expect(ringFirst(guidance("none"))).toBeNull();
    expect(ringFirst(null)).toBeNull();
  });
  it("makes an address of a number", () => expect(telephone("+44 (0)20 8356-5500")).toBe("tel:+4402083565500"));
});

describe("choices", () => {
  const boxes = ["a", "b", "none", "unsure"].map((value) => Object.assign(document.createElement("input"), { type: "checkbox", value }));
  it("lets none and unsure stand alone", () => {
    const [a, b, none, unsure] = boxes as [HTMLInputElement, HTMLInputElement, HTMLInputElement, HTMLInputElement];
    a.checked = b.checked = true;
    settle(boxes, b);
    expect(a.checked).toBe(true);
    none.checked = true;
    settle(boxes, none);
    expect([a.checked, b.checked]).toEqual([false, false]);
    unsure.checked = true;
    settle(boxes, unsure);
    expect(none.checked).toBe(false);
    a.checked = true;
    settle(boxes, a);
    expect(unsure.checked).toBe(false);
  });
  it("brings the site's borough near for a workplace alone, and answers nothing", () => {
    const options = ["hackney", "city"].map((value) => ({ title: value, payload: value, value }));
    const asked = (id: string): Question => ({ type: "question", id, text: "", options, multiple: false });
    expect(near(asked("setting_borough"), "city").map((o) => o.value)).toEqual(["city", "hackney"]);
    expect(near(asked("child_borough"), "city").map((o) => o.value)).toEqual(["hackney", "city"]);
  });
  it("sends the values chosen", () => {
    const asked: Question = { type: "question", id: "indicators", text: "", options: [], multiple: true };
    expect(payload(asked, ["a", "b"])).toBe('/answer{"indicators":["a","b"]}');
  });
});

describe("texts and sheets", () => {
  it("fills in what is asked for", () => {
    expect(t("too_long_here", { most: 9 })).toContain("under 9 letters");
  });
  it("measures by the user's own size, not the site's", () => {
    expect(pixels("a{margin:-.5rem 1.25rem}", 20)).toBe("a{margin:-10px 25px}");
  });
});
