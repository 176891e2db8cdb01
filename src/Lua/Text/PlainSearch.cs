namespace Bixbite.Lua.Text;

/// <summary>
/// Looks for bytes as they are. A long needle that almost matches everywhere costs the product of both lengths, so the search counts steps
/// and can stop and go on.
/// </summary>
public struct PlainSearch(int from)
{
    /// <summary>So many bytes are looked for by the runtime; the rest is compared where they were found.</summary>
    private const int PrefixMax = 16;

    private const int BytesPerStep = 64;
    private const int BytesAtOnce = 1 << 16;

    private int _at = from;

    /// <summary>The place that was found.</summary>
    public readonly int Found => _at;

    /// <summary>Searches on for about so many steps; the text and the needle must be the same in each call.</summary>
    /// <returns>True if it was found, false if it is not there, null if the steps are used up.</returns>
    public bool? Run(ReadOnlySpan<byte> text, ReadOnlySpan<byte> needle, ref int steps)
    {
        ReadOnlySpan<byte> prefix = needle[..Math.Min(needle.Length, PrefixMax)];
        while (text.Length - _at >= needle.Length)
        {
            if (steps < 0)
            {
                return null;
            }
            int reach = Math.Min(text.Length - _at, BytesAtOnce + prefix.Length);
            int index = text.Slice(_at, reach).IndexOf(prefix);
            steps -= 1 + (index < 0 ? reach : index) / BytesPerStep;
            if (index < 0)
            {
                // The prefix may begin in the last bytes of what was looked at.
                _at += Math.Max(reach - prefix.Length + 1, 1);
                continue;
            }
            _at += index;
            if (text.Length - _at < needle.Length)
            {
                return false;
            }
            int same = text.Slice(_at, needle.Length).CommonPrefixLength(needle);
            steps -= same / BytesPerStep;
            if (same == needle.Length)
            {
                return true;
            }
            _at++;
        }
        return false;
    }
}
