# Qwen-3 on vLLM. The parsers turn its tool calls (Hermes format) and its thinking into OpenAI's members.
FROM vllm/vllm-openai:v0.10.2
COPY serve-vllm.sh /serve
ENTRYPOINT ["/bin/sh", "/serve"]
