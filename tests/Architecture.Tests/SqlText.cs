using System.Reflection;
using System.Text.RegularExpressions;

namespace JeanTrail.Architecture.Tests;

/// <summary>A statement in the code, and where it stands.</summary>
internal sealed record SqlConstant(string Place, string Sql);

/// <summary>Finds the SQL of an assembly and looks at whose tables it touches.</summary>
internal static partial class SqlText
{
    /// <summary>All constants, private ones too, whose text begins as a statement does.</summary>
    internal static IEnumerable<SqlConstant> Constants(IEnumerable<Type> types)
        => from type in types
           from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           where field is { IsLiteral: true } && field.FieldType == typeof(string)
           let sql = ((string)field.GetRawConstantValue()!).Trim()
           where Statement().IsMatch(sql)
           select new SqlConstant($"{type.FullName}.{field.Name}", sql);

    /// <summary>The migrations embedded in an assembly.</summary>
    internal static IEnumerable<SqlConstant> Migrations(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new SqlConstant(name, reader.ReadToEnd());
        }
    }

    /// <summary>A module's SQL names its own schema and the Kernel's, never another module's.</summary>
    internal static IEnumerable<string> ForeignSchemas(SqlConstant constant, string own, IEnumerable<string> schemas)
    {
        var text = NotSql().Replace(constant.Sql, " ");
        return schemas.Where(schema => schema != own && schema != "kernel")
            .Where(schema => Regex.IsMatch(text, $@"(?<![\w.]){schema}""?\s*\.\s*""?\w", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(2)))
            .Select(schema => $"{constant.Place} reaches into the schema {schema}.");
    }

    [GeneratedRegex(@"^(select|insert|update|delete|with|merge)\s", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Statement();

    /// <summary>Comments and string literals.</summary>
    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|'([^']|'')*'", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 2000)]
    private static partial Regex NotSql();
}
