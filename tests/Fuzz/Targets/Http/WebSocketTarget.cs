using Bixbite.Net.Channels;

namespace Bixbite.Fuzz.Targets.Http;

/// <summary>
/// The frames of a WebSocket carry the same payload, and end the same way, in whatever pieces they come and however little room there is.
/// </summary>
internal static class WebSocketTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0x82, 0x85, 1, 2, 3, 4, 105, 103, 111, 104, 110, 0x89, 0x81, 1, 1, 1, 1, 9, 0x8A, 0x80, 0, 0, 0, 0],
        [0x02, 0x81, 0, 0, 0, 0, 1, 0x00, 0x80, 9, 9, 9, 9, 0x80, 0x82, 1, 2, 3, 4, 5, 6, 0x88, 0x82, 0, 0, 0, 0, 3, 232],
        [0x82, 0xFE, 0, 126, 1, 2, 3, 4, .. new byte[126]],
        [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4, .. new byte[300]],
        [0x88, 0x85, 0, 0, 0, 0, 3, 234, 98, 121, 101],
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        string whole = Read(bytes, bytes.Length, int.MaxValue);
        Require(whole, Read(bytes, 1, int.MaxValue));
        Require(whole, Read(bytes, bytes.Length, 1));
        Require(whole, Read(bytes, 1, 1));
        Require(whole, Read(bytes, 7, 3));
    }

    private static string Read(byte[] bytes, int pieceSize, int roomSize)
    {
        WebSocketFrames frames = new();
        List<byte> payload = [];
        List<string> events = [];
        byte[] room = new byte[Math.Min(roomSize, bytes.Length + 1)];
        for (int start = 0; start < bytes.Length;)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(start, Math.Min(pieceSize, bytes.Length - start));
            start += rest.Length;
            WebSocketStep step;
            do
            {
                step = frames.Take(ref rest, room, out int moved);
                payload.AddRange(room.AsSpan(0, moved));
                if (step == WebSocketStep.Ping)
                {
                    events.Add($"{payload.Count} ping {Convert.ToHexString(frames.Control)}");
                }
                else if (step is WebSocketStep.Close or WebSocketStep.Broken)
                {
                    return $"{Convert.ToHexString([.. payload])}\n{string.Join('\n', events)}\n{step} {frames.CloseCode}";
                }
                else if (step == WebSocketStep.NeedsInput && !rest.IsEmpty)
                {
                    throw new InvalidOperationException("More is wanted, and something was left.");
                }
            }
            while (step != WebSocketStep.NeedsInput);
        }
        return $"{Convert.ToHexString([.. payload])}\n{string.Join('\n', events)}";
    }

    private static void Require(string expected, string actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"Taken apart in pieces:\n{actual}\nexpected:\n{expected}");
        }
    }
}
