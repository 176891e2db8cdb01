namespace Bixbite.Crash.Disk;

/// <summary>
/// A folder's names twice, as a file's content is: as programs see them, and as they are on the disk. What happened to names in between
/// stands in the <see cref="NameJournal"/>. An entry is a <see cref="StoredFile"/> or a <see cref="StoredFolder"/>.
/// </summary>
internal sealed class StoredFolder
{
    public Dictionary<string, object> Now { get; } = [];
    public Dictionary<string, object> Durable { get; private init; } = [];

    /// <summary>A folder that is on the disk with these entries.</summary>
    public static StoredFolder With(Dictionary<string, object> entries)
    {
        StoredFolder folder = new() { Durable = entries };
        foreach ((string name, object entry) in entries)
        {
            folder.Now.Add(name, entry);
        }
        return folder;
    }
}
