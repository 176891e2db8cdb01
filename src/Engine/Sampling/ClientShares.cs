using System.Text;

namespace Bixbite.Engine.Sampling;

/// <summary>
/// The shares of clients by a name that they choose, so there are no more than <see cref="CountMax"/>: those that come later share one.
/// </summary>
public sealed class ClientShares
{
    public const int CountMax = 128;

    /// <summary>The share of clients without a name.</summary>
    public const string None = "(none)";

    /// <summary>The share of all for whom there was no room.</summary>
    public const string Other = "(other)";

    private const int NameSizeMax = 64;

    private readonly Dictionary<string, ClientShare> _shares = new(StringComparer.Ordinal);

    /// <summary>The bytes that they take at most.</summary>
    public static long MemoryBytes => (CountMax + 1) * (ClientShare.MemoryBytes + (2 * NameSizeMax) + 64);

    /// <summary>In the order of their names.</summary>
    public IEnumerable<ClientShare> All => _shares.Values.OrderBy(static share => share.Name, StringComparer.Ordinal);

    /// <summary>The share of a name; long names count by their beginning.</summary>
    internal ClientShare Of(ReadOnlySpan<byte> name)
    {
        Span<char> letters = stackalloc char[NameSizeMax];
        int length = Encoding.Latin1.GetChars(name[..Math.Min(name.Length, NameSizeMax)], letters);
        ReadOnlySpan<char> text = name.IsEmpty ? None : letters[..length];
        var shares = _shares.GetAlternateLookup<ReadOnlySpan<char>>();
        if (shares.TryGetValue(text, out ClientShare? share))
        {
            return share;
        }
        string own = _shares.Count < CountMax ? text.ToString() : Other;
        if (!_shares.TryGetValue(own, out share))
        {
            _shares.Add(own, share = new ClientShare(own));
        }
        return share;
    }

    internal void Clear() => _shares.Clear();
}
