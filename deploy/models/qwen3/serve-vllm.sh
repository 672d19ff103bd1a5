#!/bin/sh
# Arguments that depend on the model: mixture-of-experts weights spread their experts over the GPUs.
set -eu
set -- --model "$QWEN3_MODEL" --served-model-name "$QWEN3_NAME" --port 8000 \
  --max-model-len "$QWEN3_CONTEXT" --tensor-parallel-size "$QWEN3_GPUS" \
  --enable-auto-tool-choice --tool-call-parser hermes --reasoning-parser qwen3 --enable-prefix-caching
case "$QWEN3_MODEL" in
  *-A3B* | *-A22B*) [ "$QWEN3_GPUS" -gt 1 ] && set -- "$@" --enable-expert-parallel ;;
esac
exec python3 -m vllm.entrypoints.openai.api_server "$@"
