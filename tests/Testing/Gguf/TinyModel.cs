namespace JeanTrail.Testing.Gguf;

/// <summary>What a made-up model is for.</summary>
public enum TinyPurpose
{
    Chat,
    Embedding,
    Rerank,
}

/// <summary>
/// A model of a real architecture with random weights, which llama.cpp loads and samples like any other. It never ends by itself: special tokens
/// are never among the likely ones.
/// </summary>
/// <param name="Architecture"><c>qwen3 qwen3moe llama</c>.</param>
public sealed record TinyModel(string Architecture = "qwen3", GgufType Type = GgufType.F16, TinyPurpose Purpose = TinyPurpose.Chat, int Seed = 1)
{
    const float NormEpsilon = 1e-6f;
    const float RopeBase = 1_000_000f;

    public int Embedding { get; init; } = 256;

    public int Layers { get; init; } = 2;

    public int Heads { get; init; } = 4;

    public int CachedHeads { get; init; } = 2;

    public int HeadLength { get; init; } = 64;

    public int FeedForward { get; init; } = 256;

    public int Context { get; init; } = 4096;

    /// <summary>Tokens in all: those beyond the trained ones only take their space, as in a large vocabulary.</summary>
    public int? VocabularySize { get; init; }

    public Vocabulary Vocabulary { get; init; } = Vocabulary.Default;

    /// <summary>As Qwen3-0.6B is: for measurements.</summary>
    public static TinyModel Qwen06 { get; } = new("qwen3", GgufType.Q8_0)
    {
        Embedding = 1024,
        Layers = 28,
        Heads = 16,
        CachedHeads = 8,
        HeadLength = 128,
        FeedForward = 3072,
        Context = 40_960,
        VocabularySize = 151_936,
    };

