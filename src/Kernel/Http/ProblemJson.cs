using System.Text.Json;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace JeanTrail.Kernel.Http;

/// <summary>Writes ProblemDetails, whatever the client said it accepts: a stream's client must be able to read a refusal too.</summary>
internal static class ProblemJson
{
    internal const string MediaType = "application/problem+json";

    internal static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        var options = context.RequestServices.GetService<IOptions<HttpJsonOptions>>()?.Value.SerializerOptions ?? KernelJson.Options;
        return context.Response.WriteAsJsonAsync(problem, problem.GetType(), options, MediaType, context.RequestAborted);
    }
}

/// <summary>The framework's own problems, those of validation above all, in our words.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
        => await ProblemJson.WriteAsync(context.HttpContext, Complete(context));

    static ProblemDetails Complete(ProblemDetailsContext context)
    {
        var given = context.ProblemDetails;
        if (given.Extensions.ContainsKey("code"))
            return given;
        if (given is not HttpValidationProblemDetails validation)
            return ErrorMapping.FromStatus(given.Status ?? context.HttpContext.Response.StatusCode).ToProblemDetails();
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (field, messages) in validation.Errors)
            errors[ToWireName(field)] = messages;
        return KernelErrors.Validation(errors).ToProblemDetails();
    }

    /// <summary>Validation names members as C# does (<c>Items[0].Title</c>); the client knows them as JSON.</summary>
    static string ToWireName(string field)
        => string.Join('.', field.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
