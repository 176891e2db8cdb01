using Bixbite.Net.Channels;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

public sealed class PipeBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ItIsAQueueOfBytes(int seed)
    {
        Random random = new(seed);
        PipeBuffer buffer = new();
        Queue<byte> model = new();
        byte next = 0;
        for (int step = 0; step < 20_000; step++)
        {
            byte[] bytes = new byte[random.Next(6) == 0 ? random.Next(1, 100_000) : random.Next(1, 300)];
            if (random.Next(2) == 0)
            {
                for (int index = 0; index < bytes.Length; index++)
                {
                    bytes[index] = (byte)(next + index);
                }
                Transfer written = buffer.Write(bytes, null);
                Assert.Equal(Math.Min(bytes.Length, PipeBuffer.SizeMax - model.Count), written.Count);
                Assert.Equal(written.Count < bytes.Length ? ChannelNext.Writable : ChannelNext.Ready, written.Next);
                foreach (byte value in bytes.AsSpan(0, written.Count))
                {
                    model.Enqueue(value);
                }
                next += (byte)written.Count;
            }
            else
            {
                Transfer read = buffer.Read(bytes, null);
                Assert.Equal(Math.Min(bytes.Length, model.Count), read.Count);
                for (int index = 0; index < read.Count; index++)
                {
                    Assert.Equal(model.Dequeue(), bytes[index]);
                }
                Assert.Equal(model.Count > 0 ? ChannelNext.Ready : ChannelNext.Readable, read.Next);
            }
        }
    }

    [Fact]
    public void AReaderIsToldOnceOfBytesAndOfTheEnd()
    {
        PipeBuffer buffer = new();
        int told = 0;
        Assert.Equal(new Transfer(0, ChannelNext.Readable), buffer.Read(new byte[1], () => told++));
        buffer.Write("ab"u8, null);
        buffer.Write("c"u8, null);
        Assert.Equal(1, told);
        Assert.Equal(new Transfer(3, ChannelNext.Readable), buffer.Read(new byte[9], () => told++));
        buffer.End();
        Assert.Equal(2, told);
        Assert.Equal(Transfer.Ended, buffer.Read(new byte[1], () => told++));
        Assert.Equal(Transfer.Failed, buffer.Write("d"u8, null));
    }

    [Fact]
    public void WhatWasWrittenBeforeTheEndIsRead()
    {
        PipeBuffer buffer = new();
        buffer.Write("abc"u8, null);
        buffer.End();
        Assert.Equal(new Transfer(2, ChannelNext.Ready), buffer.Read(new byte[2], null));
        Assert.Equal(new Transfer(1, ChannelNext.Ready), buffer.Read(new byte[2], null));
        Assert.Equal(Transfer.Ended, buffer.Read(new byte[2], null));
    }

    [Fact]
    public void AWriterIsToldWhenHalfOfTheRoomIsFree()
    {
        PipeBuffer buffer = new();
        int told = 0;
        Assert.Equal(new Transfer(PipeBuffer.SizeMax, ChannelNext.Writable), buffer.Write(new byte[100_000], () => told++));
        buffer.Read(new byte[PipeBuffer.SizeMax / 2 - 1], null);
        Assert.Equal(0, told);
        buffer.Read(new byte[1], null);
        Assert.Equal(1, told);
    }

    [Fact]
    public void WhenNobodyReadsAnyMoreTheWriterIsTold()
    {
        PipeBuffer buffer = new();
        int told = 0;
        buffer.Write(new byte[100_000], () => told++);
        buffer.Break();
        Assert.Equal(1, told);
        Assert.Equal(Transfer.Failed, buffer.Write("a"u8, null));
        Assert.Equal(Transfer.Failed, buffer.Read(new byte[1], null));
    }
}
