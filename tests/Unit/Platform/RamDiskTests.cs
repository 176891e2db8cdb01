using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>Files in memory are as those of a disk to whoever uses them.</summary>
public sealed class RamDiskTests
{
    private readonly RamDisk _disk = new();

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        byte[] content = new byte[200_000];
        new Random(1).NextBytes(content);
        Assert.Equal(0, _disk.Create("folder/file", out IDiskFile? file));
        foreach (byte[] piece in content.Chunk(7001))
        {
            Assert.Equal(0, file!.Write(piece));
        }
        Assert.Equal(content.Length, file!.Length);
        Assert.Equal(0, _disk.Open("folder/file", out IDiskFile? reader));
        Assert.Equal(content, ReadAll(reader!));
        Span<byte> some = new byte[100];
        Assert.Equal(100, reader!.Read(70_000, some));
        Assert.True(content.AsSpan(70_000, 100).SequenceEqual(some));
        Assert.Equal(0, reader.Read(content.Length, some));
        Assert.Equal(0, file.Truncate(65_536));
        Assert.Equal(0, file.Write([1, 2, 3]));
        Assert.Equal(0, _disk.Append("folder/file", out IDiskFile? appender));
        Assert.Equal(0, appender!.Write([4]));
        Assert.Equal(0, _disk.Open("folder/file", out reader));
        Assert.Equal([.. content[..65_536], 1, 2, 3, 4], ReadAll(reader!));
    }

    [Fact]
    public void NamesAreThoseOfADisk()
    {
        Assert.Equal(-Errno.ENOENT, _disk.Open("a", out IDiskFile? none));
        Assert.Null(none);
        Assert.Equal(-Errno.ENOENT, _disk.Delete("a"));
        Assert.Equal(-Errno.ENOENT, _disk.Rename("a", "b"));
        _disk.Create("a", out IDiskFile? first);
        first!.Write("first"u8);
        _disk.Create("b", out IDiskFile? second);
        second!.Write("second"u8);
        Assert.Equal(0, _disk.CreateFolder("folder"));
        _disk.Append("folder/c", out _);
        Assert.Equal(["a", "b"], _disk.List(".").Order());
        Assert.Equal(["c"], _disk.List("folder/"));
        Assert.Equal(0, _disk.Rename("a", "b"));
        Assert.False(_disk.Exists("a"));
        Assert.True(_disk.Exists(Path.GetFullPath("b")));
        _disk.Open("b", out IDiskFile? reader);
        // It lives on for those who have it open.
        Assert.Equal("second"u8.ToArray(), ReadAll(second));
        Assert.Equal(0, _disk.Delete("b"));
        Assert.Equal("first"u8.ToArray(), ReadAll(reader!));
        Assert.Equal(["c"], _disk.List("folder"));
        Assert.Empty(_disk.List("."));
    }

    private static byte[] ReadAll(IDiskFile file)
    {
        using MemoryStream all = new();
        byte[] piece = new byte[9000];
        while (file.Read(piece) is > 0 and int count)
        {
            all.Write(piece, 0, count);
        }
        return all.ToArray();
    }
}
