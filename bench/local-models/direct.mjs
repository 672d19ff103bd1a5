// node-llama-cpp as its documentation uses it: what our path is held against. One JSON request a line in, one JSON answer a line out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [, , home, modelPath, threads, contextSize] = process.argv;
const require = createRequire(pathToFileURL(`${home}/workers/local-models/package.json`));
const { getLlama, LlamaChat } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, maxThreads: 0 });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: Number(contextSize), sequences: 4, threads: Number(threads) });
const sequence = context.getSequence();
console.log("{}");
for await (const line of createInterface({ input: process.stdin })) {
  const { prompt, maxTokens, seed } = JSON.parse(line);
  const began = performance.now();
  let first = 0;
  let tokens = 0;
  const chat = new LlamaChat({ contextSequence: sequence });
  await chat.generateResponse([{ type: "user", text: prompt }], {
    maxTokens, seed, temperature: 0.7, topK: 20, topP: 0.8, repeatPenalty: false,
    onResponseChunk: (chunk) => {
      first ||= performance.now() - began;
      tokens += chunk.tokens.length;
    },
  });
  chat.dispose();
  console.log(JSON.stringify({ firstMs: first, tokens, ms: performance.now() - began }));
}
