# Qwen-3 on llama.cpp. --jinja reads the model's own template, which tool calls and the thinking switch need.
FROM ghcr.io/ggml-org/llama.cpp:server
ENTRYPOINT ["/bin/sh", "-c", "exec /app/llama-server -hf \"$QWEN3_GGUF\" --alias \"$QWEN3_NAME\" --host 0.0.0.0 --port 8080 -c \"$QWEN3_CONTEXT\" -np \"$QWEN3_PARALLEL\" --jinja --reasoning-format deepseek"]
