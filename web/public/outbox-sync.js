// Part of the service worker: sends what waits in the outbox once the network is back and no page is open to do it.
// A message's client id makes sending it twice harmless, so the page and this need not know of each other.
(() => {
  const tag = "jt:outbox";
  const store = "messages";

  self.addEventListener("sync", (event) => {
    if (event.tag === tag) event.waitUntil(deliver());
  });

  /** Fails when something is still to be sent, so that the browser asks again later. */
  async function deliver() {
    const database = await open();
    if (!database) return;
    try {
      if ((await run(database, "readonly", (messages) => messages.count())) === 0) return;
      // A page that is open sends by itself, and shows what comes of it. It may be closed before that, so this is to be asked again.
      if ((await self.clients.matchAll({ type: "window" })).length > 0) throw new Error("An open page sends it");
      const session = await answer(await fetch("/api/accounts/session", { headers: { Accept: "application/json" } }));
      // Whoever signed out comes back to what they left, on the page.
      if (!session) return;
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrfToken };
      const own = (await run(database, "readonly", (messages) => messages.getAll())).filter((message) => message.userId === session.user.id);
      for (const message of own.sort((a, b) => a.createdAt.localeCompare(b.createdAt))) await send(database, message, headers);
    } finally {
      database.close();
    }
  }

  async function send(database, message, headers) {
    let { conversationId } = message;
    if (!conversationId) {
      const made = await post("/api/chat/conversations", { modelId: message.modelId ?? undefined, projectId: message.projectId ?? undefined }, { ...headers, "Idempotency-Key": message.clientId });
      conversationId = (await answer(made)).id;
      await run(database, "readwrite", (messages) => messages.put({ ...message, conversationId }));
    }
    const turn = {
      clientId: message.clientId, text: message.text, modelId: message.modelId ?? undefined, besideMessageId: message.besideId,
      parentMessageId: message.besideId ? undefined : message.parentId ?? undefined,
      attachmentIds: message.attachments?.length ? message.attachments.map((file) => file.id) : undefined,
    };
    const response = await post(`/api/chat/conversations/${conversationId}/turns`, turn, { ...headers, Accept: "text/event-stream" });
    // The turn belongs to the server from here on: nobody has to listen.
    await response.body?.cancel();
    if (response.ok) await run(database, "readwrite", (messages) => messages.delete(message.clientId));
    else if (isPassing(response.status)) throw new Error(`Not sent yet (${response.status})`);
    // What is refused for good stays, for the page to say why.
  }

  const post = (path, body, headers) => fetch(path, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });

  /** Another turn may be running there. */
  const isPassing = (status) => status === 409 || status === 429 || status >= 500;

  async function answer(response) {
    if (!response.ok) throw new Error(`Not answered (${response.status})`);
    return response.status === 204 ? null : response.json();
  }

  /** Null when there is no outbox: only the page makes one. */
  const open = () => new Promise((resolve) => {
    const request = indexedDB.open(tag);
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });

  const run = (database, mode, work) => new Promise((resolve, reject) => {
    const request = work(database.transaction(store, mode).objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
})();
