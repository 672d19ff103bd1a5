/** A longer paste becomes a file: in a text box it would freeze the page, and in a message nobody would read past it. */
export const longestPaste = 4_000;

/** What a paste or a drop brings: files, or one long text made into one. Null leaves it to the browser. */
export function filesOf(data: DataTransfer | null, nameOfText: string): { files: { name: string; file: Blob }[]; text: string | null } | null {
  if (!data) return null;
  const files = [...data.files].map((file) => ({ name: file.name, file }));
  if (files.length > 0) return { files, text: null };
  const text = data.getData("text/plain");
  if (text.length <= longestPaste) return null;
  return { files: [{ name: `${nameOfText}.txt`, file: new Blob([text], { type: "text/plain" }) }], text };
}
