namespace Bixbite.Scripting.Debugging;

/// <summary>
/// Reads the debugger's commands out of what its client sends: requests of at most 1,024 arguments, each of 1 to 1,024 bytes, and as
/// forgiving as Redis is about what stands before them.
/// </summary>
public sealed class DebugInput
{
    /// <summary>More than this is not waited for, in bytes.</summary>
    private const int SizeMax = 1 << 20;

    private const int CountMax = 1024;
    private const int ArgumentSizeMax = 1024;

    private readonly List<byte> _bytes = [];

    /// <summary>Nothing is there that has not been looked at.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>More has come.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Count <= SizeMax)
        {
            _bytes.AddRange(bytes);
        }
        IsIdle = false;
    }

    /// <summary>The next command; null if it has not come whole.</summary>
    /// <param name="problem">What is wrong with what has come, which is dropped; null where nothing is.</param>
    public List<byte[]>? Read(out string? problem)
    {
        problem = null;
        IsIdle = true;
        if (_bytes.Count == 0)
        {
            return null;
        }
        if (_bytes.Count > SizeMax)
        {
            problem = "max client buffer reached";
            _bytes.Clear();
            return null;
        }
        List<byte[]>? words = Parse([.. _bytes], out int size, out bool isBroken);
        if (isBroken)
        {
            problem = "protocol error";
            _bytes.Clear();
        }
        else if (words is not null)
        {
            _bytes.RemoveRange(0, size);
            IsIdle = _bytes.Count == 0;
        }
        return words;
    }

    private static List<byte[]>? Parse(byte[] input, out int size, out bool isBroken)
    {
        int at = Array.IndexOf(input, (byte)'*');
        size = 0;
        isBroken = at < 0;
        if (isBroken || !TryReadCount(input, ref at, out int count))
        {
            return null;
        }
        isBroken = count is <= 0 or > CountMax;
        var words = new List<byte[]>();
        while (!isBroken && words.Count < count)
        {
            if (at == input.Length)
            {
                return null;
            }
            isBroken = input[at] != '$';
            if (isBroken || !TryReadCount(input, ref at, out int length))
            {
                return null;
            }
            isBroken = length is <= 0 or > ArgumentSizeMax;
            if (isBroken || at + length + 2 > input.Length)
            {
                return null;
            }
            words.Add(input[at..(at + length)]);
            at += length;
            isBroken = input[at] != '\r' || input[at + 1] != '\n';
            at += 2;
        }
        size = at;
        return isBroken ? null : words;
    }

    /// <summary>A number after one character, up to the end of the line; false if the line is not whole.</summary>
    private static bool TryReadCount(byte[] input, ref int at, out int count)
    {
        count = 0;
        int end = input.AsSpan(at).IndexOf("\r\n"u8);
        if (end < 0)
        {
            return false;
        }
        count = DebugNumber.Leading(input.AsSpan(at + 1, end - 1));
        at += end + 2;
        return true;
    }
}
