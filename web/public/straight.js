// Part of the service worker: it has nothing to do with calls to the server. Where the browser lets one say so they do not wait for it, and the
// last call of a page that is being left, which would find nobody to take it on, gets through.
self.addEventListener("install", (event) => {
  event.addRoutes?.(["/api/*", "/hubs/*"].map((urlPattern) => ({ condition: { urlPattern }, source: "network" })));
});
