// Bundles the widget: node build.mjs FOLDER FALLBACK.json HASH
// Two steps, because the loader must know the app's hashed name.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [out, fallbackFile, inputs] = process.argv.slice(2);
if (!out || !fallbackFile || !inputs) {
  console.error("usage: node build.mjs FOLDER FALLBACK.json HASH");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const fallback = existsSync(fallbackFile)
  ? JSON.parse(readFileSync(fallbackFile, "utf8"))
  : { text: "", contacts: [], content_version: "unknown" };
const texts = JSON.parse(readFileSync("texts.json", "utf8"));
const loaderTexts = Object.fromEntries(
  ["launcher", "training", "loading", "load_failed", "load_again", "without", "close", "offline_numbers"].map((key) => [key, texts[key]]),
);

// lit counts its copies in a global list; the widget leaves nothing behind on a school's page.
const noGlobals = {
  name: "no-globals",
  setup(setup) {
    setup.onLoad({ filter: /lit[^/]*\/(development\/)?[a-z-]+\.js$/ }, (args) => ({
      contents: readFileSync(args.path, "utf8").replace(
        /\(\s*\w+\.litHtmlVersions\s*(\?\?=|\|\|\s*\(\s*\w+\.litHtmlVersions\s*=)\s*\[\]\s*\)*\.push\([^)]*\)/g,
        "0",
      ),
      loader: "js",
    }));
  },
};
const common = {
  bundle: true, minify: true, target: ["chrome100", "firefox102", "safari16.4"], charset: "utf8",
  legalComments: "none", loader: { ".css": "text" }, logLevel: "error", metafile: true,
  define: { FALLBACK: JSON.stringify(fallback), "process.env.NODE_ENV": '"production"' },
};
const app = await build({
  ...common, entryPoints: ["src/app.ts"], format: "esm", splitting: true, outdir: out,
  entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", plugins: [noGlobals],
});
const outputs = Object.entries(app.metafile.outputs);
const entry = basename(outputs.find(([, o]) => o.entryPoint === "src/app.ts")[0]);
const numbers = fallback.contacts.filter((c) => c.phone).map((c) => ({ id: c.id, name: c.name, phone: c.phone }));
await build({
  ...common, entryPoints: { loader: "src/loader.ts" }, format: "iife", outdir: out,
  define: { ...common.define, APP: JSON.stringify(entry), NUMBERS: JSON.stringify(numbers), TEXTS: JSON.stringify(loaderTexts) },
});
const style = await build({
  entryPoints: ["src/style.css"], minify: true, outdir: out, entryNames: "[name]-[hash]",
  metafile: true, logLevel: "error", target: common.target,
});
const files = readdirSync(out);
for (const name of files) writeFileSync(join(out, name + ".gz"), gzipSync(readFileSync(join(out, name)), { level: 9 }));
const sizes = Object.fromEntries(files.map((name) => [name, readFileSync(join(out, name + ".gz")).length]));
writeFileSync(join(out, "manifest.json"), JSON.stringify({
  inputs, loader: "loader.js", app: entry, style: basename(Object.keys(style.metafile.outputs)[0]), files, sizes,
}));
