using JeanTrail.Contracts.Agents;

namespace JeanTrail.Gateway.Tests;

/// <summary>An engine that knows one request: <c>twelve plus thirty</c>.</summary>
sealed class ScriptedSkills : ISkillEngine
{
    public const string Known = "twelve plus thirty";
    public const string Reply = "That is **42**, exactly.";
    public const string Declined = "I cannot do that without a model.";

    public SkillRequest? Last { get; private set; }

    public Task<SkillReply?> TryAnswerAsync(SkillRequest request, CancellationToken cancel)
    {
        Last = request;
        return Task.FromResult(request.Text == Known
            ? new SkillReply("arithmetic", Reply, "en", "That is forty-two.", [new ClientAction("navigate", "/chat")], [new Citation("Sums", "42", 0, 2)])
            : null);
    }

    public SkillReply Decline(SkillRequest request) => new("none", Declined, "en", Actions: [new ClientAction("connect-model")]);
}
