import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

const here = import.meta.dirname;

/** Every page's stylesheet, and one script for each island. */
const entries: Record<string, string> = {
  nhasan: "styles/nhasan.scss",
  shell: "islands/shell.ts",
  htmx: "islands/htmx.ts",
  "report-grid": "islands/report-grid/main.ts",
  "this-computer": "islands/this-computer.ts",
};

/** Only what is in this checkout is built. */
const input = Object.fromEntries(
  Object.entries(entries)
    .map(([name, path]) => [name, resolve(here, path)] as const)
    .filter(([, path]) => existsSync(path)),
);

/** The page's icon; and the font's licence, without which the font may not travel. */
function companions(): Plugin {
  return {
    name: "companions",
    generateBundle() {
      this.emitFile({
        type: "asset",
        fileName: "icon.svg",
        source: readFileSync(resolve(here, "icon.svg")),
      });
      this.emitFile({
        type: "asset",
        fileName: "fonts/OFL.txt",
        source: readFileSync(
          resolve(here, "node_modules/@fontsource-variable/noto-sans/LICENSE"),
        ),
      });
    },
  };
}

export default defineConfig({
  root: here,
  base: "./", // addresses inside the stylesheet stay relative: the server may live under a path
  publicDir: false,
  plugins: [companions()],
  build: {
    outDir: resolve(here, "../src/nhasan/interfaces/static/build"),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: false,
    target: ["chrome93", "firefox92", "safari15.4"],
    rolldownOptions: {
      input,
      output: {
        // Fixed names: the server's static storage adds the digests
        entryFileNames: "[name].js",
        chunkFileNames: "parts/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".woff2"))
            ? "fonts/[name][extname]"
            : "[name][extname]",
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["{islands,offline,rules,styles}/**/*.test.ts"],
  },
});
