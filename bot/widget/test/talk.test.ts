import { beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../src/memory";
import { GRACE, Talk, UNANSWERED, type Line } from "../src/talk";
import type { Message } from "../src/types";

class FakeLine implements Line {
  connected = false;
  sent: [string, Record<string, unknown>][] = [];
  #heard = new Map<string, (data: never) => void>();
  on(event: string, heard: (data: never) => void): void { this.#heard.set(event, heard); }
  emit(event: string, data: Record<string, unknown>): void { this.sent.push([event, data]); }
  connect(): void { this.connected = true; this.hear("connect"); }
  disconnect(): void { this.connected = false; }
  hear(event: string, data?: unknown): void { this.#heard.get(event)?.(data as never); }
  drop(): void { this.connected = false; this.hear("disconnect"); }
  uttered(): Record<string, unknown>[] { return this.sent.filter(([e]) => e === "user_uttered").map(([, d]) => d); }
}

class FakeStorage {
  kept = new Map<string, string>();
  getItem(key: string): string | null { return this.kept.get(key) ?? null; }
  setItem(key: string, value: string): void { this.kept.set(key, value); }
  removeItem(key: string): void { this.kept.delete(key); }
}

const notice = (text: string, id = "n"): Message => ({ type: "notice", id, text });
const question = (id: string): Message => ({ type: "question", id, text: id, options: [], multiple: false });
let line: FakeLine;
let storage: FakeStorage;
let ids = 0;

const begin = (): Talk => {
  line = new FakeLine();
  const memory = new Memory("https://s", () => storage as unknown as Storage);
  return new Talk({ line, memory, token: async () => undefined, changed: () => undefined, expired: "over", newId: () => `id-${++ids}` });
};
const joined = async (talk: Talk, token = "t1"): Promise<void> => {
  talk.start();
  await vi.advanceTimersByTimeAsync(0);
  line.hear("session_confirm", token);
};
const answer = (turn: string, ...messages: Message[]): void => {
  messages.forEach((custom, n) => line.hear("bot_uttered", { turn, n, custom, text: "" }));
  line.hear("turn_done", { id: turn });
};
const greet = (): void => answer(String(line.uttered()[0]?.id), notice("hello"), question("topic"));

beforeEach(() => {
  vi.useFakeTimers();
  storage = new FakeStorage();
  ids = 0;
});

describe("training", () => {
  const heard = async (...ids: string[]): Promise<boolean> => {
    const talk = begin();
    await joined(talk);
    ids.forEach((id, n) => line.hear("bot_uttered", { turn: "a", n, text: id, custom: notice(id, id) }));
    return talk.training;
  };
  it("is on while the newest answer is training's, and off when it ends or pauses", async () => {
    expect(await heard()).toBe(false);
    expect(await heard("training")).toBe(true);
    expect(await heard("training", "training-over")).toBe(false);
    expect(await heard("training", "welcome")).toBe(false);
  });
  it("begins with the case instead of a greeting", async () => {
    const talk = begin();
    talk.send("start training x");
    await joined(talk);
    expect(line.uttered().map((sent) => sent["message"])).toEqual(["start training x"]);
  });
});

describe("Talk", () => {
  it("greets once, and not again after a reload", async () => {
    await joined(begin());
    expect(line.uttered().map((u) => u.message)).toEqual(["/greet"]);
    greet();
    const again = begin();
    await joined(again);
    expect(line.uttered()).toEqual([]);
    expect(line.sent[0]).toEqual(["session_request", { session_id: "t1", token: undefined }]);
    expect(again.question?.id).toBe("topic");
  });

  it("parts history from what is new", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    talk.send("a worry");
    expect(talk.freshFrom).toBe(talk.items.length);
    expect(talk.question).toBeNull();
    answer("id-1", notice("a"), question("safe_now"));
    expect(talk.items.slice(talk.freshFrom).length).toBe(2);
    expect(talk.question?.id).toBe("safe_now");
  });

  it("sends what waits again after a lost line, with the same id, and shows no answer twice", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    talk.send("a worry");
    line.hear("bot_uttered", { turn: "id-1", n: 0, custom: notice("a") });
    line.drop();
    expect(talk.unsent.has("id-1")).toBe(true);
    line.connect();
    await vi.advanceTimersByTimeAsync(0);
    line.hear("session_confirm", "t1");
    const [, first, second] = line.uttered();
    expect([first?.id, second?.id, second?.again]).toEqual(["id-1", "id-1", true]);
    answer("id-1", notice("a"), notice("b"));
    expect(talk.items.filter((i) => i.kind === "bot").map((i) => i.id).slice(-2)).toEqual(["id-1:0", "id-1:1"]);
    expect(talk.busy).toBe(false);
  });

  it("keeps what was written while offline, in order, across a reload", async () => {
    const talk = begin();
    talk.send("first");
    talk.send("second");
    expect(line.uttered()).toEqual([]);
    const later = begin();
    await joined(later);
    expect(line.uttered().map((u) => u.message)).toEqual(["first", "second"]);
  });

  it("shows the numbers when no answer comes, and hides them when one does", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    talk.send("a worry");
    vi.advanceTimersByTime(UNANSWERED - 1);
    expect(talk.offline).toBe(false);
    vi.advanceTimersByTime(1);
    expect(talk.offline).toBe(true);
    answer("id-1", notice("a"));
    expect(talk.offline).toBe(false);
  });

  it("shows the numbers soon after the line is lost, not at once", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    line.drop();
    vi.advanceTimersByTime(GRACE - 1);
    expect(talk.offline).toBe(false);
    vi.advanceTimersByTime(1);
    expect(talk.offline).toBe(true);
  });

  it("lets the open question stand when the answer was only that there is none", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    talk.send("x", "Hackney");
    answer("id-1", notice("down", "fallback-when-down"));
    expect(talk.question?.id).toBe("topic");
    talk.send("y");
    answer("id-2", notice("something else"));
    expect(talk.question).toBeNull();
  });

  it("says so when the talk is over, and loses no words that wait", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    line.drop();
    talk.send("still here");
    line.connect();
    await vi.advanceTimersByTimeAsync(0);
    line.hear("session_confirm", "t2");
    expect(talk.items.map((i) => (i.kind === "bot" ? "" : i.text))).toEqual(["over", "still here"]);
    expect(line.uttered().at(-1)?.message).toBe("still here");
  });

  it("shows what was said in another tab of the same talk, once", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    line.hear("user_said", { turn: "other-1", shown: "from there" });
    line.hear("user_said", { turn: "other-1", shown: "from there" });
    expect(talk.items.filter((i) => i.kind === "mine").map((i) => i.text)).toEqual(["from there"]);
  });

  it("tells a refusal, and asks again with the next message", async () => {
    const talk = begin();
    talk.start();
    await vi.advanceTimersByTimeAsync(0);
    line.hear("session_refused", { custom: notice("not allowed", "refused") });
    expect(talk.refused?.text).toBe("not allowed");
    expect(talk.offline).toBe(true);
    talk.send("a worry");
    await vi.advanceTimersByTimeAsync(0);
    expect(line.sent.filter(([e]) => e === "session_request").length).toBe(2);
  });

  it("knows the outcome until something is asked again, and forgets all on leaving", async () => {
    const talk = begin();
    await joined(talk);
    greet();
    talk.send("a worry");
    const guidance: Message = { type: "guidance", title: "", outcome: { route: "lado", deadline: "none" }, contacts: [] };
    answer("id-1", guidance);
    expect(talk.outcome).toEqual({ id: "id-1:0", route: "lado" });
    talk.send("go back");
    answer("id-2", question("harm_test"));
    expect(talk.outcome).toBeNull();
    talk.forget();
    expect(storage.kept.size).toBe(0);
  });
});

describe("Memory", () => {
  it("begins anew on nonsense, and works without storage", () => {
    storage.setItem("wac:https://s", "{nonsense");
    expect(new Memory("https://s", () => storage as unknown as Storage).read().items).toEqual([]);
    const none = new Memory("https://s", () => { throw new Error("blocked"); });
    none.write({ session: "x", items: [], waiting: [], open: true });
    expect(none.read().session).toBeNull();
  });
});
