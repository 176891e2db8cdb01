using System.Buffers;
using Bixbite.Memory;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Persistence.Saving;
using Bixbite.Types.Saving;
using Xunit;

namespace Bixbite.Unit.Persistence;

/// <summary>What is left to be compressed later comes out as it would have at once, however it falls into blocks.</summary>
public sealed class TextCompressionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WritesWhatWasQueued(bool isCompressed)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        List<byte[]> texts = [.. Enumerable.Range(0, 300).Select(i => SampleText(random, i))];
        using var heap = new Heap();
        var memories = new SnapshotMemories(heap, new PinnedBlocks(heap));
        SnapshotMemory memory = memories.Take();
        var pipe = new BlockPipe(memory);
        AsideBlocks? aside = null;
        for (int i = 0; i < texts.Count; i++)
        {
            aside ??= random.Next(10) == 0 ? new AsideBlocks(memory.Aside) : null;
            var writer = new RdbWriter(aside is null ? pipe : aside, isCompressed);
            writer.Fixed64((ulong)i);
            if (texts[i].Length > 20 && random.Next(2) == 0)
            {
                writer.BeginString(texts[i].Length);
                writer.Raw(texts[i].AsSpan(0, texts[i].Length / 2));
                if (aside is not null)
                {
                    pipe.Append(aside);
                    aside = null;
                    writer = new RdbWriter(pipe, isCompressed);
                }
                writer.Raw(texts[i].AsSpan(texts[i].Length / 2));
            }
            else
            {
                writer.String(texts[i]);
            }
            if (aside is not null && random.Next(3) == 0)
            {
                pipe.Append(aside);
                aside = null;
            }
        }
        if (aside is not null)
        {
            pipe.Append(aside);
        }
        pipe.Complete();
        byte[] bytes = Written(pipe);

        var reader = new RdbReader(bytes, new RdbScratch(), int.MaxValue);
        for (int i = 0; i < texts.Count; i++)
        {
            Assert.Equal((ulong)i, reader.Fixed64());
            Assert.True(reader.Text().SequenceEqual(texts[i]), $"text {i} of {texts[i].Length} bytes");
        }
        pipe.Dispose();
        Assert.Equal(0, memory.Aside.UsedBytes);
        memory.Aside.Dispose();
        Assert.True(reader.IsAtEnd && !reader.HasFailed);
        Assert.Equal(isCompressed, bytes.Length < texts.Sum(text => text.Length) * 9 / 10);
    }

    private static byte[] Written(BlockPipe pipe)
    {
        var target = new ArrayBufferWriter<byte>();
        foreach (ReadOnlyMemory<byte> bytes in new TextCompression().Encode(pipe.Blocks()))
        {
            target.Write(bytes.Span);
        }
        return target.WrittenSpan.ToArray();
    }

    private static byte[] SampleText(Random random, int index)
    {
        byte[] text = new byte[index == 7 ? 5_000_000 : random.Next(random.Next(4) == 0 ? 200_000 : 100)];
        random.NextBytes(text);
        if (random.Next(2) == 0)
        {
            text.AsSpan().Fill((byte)'x');
        }
        return text;
    }
}
