import { start } from "@/app/app";
import { registerServiceWorker } from "@/app/service-worker";
import { queryClient } from "@/shared/api/query-client";
import { commonText } from "@/shared/i18n/common";
import { sessionQuery } from "@/shared/session/session";
import { followTheme } from "@/shared/theme/apply";
import "./styles.css";

followTheme();
// The words and the session are on their way before React starts; the guards of the routes wait for them.
void commonText.load();
queryClient.query(sessionQuery).catch(() => undefined);
// In a task of its own: evaluating the scripts has taken long enough.
setTimeout(() => void start(document.getElementById("root")!));
registerServiceWorker();
