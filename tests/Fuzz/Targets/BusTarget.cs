using Bixbite.Cluster.Bus;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Whatever a peer sends is a frame, the beginning of one, or the end of the connection; a frame is the same when it is written again.
/// </summary>
internal static class BusTarget
{
    private const int PayloadMax = 4096;

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        Written(new BusFrame(BusKind.Hello, 0, 0, BusHello.Draw(new(1, 2), new(3, 4)).ToBytes())),
        Written(new BusFrame(BusKind.Ask, 7, long.MaxValue, new byte[100])),
        [255, 255, 255, 255, 1, 1],
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        ReadOnlyMemory<byte> rest = input.ToArray();
        while (BusFrame.TryRead(rest, PayloadMax, out BusFrame frame, out int needed))
        {
            if (needed != frame.Size || !Written(frame).AsSpan().SequenceEqual(rest.Span[..needed]))
            {
                throw new InvalidOperationException("A frame is not what was read.");
            }
            if (frame.Kind == BusKind.Hello && BusHello.Read(frame.Payload.Span) is { } hello
                && !hello.ToBytes().AsSpan().SequenceEqual(frame.Payload.Span))
            {
                throw new InvalidOperationException("A greeting is not what was read.");
            }
            rest = rest[needed..];
        }
    }

    private static byte[] Written(BusFrame frame)
    {
        byte[] bytes = new byte[frame.Size];
        frame.Write(bytes);
        return bytes;
    }
}