    public void Write(string path) => Build().Write(path);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Build().Write(stream);
        return stream.ToArray();
    }

    public GgufFile Build()
    {
        var file = new GgufFile();
        Describe(file);
        Tokenize(file);
        AddTensors(file);
        return file;
    }

    int Size => VocabularySize ?? Vocabulary.Tokens.Count;

    bool IsMixture => Architecture == "qwen3moe";

    bool NormsHeads => Architecture.StartsWith("qwen3", StringComparison.Ordinal);

    void Describe(GgufFile file)
    {
        file.Set("general.architecture", Architecture);
        file.Set("general.name", $"Tiny {Architecture}");
        file.Set("general.license", "MIT");
        file.Set($"{Architecture}.block_count", (uint)Layers);
        file.Set($"{Architecture}.context_length", (uint)Context);
        file.Set($"{Architecture}.embedding_length", (uint)Embedding);
        file.Set($"{Architecture}.feed_forward_length", (uint)FeedForward);
        file.Set($"{Architecture}.attention.head_count", (uint)Heads);
        file.Set($"{Architecture}.attention.head_count_kv", (uint)CachedHeads);
        file.Set($"{Architecture}.attention.key_length", (uint)HeadLength);
        file.Set($"{Architecture}.attention.value_length", (uint)HeadLength);
        file.Set($"{Architecture}.attention.layer_norm_rms_epsilon", NormEpsilon);
        file.Set($"{Architecture}.rope.freq_base", RopeBase);
        if (Architecture == "llama")
            file.Set("llama.rope.dimension_count", (uint)HeadLength);
        if (IsMixture)
        {
            file.Set("qwen3moe.expert_count", 4u);
            file.Set("qwen3moe.expert_used_count", 2u);
            file.Set("qwen3moe.expert_feed_forward_length", (uint)FeedForward);
        }

        if (Purpose != TinyPurpose.Chat)
            file.Set($"{Architecture}.pooling_type", Purpose == TinyPurpose.Embedding ? 3u : 4u);
        if (Purpose == TinyPurpose.Rerank)
            file.Set($"{Architecture}.classifier.output_labels", ["yes", "no"]);
    }

    void Tokenize(GgufFile file)
    {
        var filler = Enumerable.Range(0, Size - Vocabulary.Tokens.Count).Select(number => $"[unused{number}]").ToList();
        file.Set("tokenizer.ggml.model", "gpt2");
        file.Set("tokenizer.ggml.pre", "qwen2");
        file.Set("tokenizer.ggml.tokens", [.. Vocabulary.Tokens, .. filler]);
        file.Set("tokenizer.ggml.token_type", [.. Vocabulary.Types, .. Enumerable.Repeat(1, filler.Count)]);
        file.Set("tokenizer.ggml.merges", [.. Vocabulary.Merges]);
        file.Set("tokenizer.ggml.eos_token_id", (uint)Vocabulary.Id("<|im_end|>"));
        file.Set("tokenizer.ggml.bos_token_id", (uint)Vocabulary.Id("<|endoftext|>"));
        file.Set("tokenizer.chat_template", ChatTemplate.Qwen3);
        if (Purpose == TinyPurpose.Rerank)
            file.Set("tokenizer.chat_template.rerank", ChatTemplate.Rerank);
    }

    void AddTensors(GgufFile file)
    {
        var (query, cached) = (Heads * HeadLength, CachedHeads * HeadLength);
        Norm(file, "output_norm.weight", Embedding);
        Weights(file, "token_embd.weight", Embedding, Size);
        if (Purpose == TinyPurpose.Chat)
            file.Add("output.weight", Type, [Embedding, Size], Quiet(Embedding));
        if (Purpose == TinyPurpose.Rerank)
            Weights(file, "cls.output.weight", Embedding, 2);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Norm(file, block + "attn_norm.weight", Embedding);
            Norm(file, block + "ffn_norm.weight", Embedding);
            if (NormsHeads)
            {
                Norm(file, block + "attn_q_norm.weight", HeadLength);
                Norm(file, block + "attn_k_norm.weight", HeadLength);
            }

            Weights(file, block + "attn_q.weight", Embedding, query);
            Weights(file, block + "attn_k.weight", Embedding, cached);
            Weights(file, block + "attn_v.weight", Embedding, cached);
            Weights(file, block + "attn_output.weight", query, Embedding);
            if (IsMixture)
            {
                file.Add(block + "ffn_gate_inp.weight", GgufType.F32, [Embedding, 4], Random(Embedding, Hash(block)));
                Weights(file, block + "ffn_gate_exps.weight", Embedding, FeedForward, 4);
                Weights(file, block + "ffn_up_exps.weight", Embedding, FeedForward, 4);
                Weights(file, block + "ffn_down_exps.weight", FeedForward, Embedding, 4);
            }
            else
            {
                Weights(file, block + "ffn_gate.weight", Embedding, FeedForward);
                Weights(file, block + "ffn_up.weight", Embedding, FeedForward);
                Weights(file, block + "ffn_down.weight", FeedForward, Embedding);
            }
        }
    }

    static void Norm(GgufFile file, string name, int length) => file.Add(name, GgufType.F32, [length], static (_, row) => row.Fill(1));

    void Weights(GgufFile file, string name, params int[] dimensions) => file.Add(name, Type, dimensions, Random(dimensions[0], Hash(name)));

    /// <summary>The rows of special and unused tokens are zero: among hundreds of random scores theirs is never one of the highest.</summary>
    Action<long, Span<float>> Quiet(int length)
    {
        var random = Random(length, Hash("output"));
        return (row, values) =>
        {
            random(row, values);
            if (row >= Vocabulary.Plain)
                values.Clear();
        };
    }

    /// <summary>Uniform, and the same on every machine: a xorshift generator seeded by the tensor's name.</summary>
    Action<long, Span<float>> Random(int length, int name)
    {
        var scale = MathF.Sqrt(3f / length) * 2;
        var state = (ulong)(uint)(Seed * 7919) << 32 | (uint)name | 1;
        return (_, values) =>
        {
            for (var i = 0; i < values.Length; i++)
            {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                values[i] = ((state >> 40) / (float)(1 << 24) - 0.5f) * scale;
            }
        };
    }

    static int Hash(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
}
