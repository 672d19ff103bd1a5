using JeanTrail.Kernel.Data;
using JeanTrail.Kernel;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Library;

/// <summary>Where the files are.</summary>
internal sealed class ModelFolder(Db db, IOptions<ModelsOptions> options, IOptions<DataFolderOptions> data)
{
    const string FindSql = "select folder from models.place";

    const string MoveSql = """
        insert into models.place (folder) values (@Folder)
        on conflict (only_one) do update set folder = excluded.folder
        """;

    /// <summary>Absolute; made where it is missing.</summary>
    internal async Task<string> GetAsync(CancellationToken cancel)
    {
        var folder = await db.FindAsync<string>(FindSql, null, cancel) ?? options.Value.Folder ?? data.Value.Combine("models");
        return Directory.CreateDirectory(Path.GetFullPath(folder)).FullName;
    }

    internal Task SetAsync(string folder, CancellationToken cancel) => db.ExecuteAsync(MoveSql, new { Folder = folder }, cancel);

    /// <summary>Unfinished files, beside the finished ones so that finishing is a rename.</summary>
    internal static string Unfinished(string folder, Guid pull) => Path.Combine(folder, $".{pull:N}.part");

    internal static long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
