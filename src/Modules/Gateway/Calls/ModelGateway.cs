using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Basic;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Calls;

internal sealed class ModelGateway(
    ProviderDirectory providers, DefaultModels defaults, ISkillEngine skills, UpstreamHttp http, UsageRecorder recorder, IOptions<GatewayOptions> options, TimeProvider clock)
    : IModelGateway
{
    public Task<string> DefaultModelAsync(UserId user, CancellationToken cancel) => defaults.GetAsync(user, cancel);

    public async Task<Result<ModelClient>> OpenAsync(UserId user, string? modelId, CancellationToken cancel)
    {
        modelId ??= await defaults.GetAsync(user, cancel);
        var basic = new BasicChatClient(skills, user);
        if (modelId == GatewayErrors.BasicModel)
            return new ModelClient(modelId, BuiltIn: true, new MeasuredChatClient(basic, user, null, modelId, recorder, clock));

        if (!ModelName.TryParse(modelId, out var slug, out var model) || await providers.FindAsync(slug, cancel) is not { } provider)
            return GatewayErrors.ModelUnknown.OfferingBasic();
        if (!provider.Enabled)
            return GatewayErrors.ProviderDisabled.OfferingBasic();
        var opened = await providers.OpenAsync(provider, cancel);
        if (!opened.TryGet(out var server, out var error))
            return error.OfferingBasic();
        var client = new SkillsFirstChatClient(new OpenAiChatClient(server, modelId, model, http, options.Value, clock), basic);
        return new ModelClient(modelId, BuiltIn: false, new MeasuredChatClient(client, user, provider.ProviderId, modelId, recorder, clock));
    }
}
