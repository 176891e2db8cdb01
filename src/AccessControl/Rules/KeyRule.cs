namespace Bixbite.AccessControl.Rules;

/// <summary>Keys that match a pattern may be used so.</summary>
internal readonly record struct KeyRule(Pattern Pattern, KeyPermissions Permissions)
{
    /// <summary>Whether the pattern matches every key; only <c>allkeys</c> admits the empty one, too.</summary>
    public bool IsForAll => Pattern.Text is [(byte)'*'];

    public bool Admits(ReadOnlySpan<byte> key, KeyPermissions needed) => (Permissions & needed) == needed && Pattern.IsMatch(key);
}
