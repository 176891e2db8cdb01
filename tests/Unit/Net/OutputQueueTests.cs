using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>What is replaced within a queue, against a list of bytes.</summary>
public sealed class OutputQueueTests
{
    [Fact]
    public void RangesAreReplacedWhereverTheyAre()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            using Heap heap = new();
            OutputQueue queue = default;
            List<byte> model = [];
            for (int i = random.Next(1, 12); i > 0; i--)
            {
                byte[] bytes = new byte[random.Next(1, 700)];
                random.NextBytes(bytes);
                queue.Append(heap, bytes);
                model.AddRange(bytes);
            }
            int consumed = random.Next(model.Count);
            queue.Consume(heap, null, consumed);
            model.RemoveRange(0, consumed);
            byte[] text = new byte[random.Next(1, 90)];
            random.NextBytes(text);
            List<OutputRange> ranges = [];
            List<byte> expected = [];
            int at = 0;
            while (at < model.Count)
            {
                int kept = random.Next(0, 200);
                expected.AddRange(model.Skip(at).Take(kept));
                at = Math.Min(at + kept, model.Count);
                int size = Math.Min(random.Next(1, 900), model.Count - at);
                if (size > 0)
                {
                    ranges.Add(new OutputRange(consumed + at, consumed + at + size));
                    expected.AddRange(text);
                    at += size;
                }
            }
            queue.Replace(heap, null, ranges, text);
            Assert.Equal(consumed, queue.ConsumedEnd);
            Assert.Equal(expected.Count, queue.Length);
            Assert.Equal(expected, TakeAll(ref queue, heap));
            Assert.Equal(0, queue.MemoryBytes);
            Assert.Equal(0, heap.UsedBytes);
        }
    }

    private static List<byte> TakeAll(ref OutputQueue queue, Heap heap)
    {
        List<byte> bytes = [];
        Span<IoVector> pieces = stackalloc IoVector[4];
        while (!queue.IsEmpty)
        {
            int count = queue.Gather(pieces, 1000, out int size);
            foreach (IoVector piece in pieces[..count])
            {
                bytes.AddRange(Native.Bytes(piece.Address, (int)piece.Size));
            }
            queue.Consume(heap, null, size);
        }
        return bytes;
    }
}
