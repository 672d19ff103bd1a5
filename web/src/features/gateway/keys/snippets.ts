export type SnippetKind = "curl" | "python" | "javascript";
export const snippetKinds: readonly SnippetKind[] = ["curl", "python", "javascript"];

interface SnippetFor {
  kind: SnippetKind;
  /** Of this server, with /v1. */
  baseUrl: string;
  secret: string;
  model: string;
  surfaces: readonly string[];
}

/** A first call with a key, ready to be pasted. A key that may not chat gets what it may. */
export function snippet({ kind, baseUrl, secret, model, surfaces }: SnippetFor): string {
  const may = (surface: string): boolean => surfaces.includes("*") || surfaces.includes(surface);
  const task = may("chat") ? "chat" : may("embeddings") ? "embeddings" : "models";
  const name = JSON.stringify(model);
  if (kind === "curl") {
    const head = (path: string): string => `curl ${baseUrl}/${path} \\\n  -H "Authorization: Bearer ${secret}"`;
    if (task === "models") return head("models");
    const body = task === "chat" ? `{"model": ${name}, "messages": [{"role": "user", "content": "Hello!"}]}` : `{"model": ${name}, "input": "Hello!"}`;
    return `${head(task === "chat" ? "chat/completions" : "embeddings")} \\\n  -H "Content-Type: application/json" \\\n  -d '${body.replaceAll("'", String.raw`'\''`)}'`;
  }
  if (kind === "python") {
    const head = `from openai import OpenAI\n\nclient = OpenAI(\n    base_url="${baseUrl}",\n    api_key="${secret}",\n)\n\n`;
    if (task === "models") return `${head}for model in client.models.list():\n    print(model.id)`;
    if (task === "embeddings") return `${head}answer = client.embeddings.create(model=${name}, input="Hello!")\nprint(len(answer.data[0].embedding))`;
    return `${head}answer = client.chat.completions.create(\n    model=${name},\n    messages=[{"role": "user", "content": "Hello!"}],\n)\nprint(answer.choices[0].message.content)`;
  }
  const head = `import OpenAI from "openai";\n\nconst client = new OpenAI({\n  baseURL: "${baseUrl}",\n  apiKey: "${secret}",\n});\n\n`;
  if (task === "models") return `${head}for await (const model of client.models.list()) console.log(model.id);`;
  if (task === "embeddings") return `${head}const answer = await client.embeddings.create({ model: ${name}, input: "Hello!" });\nconsole.log(answer.data[0].embedding.length);`;
  return `${head}const answer = await client.chat.completions.create({\n  model: ${name},\n  messages: [{ role: "user", content: "Hello!" }],\n});\nconsole.log(answer.choices[0].message.content);`;
}
