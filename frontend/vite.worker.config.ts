import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;

/** The service worker: one plain script, for browsers whose workers know no modules. */
export default defineConfig({
  root: here,
  publicDir: false,
  build: {
    outDir: resolve(here, "../src/nhasan/interfaces/static/build"),
    emptyOutDir: false, // beside what the pages' build has just put there
    modulePreload: false,
    target: ["chrome93", "firefox92", "safari15.4"],
    rolldownOptions: {
      input: resolve(here, "offline/worker.ts"),
      output: { format: "iife", entryFileNames: "offline-worker.js" },
    },
  },
});
