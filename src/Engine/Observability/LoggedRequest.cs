using Bixbite.Protocol;

namespace Bixbite.Engine.Observability;

/// <summary>A request as MONITOR and the logs of commands show it: arguments that its command redacted (passwords) are not told.</summary>
public readonly ref struct LoggedRequest(ReadOnlySpan<Argument> arguments, ulong redacted)
{
    /// <summary>Arguments from this position on are redacted together.</summary>
    internal const int LastPosition = 63;

    private readonly ReadOnlySpan<Argument> _arguments = arguments;

    public int Count => _arguments.Length;

    public ReadOnlySpan<byte> this[int index] => IsRedacted(index) ? "(redacted)"u8 : _arguments[index].Bytes;

    /// <summary>The bytes of the request as it came, or would have come, as an array of bulk strings.</summary>
    internal long MessageSize => RequestFormat.SizeOf(_arguments);

    /// <summary>The arguments as they came, for those who show them to nobody.</summary>
    internal ReadOnlySpan<Argument> Arguments => _arguments;

    private bool IsRedacted(int index) => (redacted >> Math.Min(index, LastPosition) & 1) != 0;
}
