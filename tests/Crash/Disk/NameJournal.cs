namespace Bixbite.Crash.Disk;

/// <summary>
/// Creates, renames and deletes that are not durable yet, in their order. Each happens wholly or not at all. A sync of a folder makes those
/// durable that touch it, and those before them without which they could not have happened.
/// </summary>
internal sealed class NameJournal
{
    private readonly List<NameChange[]> _steps = [];

    /// <summary>Does a step for those who look, and notes it.</summary>
    public void Do(params NameChange[] step)
    {
        foreach (NameChange change in step)
        {
            change.Apply(change.Folder.Now);
        }
        _steps.Add(step);
    }

    public void Sync(StoredFolder folder)
    {
        HashSet<StoredFolder> folders = [folder];
        List<NameChange[]> durable = [];
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            if (!_steps[i].Any(change => folders.Contains(change.Folder)))
            {
                continue;
            }
            folders.UnionWith(_steps[i].Select(change => change.Folder));
            durable.Insert(0, _steps[i]);
            _steps.RemoveAt(i);
        }

        foreach (NameChange change in durable.SelectMany(step => step))
        {
            change.Apply(change.Folder.Durable);
        }
    }

    /// <summary>One of the trees that may be found after the machine stopped: each folder kept some of its first steps.</summary>
    public StoredFolder Surviving(StoredFolder root, Random random)
    {
        double lossChance = random.Next(4) switch { 0 => 1, 1 => 0, _ => 0.3 };
        HashSet<StoredFolder> stopped = [];
        Dictionary<StoredFolder, Dictionary<string, object>> survivors = [];
        foreach (NameChange[] step in _steps)
        {
            if (random.NextDouble() < lossChance || step.Any(change => stopped.Contains(change.Folder)))
            {
                stopped.UnionWith(step.Select(change => change.Folder));
                continue;
            }

            foreach (NameChange change in step)
            {
                survivors.TryAdd(change.Folder, new(change.Folder.Durable));
                change.Apply(survivors[change.Folder]);
            }
        }

        return Copy(root, survivors, random);
    }

    private static StoredFolder Copy(
        StoredFolder folder, Dictionary<StoredFolder, Dictionary<string, object>> survivors, Random random)
    {
        Dictionary<string, object> names = survivors.GetValueOrDefault(folder, folder.Durable);
        Dictionary<string, object> entries = [];
        foreach ((string name, object entry) in names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            object copy = entry is StoredFile file ? new StoredFile(file.Surviving(random)) : Copy((StoredFolder)entry, survivors, random);
            entries.Add(name, copy);
        }

        return StoredFolder.With(entries);
    }
}

/// <summary>A name that begins to stand for an entry, or, without one, for nothing.</summary>
internal readonly record struct NameChange(StoredFolder Folder, string Name, object? Entry)
{
    public void Apply(Dictionary<string, object> names)
    {
        if (Entry is null)
        {
            names.Remove(Name);
        }
        else
        {
            names[Name] = Entry;
        }
    }
}
