namespace Bixbite.Types.Hashes;

/// <summary>Told of each field that is removed because its time has come, while it is still there.</summary>
public interface IDueFields
{
    public void Remove(ReadOnlySpan<byte> field);
}
