using Bixbite.Memory;

namespace Bixbite.Net.Channels;

/// <summary>
/// Memory of a loop that its channels use in turn, each within one call, where the bytes of the peer are not those of the user. Nothing is
/// allocated before a channel needs it. Owned by the loop.
/// </summary>
/// <param name="heap">Of what a channel keeps from one call to the next: the connections'.</param>
/// <param name="workspace">Of what all share: the loop's.</param>
public sealed class ChannelWorkspace(Heap heap, Heap workspace) : IDisposable
{
    /// <summary>So many bytes are received at once.</summary>
    internal const int InputSize = 64 * 1024;

    /// <summary>So many bytes are sent at once: a few records.</summary>
    internal const int OutputSize = 4 * (TlsChannel.RecordSizeMax + TlsChannel.RecordOverheadMax);

    private NativeBuffer? _input;
    private NativeBuffer? _framed;
    private NativeBuffer? _output;
    private NativeBuffer? _record;

    internal Heap Heap => heap;

    internal WarmSessions Warm { get; } = new();

    /// <summary>Room for what the peer sends.</summary>
    internal Span<byte> Input => RoomOf(ref _input, InputSize);

    /// <summary>The same for a channel over one that may use <see cref="Input"/> itself.</summary>
    internal Span<byte> Framed => RoomOf(ref _framed, InputSize);

    /// <summary>Room for what the peer is sent.</summary>
    internal Span<byte> Output => RoomOf(ref _output, OutputSize);

    /// <summary>Room where small pieces become one record.</summary>
    internal Span<byte> Record => RoomOf(ref _record, TlsChannel.RecordSizeMax);

    /// <summary>Where <see cref="Output"/> lies.</summary>
    internal ulong OutputAddress => _output!.Address;

    public void Dispose()
    {
        _input?.Dispose();
        _framed?.Dispose();
        _output?.Dispose();
        _record?.Dispose();
    }

    private Span<byte> RoomOf(ref NativeBuffer? buffer, int size)
    {
        buffer ??= new NativeBuffer(workspace, size);
        return Native.Bytes(buffer.Address, size);
    }
}
