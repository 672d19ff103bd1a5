namespace JeanTrail.Gateway.Upstream;

/// <summary>Where calls go and with which key. Lives as long as the list of providers is believed; never logged.</summary>
/// <param name="BaseUrl">Without a slash at its end, such as <c>https://api.example.com/v1</c>.</param>
/// <param name="KeyId">Which of the provider's keys it is.</param>
internal sealed record UpstreamServer(Guid ProviderId, string BaseUrl, string? ApiKey, Guid KeyId = default)
{
    internal Uri Url(string path) => new($"{BaseUrl}/{path}");

    public override string ToString() => ProviderId.ToString();
}
