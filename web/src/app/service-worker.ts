import { commonText } from "@/shared/i18n/common";
import { whenIdle } from "@/shared/theme/idle";
import { showToast } from "@/shared/ui/toast";

/** Registers the worker once the page is idle; a new version waits for the person's word. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  whenIdle(() => {
    navigator.serviceWorker.register("/sw.js").then(watch, () => undefined);
  });
}

function watch(registration: ServiceWorkerRegistration): void {
  const offer = (worker: ServiceWorker | null): void => {
    // Without a controller this is the first visit: nothing to update.
    if (!worker || !navigator.serviceWorker.controller) return;
    const ask = (): void => {
      if (worker.state !== "installed") return;
      showToast({ text: commonText.t("state.update"), stays: true, action: { label: commonText.t("action.reload"), run: () => reload(worker) } });
    };
    if (worker.state === "installed") ask();
    else worker.addEventListener("statechange", ask);
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => offer(registration.installing));
}

function reload(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage({ type: "SKIP_WAITING" });
}
