using Bixbite.Memory;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>Each way to address space, and one that counts in pages as large as those of other systems.</summary>
public sealed class AddressSpaceTests
{
    private const long Alignment = 64L << 20;
    private const int Step = 4096;

    public static TheoryData<string> Ways { get; } = OperatingSystem.IsWindows()
        ? ["windows"]
        : ["linux", "posix", "posix with pages of 16 KiB", "linux with pages of 64 KiB"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_mapping_is_aligned_and_reads_as_zero(string way)
    {
        AddressSpace space = Of(way);
        ulong address = space.Reserve(5 * Step, Alignment, isAccessible: true);
        Assert.NotEqual(0UL, address);
        Assert.Equal(0UL, address % (ulong)Alignment);
        Assert.False(Native.Bytes(address, 5 * Step).ContainsAnyExcept((byte)0));
        Native.Bytes(address, 5 * Step).Fill(1);
        Assert.True(space.Release(address, 5 * Step));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Discarded_parts_read_as_zero_and_others_stay(string way)
    {
        AddressSpace space = Of(way);
        const int Count = 64;
        ulong address = space.Reserve(Count * Step, Alignment, isAccessible: true);
        for (int start = 0; start < 20; start += 3)
        {
            for (int length = 1; length < 40; length += 6)
            {
                Span<byte> bytes = Native.Bytes(address, Count * Step);
                bytes.Fill(1);
                Assert.True(space.Discard(address + (ulong)(start * Step), length * Step));
                Assert.False(bytes.Slice(start * Step, length * Step).ContainsAnyExcept((byte)0));
                Assert.False(bytes[..(start * Step)].ContainsAnyExcept((byte)1));
                Assert.False(bytes[((start + length) * Step)..].ContainsAnyExcept((byte)1));
            }
        }
        Assert.True(space.Release(address, Count * Step));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Content_outlives_resizing_and_what_comes_anew_is_zero(string way)
    {
        AddressSpace space = Of(way);
        Random random = new(7);
        long size = 3 * Step;
        ulong address = space.Reserve(size, Alignment, isAccessible: true);
        Native.Bytes(address, (int)size).Fill(1);
        for (int i = 0; i < 60; i++)
        {
            long newSize = random.Next(1, 3000) * (long)Step;
            address = space.Resize(address, size, newSize, Alignment);
            Assert.NotEqual(0UL, address);
            Assert.Equal(0UL, address % (ulong)Alignment);
            Span<byte> bytes = Native.Bytes(address, (int)newSize);
            Assert.False(bytes[..(int)Math.Min(size, newSize)].ContainsAnyExcept((byte)1), $"resize {i}");
            Assert.False(bytes[(int)Math.Min(size, newSize)..].ContainsAnyExcept((byte)0), $"resize {i}");
            bytes.Fill(1);
            size = newSize;
        }
        Assert.True(space.Release(address, size));
    }

    /// <summary>What stands behind a mapping keeps it from growing where it is.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_mapping_with_a_neighbour_moves(string way)
    {
        AddressSpace space = Of(way);
        long large = Alignment;
        ulong first = space.Reserve(large, Alignment, isAccessible: true);
        ulong second = space.Reserve(large, Alignment, isAccessible: true);
        Native.Bytes(first, 10).Fill(1);
        Native.Bytes(second, 10).Fill(2);
        Native.Bytes(second + (ulong)large - 10, 10).Fill(3);
        first = space.Resize(first, large, 3 * large, Alignment);
        second = space.Resize(second, large, 3 * large, Alignment);
        Assert.False(Native.Bytes(first, 10).ContainsAnyExcept((byte)1));
        Assert.False(Native.Bytes(second, 10).ContainsAnyExcept((byte)2));
        Assert.False(Native.Bytes(second + (ulong)large - 10, 10).ContainsAnyExcept((byte)3));
        Assert.Equal(0, Native.At<byte>(first + (ulong)(3 * large) - 1));
        Assert.True(space.Release(first, 3 * large));
        Assert.True(space.Release(second, 3 * large));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_shortened_mapping_keeps_its_start(string way)
    {
        AddressSpace space = Of(way);
        ulong address = space.Reserve(100 * Step, Alignment, isAccessible: true);
        Native.Bytes(address, 100 * Step).Fill(1);
        for (int steps = 99; steps > 0; steps -= 7)
        {
            Assert.True(space.Shorten(address, (steps + 1) * Step, steps * Step));
            Assert.False(Native.Bytes(address, steps * Step).ContainsAnyExcept((byte)1));
        }
        Assert.True(space.Release(address, 2 * Step));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_closed_can_be_opened_again_and_is_empty(string way)
    {
        AddressSpace space = Of(way);
        long page = space.PageSize;
        ulong address = space.Reserve(10 * page, Alignment, isAccessible: false);
        Assert.True(space.Open(address, 2 * page));
        Native.Bytes(address, (int)(2 * page)).Fill(1);
        Assert.True(space.Close(address, page));
        Assert.True(space.Open(address, page));
        Assert.False(Native.Bytes(address, (int)page).ContainsAnyExcept((byte)0));
        Assert.False(Native.Bytes(address + (ulong)page, (int)page).ContainsAnyExcept((byte)1));
        Assert.True(space.Release(address, 10 * page));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Too_much_is_refused(string way) => Assert.Equal(0UL, Of(way).Reserve(1L << 60, Alignment, isAccessible: true));

    private static AddressSpace Of(string way) => way switch
    {
        "windows" => new WindowsAddressSpace(Environment.SystemPageSize),
        "linux" => new LinuxAddressSpace(Environment.SystemPageSize),
        "posix" => new PosixAddressSpace(Environment.SystemPageSize),
        "linux with pages of 64 KiB" => new LinuxAddressSpace(64 * 1024),
        _ => new PosixAddressSpace(16 * 1024),
    };
}
