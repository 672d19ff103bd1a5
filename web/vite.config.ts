import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { firstPage } from "./scripts/first-page.ts";
import { pdfFiles } from "./scripts/pdf-files.ts";

// In development the pages come from Vite and everything else from a running server.
const server = process.env["JEAN_SERVER"] ?? "http://127.0.0.1:5326";
const proxied = Object.fromEntries(["/api", "/hubs", "/openapi", "/docs", "/health", "^/share/"].map((path) => [path, { target: server, ws: path === "/hubs" || path === "/api" }]));

/** What a visit begins with is one chunk: many small ones are slow to fetch, the more so over HTTP/1.1. */
const firstRoutes = new Set<string>(["__root__", "/_app", "/_app/", "/sign-in"]);

/** The words of the first pages, one chunk a language. */
const firstWords = /[\\/](?:shared[\\/]i18n|features[\\/](?:accounts|chat|workspace|gateway[\\/]nav))[\\/]locales[\\/](\w+)\.json$/;

export default defineConfig({
  plugins: [
    // Must come before react(): it rewrites route files into lazy halves.
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      codeSplittingOptions: { splitBehavior: ({ routeId }) => (firstRoutes.has(routeId) ? [] : undefined) },
      routeFileIgnorePattern: "\\.test\\.tsx?$",
    }),
    react(),
    tailwindcss(),
    firstPage(),
    pdfFiles(),
    VitePWA({
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "JeanTrail",
        short_name: "JeanTrail",
        description: "Your own AI workspace, with a face.",
        id: "/",
        start_url: "/",
        display: "standalone",
        theme_color: "#fbfaf8",
        background_color: "#fbfaf8",
        icons: [
          { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
        shortcuts: [{ name: "Chat", url: "/chat" }],
      },
      workbox: {
        importScripts: ["outbox-sync.js", "straight.js"],
        // Precache the shell only; heavy feature chunks are cached when first used.
        globPatterns: ["index.html", "assets/{index,boot,rolldown-runtime,words}-*.js", "icon.svg"],
        navigateFallbackDenylist: [/^\/api\//, /^\/hubs\//, /^\/docs/, /^\/openapi\//, /^\/health\//, /^\/metrics/, /^\/share\//],
        runtimeCaching: [
          {
            urlPattern: /\/(?:assets|avatar)\/.*\.(?:js|css|woff2|wasm|vrm|webp)$/,
            handler: "CacheFirst",
            options: { cacheName: "jt-assets", expiration: { maxEntries: 200 } },
          },
        ],
      },
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: proxied },
  build: {
    target: "baseline-widely-available",
    manifest: true,
    modulePreload: { polyfill: false },
    // Inlined fonts are data: addresses, which the content security policy refuses.
    assetsInlineLimit: (file) => (file.endsWith(".woff2") || file.endsWith(".woff") || file.endsWith(".ttf") ? false : undefined),
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One stable chunk for what every page needs; it is also what the service worker precaches.
          groups: [
            { debugName: "words", name: (id) => { const locale = firstWords.exec(id)?.[1]; return locale ? `words-${locale}` : null; } },
            { name: "boot", test: /node_modules[\\/](react|react-dom|scheduler|zustand|use-sync-external-store|@tanstack[\\/](react-router|router-core|react-store|store|history|react-query|query-core))[\\/]/ },
            { name: "index", tags: ["$initial"] },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // Machines that build other things at the same time are slow, not wrong.
    testTimeout: 30_000,
  },
});
