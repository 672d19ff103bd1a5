import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { registerServiceWorker } from "@/app/service-worker";
import { commonText } from "@/shared/i18n/common";
import { followTheme } from "@/shared/theme/apply";
import "./styles.css";

followTheme();
// The words are on their way before React starts; pages wait for them, the first paint does not.
void commonText.load();
createRoot(document.getElementById("root")!).render(<App />);
registerServiceWorker();
