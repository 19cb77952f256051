// The little of Markdown that our cards use: bold, links, lists. All else is text.

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
const SAFE = /^(https?:\/\/|tel:|mailto:)[^\s"'<>]+$/i;
// A backslash makes the next sign plain; it is set aside while the rest is read.
const PLAIN = /\\([\\`*_{}[\]()#+\-.!|<>~])/g;
const MARKED = /\uE000(\d+)\uE001/g;

function inline(text: string): string {
  const plain: string[] = [];
  const set = text.replace(/[\uE000\uE001]/g, "").replace(PLAIN, (_, sign: string) => `\uE000${plain.push(sign) - 1}\uE001`);
  const back = (part: string): string => part.replace(MARKED, (_, at: string) => plain[Number(at)] ?? "");
  const parts = set.split(/(\[[^\]]*\]\([^)\s]*\)|\*\*[^*]+\*\*)/g);
  return parts.map((part) => {
    const link = /^\[([^\]]*)\]\(([^)\s]*)\)$/.exec(part);
    if (link) {
      const words = escape(back(link[1] ?? ""));
      const address = back(link[2] ?? "");
      if (!SAFE.test(address)) return words;
      const phone = /^tel:/i.test(address) ? ' class="phone"' : "";
      const far = /^http/i.test(address) ? ' rel="noopener noreferrer"' : "";
      return `<a href="${escape(address)}"${phone}${far}>${words}</a>`;
    }
    const bold = /^\*\*([^*]+)\*\*$/.exec(part);
    if (bold) return `<strong>${escape(back(bold[1] ?? ""))}</strong>`;
    return escape(back(part));
  }).join("");
}

/** Safe HTML of a text: whatever stands in it, only these few tags come out. */
export function markup(text: string): string {
  const out: string[] = [];
  let list = "";
  const close = (): void => { if (list) out.push(`</${list}>`); list = ""; };
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*(?:([-*])|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    if (item) {
      const kind = item[1] ? "ul" : "ol";
      if (list !== kind) {
        close();
        const start = item[2] && item[2] !== "1" ? ` start="${item[2]}"` : "";
        out.push(`<${kind}${start}>`);
        list = kind;
      }
      out.push(`<li>${inline(item[3] ?? "")}</li>`);
    } else {
      close();
      if (line.trim()) out.push(`<p>${inline(line)}</p>`);
    }
  }
  close();
  return out.join("");
}
