using Bixbite.Platform;
using Bixbite.Structures.Text;

namespace Bixbite.Replication.History;

/// <summary>
/// The name of the history of changes that this server tells: 40 hexadecimal digits. Positions of a stream mean something within one
/// history only. A second name is that of the history which this one goes on, and up to where. Under the execution lock.
/// </summary>
public sealed class ReplicationHistory
{
    private const int Length = 40;
    private const long NoEnd = -1;

    /// <summary>The name of no history.</summary>
    public static string None { get; } = new('0', Length);

    public string Id { get; private set; } = NewId();

    /// <summary>The name of the history before; <see cref="None"/> if there is none.</summary>
    public string SecondId { get; private set; } = None;

    /// <summary>The first byte, counted from 1, that the history before does not have; -1 if there is none.</summary>
    public long SecondOffset { get; private set; } = NoEnd;

    /// <summary>Begins a history that goes on no other.</summary>
    public void Begin()
    {
        Id = NewId();
        SecondId = None;
        SecondOffset = NoEnd;
    }

    /// <summary>This server has all of a primary's history from now on, and nothing of another.</summary>
    public void Adopt(string id)
    {
        Id = id;
        SecondId = None;
        SecondOffset = NoEnd;
    }

    /// <summary>Another history goes on from a position of this one.</summary>
    public void GoOnAs(string id, long end)
    {
        SecondId = Id;
        SecondOffset = end + 1;
        Id = id;
    }

    /// <summary>A history of this server's own goes on from a position of this one.</summary>
    public void Branch(long end) => GoOnAs(NewId(), end);

    /// <summary>Whether the text may be the name of a history.</summary>
    public static bool IsName(ReadOnlySpan<byte> text)
    {
        foreach (byte letter in text)
        {
            if (!char.IsAsciiHexDigit((char)letter))
            {
                return false;
            }
        }
        return text.Length == Length;
    }

    /// <summary>Whether a history of this name is the same as this one up to a byte, counted from 1.</summary>
    public bool Has(ReadOnlySpan<byte> id, long offset) =>
        IsNamed(id, Id) || (IsNamed(id, SecondId) && offset <= SecondOffset);

    /// <summary>Whether the name is that of this history.</summary>
    public bool Is(ReadOnlySpan<byte> id) => IsNamed(id, Id);

    /// <summary>Whether the name is one of the two.</summary>
    public bool Knows(ReadOnlySpan<byte> id) => IsNamed(id, Id) || IsNamed(id, SecondId);

    private static bool IsNamed(ReadOnlySpan<byte> id, string name)
    {
        Span<byte> bytes = stackalloc byte[Length];
        System.Text.Encoding.ASCII.GetBytes(name, bytes);
        return Ascii.EqualsIgnoreCase(id, bytes);
    }

    private static string NewId() => SystemRandom.Hex(Length);
}
