namespace Bixbite.Structures.Checks;

/// <summary>
/// A short hash tag for each slot: of the shortest the first, where digits come before capitals and these before small letters. Three
/// letters suffice for all. Made at once, by trying them.
/// </summary>
public sealed class SlotTags
{
    /// <summary>No tag is longer.</summary>
    public const int SizeMax = 3;

    private const int LetterBits = 8;

    /// <summary>The letters of each, the last one in the lowest bits; 0 where there is none yet.</summary>
    private readonly int[] _tags = new int[HashSlot.Count];

    private int _found;

    public SlotTags()
    {
        Span<byte> tag = stackalloc byte[SizeMax];
        for (int size = 1; size <= SizeMax; size++)
        {
            Try(tag[..size], 0);
        }
    }

    /// <summary>Those of which tags are made: digits, capitals, small letters.</summary>
    public static ReadOnlySpan<byte> Letters => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Writes the tag of a slot, without braces; returns its size.</summary>
    public int Write(int slot, Span<byte> target)
    {
        int size = 0;
        for (int shift = (SizeMax - 1) * LetterBits; shift >= 0; shift -= LetterBits)
        {
            byte letter = (byte)(_tags[slot] >> shift);
            if (letter != 0)
            {
                target[size++] = letter;
            }
        }
        return size;
    }

    /// <summary>Tries all tags that begin with so many letters.</summary>
    private void Try(Span<byte> tag, int count)
    {
        foreach (byte letter in Letters)
        {
            tag[count] = letter;
            if (_found == HashSlot.Count)
            {
                return;
            }
            if (count + 1 < tag.Length)
            {
                Try(tag, count + 1);
            }
            else
            {
                Note(tag);
            }
        }
    }

    private void Note(ReadOnlySpan<byte> tag)
    {
        ref int known = ref _tags[HashSlot.Of(tag)];
        if (known != 0)
        {
            return;
        }
        foreach (byte letter in tag)
        {
            known = known << LetterBits | letter;
        }
        _found++;
    }
}
