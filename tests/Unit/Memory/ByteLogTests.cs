using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Memory;

/// <summary>A log shows each reader its bytes, once and in their order, and keeps no more than somebody needs.</summary>
public sealed class ByteLogTests : IDisposable
{
    private const int BlockSize = 64;
    private const int Room = BlockSize - ByteLogBlock.HeaderSize;

    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void ABlockIsItsHeader() => Assert.Equal(ByteLogBlock.HeaderSize, Unsafe.SizeOf<ByteLogBlock>());

    [Fact]
    public void WhatIsNotPublishedIsNotShown()
    {
        using ByteLog log = new(_heap, BlockSize, start: 1000);
        ByteLogReader reader = log.ReadFrom(1000);
        log.Append("abc"u8);
        Assert.Equal((1000, 1003, 1000), (log.Start, log.End, log.PublishedEnd));
        Assert.Equal(0, reader.ReadableCount);
        log.Publish();
        Assert.Equal("abc"u8.ToArray(), Read(reader, sizeMax: 100));
        Assert.Equal(1003, reader.Position);
        log.Forget(reader);
    }

    [Fact]
    public void AReaderAtTheEndOfAFullBlockGoesOnInTheNext()
    {
        using ByteLog log = new(_heap, BlockSize, start: 0);
        ByteLogReader reader = log.ReadFrom(0);
        log.Append(new byte[Room]);
        log.Publish();
        Assert.Equal(Room, Read(reader, 1000).Length);
        log.Append("x"u8);
        log.Publish();
        log.Trim(keptSize: 0);
        Assert.Equal(0, log.Start);
        Assert.Equal("x"u8.ToArray(), Read(reader, 1000));
        log.Trim(keptSize: 0);
        Assert.Equal(Room, log.Start);
        log.Forget(reader);
    }

    [Fact]
    public void TheLastBytesStay()
    {
        using ByteLog log = new(_heap, BlockSize, start: 0);
        log.Append(new byte[10 * Room]);
        log.Publish();
        log.Trim(keptSize: (3 * Room) + 1);
        Assert.Equal(6 * Room, log.Start);
        log.Trim(keptSize: 0);
        Assert.Equal(9 * Room, log.Start);
        Assert.Equal(_heap.UsedBytes, log.UsedBytes);
    }

    [Fact]
    public void ItIsReadFromEveryPositionThatIsThere()
    {
        using ByteLog log = new(_heap, BlockSize, start: 7);
        byte[] bytes = [.. Enumerable.Range(0, 3 * Room).Select(static i => (byte)i)];
        log.Append(bytes);
        log.Publish();
        for (int i = 0; i <= bytes.Length; i++)
        {
            ByteLogReader reader = log.ReadFrom(7 + i);
            Assert.Equal(bytes[i..], Read(reader, 10_000));
            log.Forget(reader);
        }
    }

    [Fact]
    public async Task ReadersOnOtherThreadsSeeWhatWasWritten()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Random random = new(seed);
        const long Size = 2_000_000;
        using ByteLog log = new(_heap, 256, start: 5);
        ByteLogReader[] readers = [.. Enumerable.Range(0, 3).Select(_ => log.ReadFrom(5))];
        Task<bool>[] readings = [.. readers.Select((reader, i) => Task.Run(() => ReadsAll(reader, Size, new Random(seed + i))))];
        byte[] piece = new byte[700];
        for (long position = 5; position < 5 + Size;)
        {
            int size = (int)Math.Min(random.Next(1, piece.Length), 5 + Size - position);
            for (int i = 0; i < size; i++)
            {
                piece[i] = ByteAt(position + i);
            }
            log.Append(piece.AsSpan(0, size));
            position += size;
            if (random.Next(3) == 0)
            {
                log.Publish();
                log.Trim(random.Next(1000));
            }
        }
        log.Publish();
        foreach (Task<bool> reading in readings)
        {
            Assert.True(await reading, $"seed {seed}");
        }
        foreach (ByteLogReader reader in readers)
        {
            log.Forget(reader);
        }
        log.Trim(keptSize: 0);
        Assert.True(log.UsedBytes <= 2 * 256, $"{log.UsedBytes} bytes are left");
    }

    private static bool ReadsAll(ByteLogReader reader, long size, Random random)
    {
        long end = reader.Position + size;
        bool isRight = true;
        while (reader.Position < end)
        {
            long position = reader.Position;
            foreach (byte read in Read(reader, random.Next(1, 3000), random.Next(1, 5)))
            {
                isRight &= read == ByteAt(position++);
            }
        }
        return isRight;
    }

    private static byte ByteAt(long position) => (byte)((position * 31) ^ (position >> 8));

    private static byte[] Read(ByteLogReader reader, int sizeMax, int pieceCountMax = 8)
    {
        IoVector[] pieces = new IoVector[pieceCountMax];
        int count = reader.Peek(pieces, sizeMax, out int size);
        byte[] bytes = [.. pieces.Take(count).SelectMany(static piece => Native.Bytes(piece.Address, (int)piece.Size).ToArray())];
        Assert.Equal(size, bytes.Length);
        reader.Take(size);
        return bytes;
    }
}
