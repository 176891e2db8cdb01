using System.Reflection;
using System.Runtime.InteropServices;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class ErrnoTests
{
    [Fact]
    public void TextsAreThoseOfTheGnuLibrary()
    {
        foreach (FieldInfo number in typeof(Errno).GetFields().Where(field => field.IsLiteral))
        {
            int errno = (int)number.GetRawConstantValue()!;
            Assert.Equal(Marshal.GetPInvokeErrorMessage(errno), Errno.KnownText(errno));
            Assert.Equal(Errno.KnownText(errno), Errno.Text(errno));
        }
        Assert.Equal("Unknown error 12345", Errno.KnownText(12345));
    }

    [Theory]
    [InlineData(0x80070020, Errno.EAGAIN)]
    [InlineData(0x80070070, Errno.ENOSPC)]
    [InlineData(0x80070005, Errno.EACCES)]
    [InlineData(0x80070002, Errno.ENOENT)]
    [InlineData(0x8007FFFF, Errno.EIO)]
    [InlineData(28, Errno.ENOSPC)]
    [InlineData(0x80131620, Errno.EIO)]
    public void NumbersOfOtherSystemsAreTranslated(uint result, int errno) => Assert.Equal(errno, Errno.OfHResult((int)result));

    [Fact]
    public void WhatTheFrameworkThrowsHasTheKernelsNumber()
    {
        string folder = Directory.CreateTempSubdirectory("bixbite-").FullName;
        try
        {
            string file = Path.Combine(folder, "file");
            File.WriteAllText(file, "");
            Assert.Equal(Errno.ENOENT, Thrown(() => File.ReadAllBytes(Path.Combine(folder, "none"))));
            Assert.Equal(Errno.ENOENT, Thrown(() => File.ReadAllBytes(Path.Combine(folder, "none/none"))));
            Assert.Equal(Errno.EEXIST, Thrown(() => File.Open(file, FileMode.CreateNew).Dispose()));
            Assert.Equal(Errno.ENAMETOOLONG, Thrown(() => File.ReadAllBytes(Path.Combine(folder, new string('a', 300)))));
            // The kernel says ENOTDIR; .NET does not tell the two apart.
            Assert.Equal(Errno.ENOENT, Thrown(() => File.ReadAllBytes(Path.Combine(file, "below"))));
            Assert.Equal(Errno.EACCES, Thrown(() => File.WriteAllText(folder, "")));
            Assert.Equal(Errno.ENOSPC, Thrown(() => File.WriteAllText("/dev/full", "full")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Thrown(Action action)
    {
        Exception failure = Record.Exception(action)!;
        Assert.True(Errno.IsOfFiles(failure), failure.ToString());
        return Errno.Of(failure);
    }
}
