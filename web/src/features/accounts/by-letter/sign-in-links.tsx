import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { settingsQuery } from "./queries";
import { useT } from "./text";

const linkClass = "inline-flex min-h-11 items-center rounded-md font-medium text-accent-ink hover:underline";

/** The other ways in, below the form. */
export function SignInLinks() {
  const t = useT();
  const settings = useQuery(settingsQuery);
  return (
    <div className="mt-5 flex flex-wrap gap-x-6">
      <Link to="/forgot" className={linkClass}>{t("forgot.link")}</Link>
      <Link to="/sign-in/magic" className={linkClass}>{t("magic.link")}</Link>
      {settings.data?.signUp === "open" && <Link to="/sign-up" className={linkClass}>{t("signUp.link")}</Link>}
    </div>
  );
}
