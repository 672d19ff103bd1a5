using System.Data;
using System.Runtime.CompilerServices;
using Dapper;
using JeanTrail.Kernel.Identity;
using Npgsql;
using NpgsqlTypes;

namespace JeanTrail.Kernel.Data;

/// <summary>Dapper's process-wide settings, made once before the first query.</summary>
public static class DapperSetup
{
    // CA2255: a module initialiser is the one place that surely runs before any use of Dapper through this assembly.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Apply()
#pragma warning restore CA2255
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        // Dapper asks a handler about parameters only when its own map does not know the type.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(typeof(DateTimeOffset), new UtcHandler());
        AddId<UserId>();
    }

    /// <summary>Lets a typed id be a parameter and a column. Each module calls it for the ids of its contracts.</summary>
    public static void AddId<TId>()
        where TId : struct, IId<TId> => SqlMapper.AddTypeHandler(typeof(TId), new IdHandler<TId>());

    /// <summary>Unlike Dapper's own base class it survives a null that is the only column of a row.</summary>
    abstract class Handler<T> : SqlMapper.ITypeHandler
        where T : struct
    {
        protected abstract T Parse(object value);

        protected abstract void SetValue(IDbDataParameter parameter, T value);

        object? SqlMapper.ITypeHandler.Parse(Type destinationType, object value) => value is DBNull ? null : Parse(value);

        void SqlMapper.ITypeHandler.SetValue(IDbDataParameter parameter, object value)
        {
            if (value is T known)
                SetValue(parameter, known);
            else
                parameter.Value = DBNull.Value;
        }
    }

    sealed class IdHandler<TId> : Handler<TId>
        where TId : struct, IId<TId>
    {
        protected override TId Parse(object value) => TId.From((Guid)value);

        protected override void SetValue(IDbDataParameter parameter, TId value)
        {
            parameter.Value = value.Value;
            parameter.DbType = DbType.Guid;
        }
    }

    /// <summary>Npgsql reads timestamptz as UTC <see cref="DateTime"/>; positional records ask for <see cref="DateTimeOffset"/>.</summary>
    sealed class UtcHandler : Handler<DateTimeOffset>
    {
        protected override DateTimeOffset Parse(object value)
            => value is DateTimeOffset offset ? offset : new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        protected override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.Value = value.ToUniversalTime();
            if (parameter is NpgsqlParameter npgsql)
                npgsql.NpgsqlDbType = NpgsqlDbType.TimestampTz;
        }
    }
}
