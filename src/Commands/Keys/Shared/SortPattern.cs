using System.Buffers;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Keys.Shared;

/// <summary>
/// A pattern of BY or GET: it makes a key of each element, at which a string is stored, or a hash with a field.
/// <code>
///   #                      the element itself
///   weight_*               the string at the key weight_ELEMENT
///   object_*:x->field      the field of the hash at the key object_ELEMENT:x
/// </code>
/// </summary>
internal readonly ref struct SortPattern
{
    private const int StackSizeMax = 256;

    private readonly ReadOnlySpan<byte> _before;
    private readonly ReadOnlySpan<byte> _behind;
    private readonly ReadOnlySpan<byte> _field;
    private readonly bool _isElement;
    private readonly bool _hasAsterisk;

    public SortPattern(ReadOnlySpan<byte> text)
    {
        _isElement = text.Length == 1 && text[0] == '#';
        int asterisk = text.IndexOf((byte)'*');
        _hasAsterisk = asterisk >= 0;
        if (!_hasAsterisk)
        {
            return;
        }
        _before = text[..asterisk];
        _behind = text[(asterisk + 1)..];
        int arrow = _behind.IndexOf("->"u8);
        if (arrow >= 0 && arrow + 2 < _behind.Length)
        {
            _field = _behind[(arrow + 2)..];
            _behind = _behind[..arrow];
        }
    }

    /// <summary>Finds the pattern's value for an element; false if there is none. The value is valid until keys change.</summary>
    public bool TryFind(CommandContext context, StoredText element, out StoredText value)
    {
        value = element;
        if (_isElement || !_hasAsterisk)
        {
            return _isElement;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> text = element.Text(scratch);
        int length = _before.Length + text.Length + _behind.Length;
        byte[]? rented = length <= StackSizeMax ? null : ArrayPool<byte>.Shared.Rent(length);
        Span<byte> key = rented is null ? stackalloc byte[StackSizeMax] : rented;
        key = key[..length];
        _before.CopyTo(key);
        text.CopyTo(key[_before.Length..]);
        _behind.CopyTo(key[^_behind.Length..]);
        bool isFound = TryRead(context, key, out value);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return isFound;
    }

    private bool TryRead(CommandContext context, ReadOnlySpan<byte> key, out StoredText value)
    {
        value = default;
        KeyRef at = context.Keys.Read(context.Database, key);
        if (!at.Exists || at.Record.Type != (_field.IsEmpty ? KeyType.String : KeyType.Hash))
        {
            return false;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        if (_field.IsEmpty)
        {
            value = StoredText.Of(at.Record.Text(scratch));
            return true;
        }
        bool isFound = new HashValue(context.Database.Open(at)).TryGet(_field, scratch, out ReadOnlySpan<byte> found);
        value = isFound ? StoredText.Of(found) : default;
        return isFound;
    }
}
