using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Gateway;

/// <summary>
/// Connected models that write down what is said. Limits and books apply as to chats. Not <c>ISpeechToTextClient</c> of Microsoft.Extensions.AI, which is
/// still marked as experimental.
/// </summary>
public interface ISpeechToTextModels
{
    /// <summary>Null when the model, a route or <c>provider/model</c>, can be asked; else <c>gateway.model_unknown</c> or <c>gateway.provider_disabled</c>. No provider is asked to find out.</summary>
    ValueTask<Error?> ObjectionAsync(string modelId, CancellationToken cancel);

    /// <summary>What is said in a recording, on behalf of <paramref name="user"/>; empty when nothing is. Nothing is answered from the reply cache or kept there.</summary>
    /// <param name="wav">A whole WAV file. Providers take 25 MB or so.</param>
    /// <exception cref="ModelCallException">The model is unknown, refuses, does not answer, or answers with something else.</exception>
    Task<string> WriteDownAsync(UserId user, string modelId, ReadOnlyMemory<byte> wav, CancellationToken cancel);
}
