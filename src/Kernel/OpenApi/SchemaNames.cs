using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>
/// Names types in the document. A nested record is named with the feature it stands in (<c>RenameConversation.Request</c> is
/// <c>RenameConversationRequest</c>); two types that would share a name are told apart by their module.
/// </summary>
internal sealed class SchemaNames
{
    readonly ConcurrentDictionary<string, Type> taken = new(StringComparer.Ordinal);

    internal string? For(JsonTypeInfo type)
    {
        if (IsId(type.Type) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null)
            return null;
        var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        // The client of a problem meets one shape, whichever of the framework's classes wrote it.
        if (typeof(ProblemDetails).IsAssignableFrom(plain))
            return "Problem";
        var name = NameOf(plain);
        return taken.GetOrAdd(name, plain) == plain ? name : ModuleOf(plain) + name;
    }

    internal static bool IsId(Type type)
        => Array.Exists((Nullable.GetUnderlyingType(type) ?? type).GetInterfaces(), one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IId<>));

    static string NameOf(Type type)
    {
        var name = new StringBuilder();
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            name.Insert(0, Bare(outer));
        name.Append(Bare(type));
        if (type.IsGenericType)
            name.Append("Of").AppendJoin("And", type.GetGenericArguments().Select(NameOf));
        return name.ToString();
    }

    static string Bare(Type type) => type.Name.Split('`')[0];

    static string ModuleOf(Type type) => type.Namespace?.Split('.') is ["JeanTrail", "Contracts", var contracts, ..] ? contracts
        : type.Namespace?.Split('.') is ["JeanTrail", var module, ..] ? module : "";
}
