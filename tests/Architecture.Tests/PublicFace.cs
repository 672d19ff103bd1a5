using System.Reflection;

namespace JeanTrail.Architecture.Tests;

/// <summary>
/// A module shows its two methods and nothing else. Records and enums inside an endpoint are written public, because the framework's
/// generators ask for it; as their class is internal they are seen by nobody.
/// </summary>
internal static class PublicFace
{
    internal static IEnumerable<string> Violations(string module, IEnumerable<Type> types)
    {
        foreach (var type in types.Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))))
        {
            if (type.IsPublic && !IsFace(module, type))
                yield return $"{type.FullName} is public.";
            if (type.IsNestedPublic && !(type.IsEnum || IsRecord(type)))
                yield return $"{type.FullName} is public, but neither a record nor an enum.";
        }
    }

    static bool IsFace(string module, Type type) => type.Name == $"{module}Module" && type is { IsAbstract: true, IsSealed: true };

    static bool IsRecord(Type type)
        => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly) is not null;
}
