import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { LocalOffer, SpeechOffer } from "@/shared/api/types";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { localKeys, startPull } from "./queries";
import { useSize } from "./sizes";
import { useT } from "./text";

/** What somebody wants to have, and under which terms. */
export interface Wanted {
  source: string;
  name: string | null;
  title: string;
  licence: string | null;
  url: string | null;
  bytes: number | null;
}

/** What the catalogue offers, under the name it has there. */
export const wantedOf = ({ name, title, licence, licenceUrl, sizeBytes }: LocalOffer | SpeechOffer): Wanted =>
  ({ source: name, name: null, title, licence, url: licenceUrl, bytes: sizeBytes });

/** Nothing is fetched before its licence was accepted. */
export function LicenceDialog({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const t = useT();
  const size = useSize();
  const queryClient = useQueryClient();
  const pull = useMutation({
    mutationFn: () => startPull({ source: wanted.source, name: wanted.name }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: localKeys.all });
      onClose();
    },
  });
  const terms = wanted.licence && wanted.bytes !== null
    ? t("licence.text", { name: wanted.title, licence: wanted.licence, size: size(wanted.bytes) })
    : t("other.licence");
  return (
    <ConfirmDialog
      title={t("licence.title", { name: wanted.title })} text={terms} label={t("licence.get")} look="primary" busy={pull.isPending} error={pull.error} onClose={onClose}
      onConfirm={() => pull.mutate()}
    >
      {wanted.url && (
        <a href={wanted.url} target="_blank" rel="noreferrer noopener" className="inline-flex min-h-11 items-center gap-2 self-start font-medium text-accent-ink underline">
          {t("licence.read")}<ExternalLink className="size-4" aria-hidden="true" />
        </a>
      )}
    </ConfirmDialog>
  );
}
