using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace JeanTrail.Architecture.Tests;

/// <summary>What an assembly uses, read from its metadata: nothing is hidden from it by comments, aliases or usings.</summary>
/// <param name="Assemblies">The names of the assemblies it references.</param>
/// <param name="Members">Members of other assemblies that its code names, such as <c>System.Guid.NewGuid</c>.</param>
internal sealed record CompiledCode(string Name, IReadOnlySet<string> Assemblies, IReadOnlySet<string> Members)
{
    const byte GenericInstance = 0x15;

    internal static CompiledCode Of(Assembly assembly)
    {
        using var file = File.OpenRead(assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (TypeName(metadata, member.Parent) is { } type)
                members.Add($"{type}.{metadata.GetString(member.Name)}");
        }

        var assemblies = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        return new CompiledCode(assembly.GetName().Name!, assemblies.ToHashSet(StringComparer.Ordinal), members);
    }

    static string? TypeName(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                var type = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            case HandleKind.TypeSpecification:
                // ECMA-335 II.23.2.14: GENERICINST (CLASS | VALUETYPE) TypeDefOrRef …
                var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (signature.ReadByte() != GenericInstance)
                    return null;
                signature.ReadByte();
                return TypeName(metadata, signature.ReadTypeHandle());
            default:
                return null;
        }
    }
}

/// <summary>The same direction as in the project files, as the compiler saw it.</summary>
internal static class CompiledReferences
{
    internal static IEnumerable<string> Violations(CompiledCode code, IReadOnlyCollection<string> modules)
    {
        string[] allowed = code.Name switch
        {
            "JeanTrail.Kernel" => [],
            "JeanTrail.Contracts" => ["JeanTrail.Kernel"],
            "jeantrail" => ["JeanTrail.Kernel", "JeanTrail.Contracts", .. modules.Select(module => $"JeanTrail.{module}")],
            _ => ["JeanTrail.Kernel", "JeanTrail.Contracts"],
        };
        return code.Assemblies
            .Where(name => name.StartsWith("JeanTrail.", StringComparison.OrdinalIgnoreCase) || name == "jeantrail")
            .Where(name => !allowed.Contains(name))
            .Select(name => $"{code.Name} uses {name}.");
    }
}
