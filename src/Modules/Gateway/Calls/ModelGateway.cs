using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Basic;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Calls;

internal sealed class ModelGateway(ModelNames names, DefaultModels defaults, Consumers consumers, ISkillEngine skills, ModelExchange exchange, ILedger ledger, TimeProvider clock)
    : IModelGateway
{
    public Task<string> DefaultModelAsync(UserId user, CancellationToken cancel) => defaults.GetAsync(user, cancel);

    public async Task<Result<ModelClient>> OpenAsync(UserId user, string? modelId, CancellationToken cancel)
    {
        modelId ??= await defaults.GetAsync(user, cancel);
        var consumer = await consumers.FindAsync(user, cancel);
        var basic = new MeasuredBasicClient(new BasicChatClient(skills, user), consumer, modelId, ledger, clock);
        if (modelId == GatewayErrors.BasicModel)
            return new ModelClient(modelId, BuiltIn: true, basic);
        return await names.ObjectionAsync(modelId, cancel) is { } objection
            ? objection.OfferingBasic()
            : new ModelClient(modelId, BuiltIn: false, new SkillsFirstChatClient(new ExchangeChatClient(exchange, consumer, modelId), basic));
    }
}
