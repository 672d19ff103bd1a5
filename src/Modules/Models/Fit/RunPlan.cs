using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Models.Catalogue;

namespace JeanTrail.Models.Fit;

/// <summary>What must be known of a model to say how much memory it takes.</summary>
/// <param name="ContextBytes">Of one token of context.</param>
internal readonly record struct ModelSize(LocalPurpose Purpose, long FileBytes, long ContextBytes, int TrainContext);

/// <summary>With how much context a model is loaded, and for how many conversations at once.</summary>
/// <param name="NeedBytes">Memory that all of it takes.</param>
internal sealed record RunPlan(int ContextTokens, int Sequences, long NeedBytes)
{
    /// <summary>Below this a conversation is of little use.</summary>
    const int SmallestContext = 2048;

    /// <summary>The runtime of the worker, before any model.</summary>
    const long WorkerBytes = 150L << 20;

    /// <summary>
    /// The whole wish if it fits; otherwise fewer conversations, then a shorter context. Null: not even the least does.
    /// </summary>
    /// <param name="fixedContext">The owner's own word on the context: it is not shortened.</param>
    internal static RunPlan? Choose(ModelSize model, int context, bool fixedContext, int sequences, long availableBytes)
    {
        context = Math.Min(context, Math.Max(256, model.TrainContext));
        sequences = model.Purpose == LocalPurpose.Chat ? sequences : 1;
        while (true)
        {
            var need = Need(model, context, sequences);
            if (need <= availableBytes)
                return new RunPlan(context, sequences, need);
            if (sequences > 1)
                sequences /= 2;
            else if (context / 2 >= SmallestContext && !fixedContext)
                context /= 2;
            else
                return null;
        }
    }

    /// <summary>The weights, the cache of each conversation, and what the engine computes in, which grows with the size of the model.</summary>
    internal static long Need(ModelSize model, int context, int sequences)
        => WorkerBytes + model.FileBytes + model.FileBytes / 20 + model.ContextBytes * context * sequences;

    /// <summary>The least that is worth loading.</summary>
    internal static long LeastNeed(ModelSize model) => Need(model, Math.Min(SmallestContext, Math.Max(256, model.TrainContext)), 1);

    internal static Error DoesNotFit(ModelSize model, long availableBytes) => ModelsErrors.DoesNotFit(LeastNeed(model), availableBytes, Suggest(model.Purpose, availableBytes)?.Name);

    /// <summary>The largest model of the catalogue that this memory is enough for.</summary>
    internal static CatalogueEntry? Suggest(LocalPurpose purpose, long availableBytes)
        => ModelCatalogue.All.Where(entry => entry.Purpose == purpose && LeastNeed(SizeOf(entry)) <= availableBytes).MaxBy(entry => entry.Parameters);

    internal static ModelSize SizeOf(CatalogueEntry entry) => new(entry.Purpose, entry.SizeBytes, entry.ContextBytes, 32_768);
}
