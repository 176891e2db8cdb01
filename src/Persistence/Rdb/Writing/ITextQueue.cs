using System.Buffers;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>A target that compresses later what is long: see <see cref="RdbWriter"/>.</summary>
internal interface ITextQueue : IBufferWriter<byte>
{
    /// <summary>The next so many bytes, written like any others, are one string, which is to be written in its shortest form.</summary>
    public void BeginText(long length);
}
