namespace JeanTrail.Testing.Gguf;

/// <summary>How conversations are written for the models, in the language of their makers' templates (Jinja).</summary>
static class ChatTemplate
{
    /// <summary>Qwen3's way, without its trimming of earlier thoughts.</summary>
    internal const string Qwen3 = """
        {%- if tools %}
        {{- '<|im_start|>system\n' }}
        {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\n\n' }}
        {%- endif %}
        {{- "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>" }}
        {%- for tool in tools %}
        {{- "\n" }}{{- tool | tojson }}
        {%- endfor %}
        {{- "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call><|im_end|>\n" }}
        {%- else %}
        {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
        {%- endif %}
        {%- endif %}
        {%- for message in messages %}
        {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
        {%- elif message.role == "assistant" %}
        {{- '<|im_start|>assistant\n' + (message.content or '') }}
        {%- if message.tool_calls %}
        {%- for tool_call in message.tool_calls %}
        {%- if tool_call.function %}
        {%- set tool_call = tool_call.function %}
        {%- endif %}
        {{- '\n<tool_call>\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}
        {%- if tool_call.arguments is string %}
        {{- tool_call.arguments }}
        {%- else %}
        {{- tool_call.arguments | tojson }}
        {%- endif %}
        {{- '}\n</tool_call>' }}
        {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\n' }}
        {%- elif message.role == "tool" %}
        {{- '<|im_start|>user\n<tool_response>\n' + message.content + '\n</tool_response><|im_end|>\n' }}
        {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
        {%- endif %}
        {%- endif %}
        """;

    /// <summary>With the places where llama.cpp puts the question and the document.</summary>
    internal const string Rerank = "<|im_start|>system\nJudge.<|im_end|>\n<|im_start|>user\n<Query>: {query}\n<Document>: {document}<|im_end|>\n<|im_start|>assistant\n";
}
