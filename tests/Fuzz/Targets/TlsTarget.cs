using Bixbite.Net.Channels;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Bytes from the network meet a TLS server: in the handshake, where they come whole or one at a time and end the same; and after it,
/// between records that are good, which are read as they were, or not at all.
/// </summary>
internal static class TlsTarget
{
    private static readonly Lazy<TlsContext> s_server = new(static () => TlsPair.ServerContext());
    private static readonly Lazy<TlsContext> s_client = new(static () => TlsPair.ClientContext());

    public static IReadOnlyList<byte[]> HandshakeSeeds { get; } =
    [
        Hello(static options => options),
        Hello(static options => options with { AllowsTls13 = false }),
        [22, 3, 1, 0, 5, 1, 0, 0, 1, 0],
        "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
    ];

    /// <summary>The first byte says how many good records come before the others, the second how they are cut.</summary>
    public static IReadOnlyList<byte[]> RecordSeeds { get; } =
    [
        [3, 1, 23, 3, 3, 0, 5, 1, 2, 3, 4, 5],
        [1, 7, 21, 3, 3, 0, 2, 1, 0],
        [2, 100, 22, 3, 3, 0, 5, 24, 0, 0, 1, 1],
        [0, 0, 20, 3, 3, 0, 1, 1],
        [4, 3, 23, 3, 3, 0x40, 0x12],
    ];

    public static void Handshake(ReadOnlySpan<byte> input)
    {
        TlsProgress whole = Handshake(input, input.Length);
        TlsProgress single = Handshake(input, 1);
        if (whole != single || whole is TlsProgress.Done or TlsProgress.WantsRoom)
        {
            throw new InvalidOperationException($"Whole it is {whole}, byte by byte {single}.");
        }
    }

    public static void Records(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }
        using TlsPair pair = new(s_server.Value, s_client.Value);
        pair.Agree();
        int goodCount = input[0] % 8;
        for (int count = 0; count < goodCount; count++)
        {
            pair.Write(pair.Client, [(byte)count]);
        }
        byte[] bytes = [.. pair.ToServer, .. input[2..]];
        pair.ToServer.Clear();
        RequireFrames(bytes, input[1]);
        List<byte> plain = [];
        TlsProgress progress = TlsProgress.WantsInput;
        for (int at = 0; at < bytes.Length && progress == TlsProgress.WantsInput;)
        {
            int size = Math.Min(Math.Max((int)input[1], 1), bytes.Length - at);
            pair.ToServer.AddRange(bytes.AsSpan(at, size));
            at += size;
            while ((progress = pair.Read(pair.Server, out byte[] part)) == TlsProgress.Done)
            {
                plain.AddRange(part);
            }
        }
        if (!plain.SequenceEqual(Enumerable.Range(0, goodCount).Select(static number => (byte)number)))
        {
            throw new InvalidOperationException($"Of {goodCount} good records {plain.Count} were read.");
        }
    }

    private static TlsProgress Handshake(ReadOnlySpan<byte> input, int size)
    {
        using TlsSession session = TlsSession.Accept(s_server.Value, PeerVerification.Optional)!;
        byte[] room = new byte[64 * 1024];
        TlsProgress progress = TlsProgress.WantsInput;
        for (int at = 0; at < input.Length && progress == TlsProgress.WantsInput; at += size)
        {
            TlsBytes bytes = new(input.Slice(at, Math.Min(size, input.Length - at)), room);
            progress = session.Handshake(ref bytes);
        }
        return progress;
    }

    /// <summary>Records are counted the same, however their bytes come and however many are taken at a time.</summary>
    private static void RequireFrames(byte[] bytes, int size)
    {
        RecordFrames whole = default;
        _ = whole.Take(bytes, int.MaxValue, out int expected);
        RecordFrames cut = default;
        int counted = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int room = Math.Min(Math.Max(size, 1), bytes.Length - at);
            at += cut.Take(bytes.AsSpan(at, room), 2, out int count);
            counted += count;
        }
        if (counted != expected)
        {
            throw new InvalidOperationException($"{expected} records were counted as {counted}.");
        }
    }

    private static byte[] Hello(Func<TlsContextOptions, TlsContextOptions> change)
    {
        byte[] room = new byte[16 * 1024];
        using TlsContext context = TlsPair.ClientContext(change);
        using TlsSession session = TlsSession.Connect(context, "localhost")!;
        TlsBytes bytes = new(default, room);
        session.Handshake(ref bytes);
        return room[..bytes.Written];
    }
}
