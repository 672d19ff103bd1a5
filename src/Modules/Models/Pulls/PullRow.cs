namespace JeanTrail.Models.Pulls;

/// <summary>A pull as stored.</summary>
internal sealed record PullRow(
    Guid PullId, string Source, string Name, string Licence, DateTimeOffset AcceptedAt, string State, Guid? JobId, long? ExpectedBytes, string? ExpectedSha256,
    string? Validator, long ReceivedBytes, long? BytesPerSecond, long? UnpackedBytes, string? ErrorCode, string? ErrorDetail, Guid? ModelId, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    internal const string Columns = """
        pull_id, source, name, licence, accepted_at, state, job_id, expected_bytes, expected_sha256, validator, received_bytes, bytes_per_second, unpacked_bytes,
        error_code, error_detail, model_id, created_at, ended_at
        """;

    internal ListPulls.Pull ToView()
        => new(PullId, Source, Name, Licence, Enum.Parse<ListPulls.PullState>(State, ignoreCase: true), ReceivedBytes, ExpectedBytes, BytesPerSecond, UnpackedBytes, ErrorCode, ErrorDetail, CreatedAt, EndedAt);
}
