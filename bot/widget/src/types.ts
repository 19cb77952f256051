// The messages of bot/message.schema.json, as far as the widget reads them.

export interface Contact {
  id: string;
  name: string;
  phone?: string | null;
  email?: string | null;
  web?: string | null;
  hours_text: string;
  open_now: boolean | null;
  status: string;
  note?: string | null;
}

export interface Option {
  title: string;
  payload: string;
  value?: string;
  suggested?: boolean;
}

export interface Question {
  type: "question";
  id: string;
  text: string;
  options: Option[];
  multiple: boolean;
}

export interface Guidance {
  type: "guidance";
  title: string;
  outcome: { route: string; deadline: string };
  contacts: Contact[];
}

export interface Notice {
  type: "notice";
  id: string;
  text: string;
  contacts?: Contact[];
}

export interface Resources {
  type: "resources";
  text: string;
  hits: unknown[];
}

export type Message = Question | Guidance | Notice | Resources;

/** What the server sends for each message. */
export interface Uttered {
  text?: string;
  custom?: Message;
  cards?: object[];
  turn?: string;
  n?: number;
}

/** One line of the talk as shown and as kept for a reload. */
export type Item =
  | { kind: "mine"; id: string; text: string }
  | { kind: "bot"; id: string; text: string; message: Message | null; cards: object[] }
  | { kind: "note"; id: string; text: string };

export interface Options {
  server: string;
  title: string;
  mode: "widget" | "page";
  position: "left" | "right";
  colour: string | null;
  borough: string | null;
  /** Id of a training scenario that a new talk begins with. */
  training: string | null;
  token: () => Promise<string | undefined>;
}
