namespace Bixbite.Keyspace;

/// <summary>
/// Told of keys whose values do not lie in their records and so may be large. Databases are named by their <see cref="Database.Place"/>.
/// </summary>
public interface ILargeValueWatch
{
    /// <summary>The key has come, or was written, and its value is or was a large one. It may have become small.</summary>
    void Noticed(Database database, ulong hash, Record record);

    /// <summary>The key is removed, and its value was a large one.</summary>
    void Gone(Database database, ulong hash);

    /// <summary>All keys are removed.</summary>
    void Emptied(int place);

    /// <summary>Two databases have exchanged all keys.</summary>
    void Exchanged(int first, int second);
}
