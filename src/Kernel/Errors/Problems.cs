using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.AspNetCore.Mvc;

namespace JeanTrail.Kernel.Errors;

/// <summary>The one place where an <see cref="Error"/> becomes an RFC 9457 problem.</summary>
public static class Problems
{
    /// <summary>The ProblemDetails of an error, with its code and the trace id.</summary>
    public static ProblemDetails ToProblemDetails(this Error error)
    {
        var problem = new ProblemDetails
        {
            Status = error.Status,
            Title = ReasonPhrases.GetReasonPhrase(error.Status),
            Detail = error.Detail,
            Type = $"https://jeantrail.invalid/problems/{error.Code}",
        };
        problem.Extensions["code"] = error.Code;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString();
        foreach (var (name, value) in error.Extensions ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            problem.Extensions[name] = value;
        return problem;
    }

    /// <summary>The HTTP result of an error, for handlers that answer with typed results.</summary>
    public static ProblemHttpResult ToProblem(this Error error) => TypedResults.Problem(error.ToProblemDetails());
}
