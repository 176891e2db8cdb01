using System.Runtime.CompilerServices;

namespace Bixbite.AccessControl.Rules;

/// <summary>Keys that match a pattern may be used so.</summary>
internal readonly record struct KeyRule(Pattern Pattern, KeyPermissions Permissions)
{
    private readonly ulong _head = Pattern.Head;
    private readonly ulong _mask = Pattern.HeadMask;
    private readonly bool _isDecidedByHead = Pattern.IsDecidedByHead;

    /// <summary>Whether the pattern matches every key; only <c>allkeys</c> admits the empty one, too.</summary>
    public bool IsForAll => Pattern.Text is [(byte)'*'];

    /// <summary>Whether a key may be used so, of which the head is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(ReadOnlySpan<byte> key, ulong head, KeyPermissions needed) =>
        (head & _mask) == _head && (Permissions & needed) == needed && (_isDecidedByHead || Pattern.IsMatch(key));
}
