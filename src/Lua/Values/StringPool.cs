using System.Diagnostics.CodeAnalysis;

namespace Bixbite.Lua.Values;

/// <summary>
/// The names and constants of compiled code and of libraries, each once, so that looking a field up mostly compares two references.
/// </summary>
public sealed class StringPool
{
    /// <summary>Longer strings are seldom keys, in bytes.</summary>
    private const int LengthMax = 40;

    private readonly Dictionary<LuaString, LuaString> _strings = new(new Comparer());
    private readonly Dictionary<LuaString, LuaString>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly LuaMemory _memory;

    public StringPool(LuaMemory memory)
    {
        _memory = memory;
        _byBytes = _strings.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The string with these bytes.</summary>
    public LuaString Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LengthMax)
        {
            return _memory.NewString(bytes);
        }
        if (!_byBytes.TryGetValue(bytes, out LuaString? pooled))
        {
            pooled = _memory.NewString(bytes);
            _strings.Add(pooled, pooled);
        }
        return pooled;
    }

    /// <summary>A name of the host's, a character for each byte.</summary>
    public LuaString Get(string name)
    {
        LuaString text = LuaString.Of(name);
        if (_strings.TryGetValue(text, out LuaString? pooled))
        {
            return pooled;
        }
        _strings.Add(text, text);
        return text;
    }

    /// <summary>Forgets what the last measurement did not see.</summary>
    internal void Trim(int mark)
    {
        foreach (LuaString text in _strings.Keys)
        {
            if (text.Mark != mark && text.Mark != LuaObject.Uncounted)
            {
                _strings.Remove(text);
            }
        }
    }

    private sealed class Comparer : IEqualityComparer<LuaString>, IAlternateEqualityComparer<ReadOnlySpan<byte>, LuaString>
    {
        public bool Equals(LuaString? x, LuaString? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.Span.SequenceEqual(y.Span));

        public int GetHashCode([DisallowNull] LuaString obj) => GetHashCode(obj.Span);

        public bool Equals(ReadOnlySpan<byte> alternate, LuaString other) => alternate.SequenceEqual(other.Span);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public LuaString Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
    }
}
