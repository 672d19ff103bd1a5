import { Mic, Paperclip, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { holdWake } from "@/shared/jean/wake";
import { IconButton } from "@/shared/ui/button";
import { showToast } from "@/shared/ui/toast";
import { clock } from "./clock";
import { Dictate } from "./dictate";
import { useT } from "./text";

interface ToolsProps {
  onFiles: (files: { name: string; file: Blob }[]) => void;
  /** What was dictated. */
  onText: (text: string) => void;
  /** All that was dictated after a call, when that has ended by itself. */
  onSaid: (said: string) => void;
}

/** Ways to attach something, from the disk and from the microphone, and to speak instead of writing. */
export default function AttachTools({ onFiles, onText, onSaid }: ToolsProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label={t("attach.label")} className="size-11!" onClick={() => input.current?.click()}><Paperclip className="size-5" aria-hidden="true" /></IconButton>
      <input
        ref={input} type="file" multiple hidden tabIndex={-1} aria-label={t("attach.label")}
        onChange={(e) => {
          onFiles([...(e.target.files ?? [])].map((file) => ({ name: file.name, file })));
          // The same file may be chosen again after it was taken back.
          e.target.value = "";
        }}
      />
      <Recorder onFiles={onFiles} />
      <Dictate onText={onText} onSaid={onSaid} />
    </>
  );
}

const longestMs = 30 * 60_000;

function Recorder({ onFiles }: Pick<ToolsProps, "onFiles">) {
  const t = useT();
  const recorder = useRef<MediaRecorder | null>(null);
  const [since, setSince] = useState<number | null>(null);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === null) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() - since > longestMs) recorder.current?.stop();
    }, 500);
    return () => clearInterval(timer);
  }, [since]);
  useEffect(() => (since === null ? undefined : holdWake()), [since]);
  // Nobody records on after leaving.
  useEffect(() => () => recorder.current?.stop(), []);
  if (typeof MediaRecorder === "undefined") return null;

  const start = async (): Promise<void> => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const made = new MediaRecorder(stream);
      const pieces: Blob[] = [];
      made.ondataavailable = (e) => { if (e.data.size > 0) pieces.push(e.data); };
      made.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        recorder.current = null;
        setSince(null);
        const type = made.mimeType.split(";")[0] ?? "audio/webm";
        if (pieces.length > 0) onFiles([{ name: `${t("recording.name")}.${type.split("/")[1] ?? "webm"}`, file: new Blob(pieces, { type }) }]);
      };
      recorder.current = made;
      made.start(1_000);
      setNow(Date.now());
      setSince(Date.now());
    } catch {
      showToast({ text: t("attach.noMicrophone"), tone: "bad" });
    }
  };
  return since === null
    ? <IconButton label={t("attach.record")} className="size-11!" onClick={() => void start()}><Mic className="size-5" aria-hidden="true" /></IconButton>
    : <IconButton label={t("attach.stop", { time: clock(now - since) })} className="size-11! text-bad-ink!" aria-pressed onClick={() => recorder.current?.stop()}><Square className="size-4 fill-current" aria-hidden="true" /></IconButton>;
}
