namespace Bixbite.Platform;

/// <summary>Bytes to the process' standard output, at once. Any thread, one at a time.</summary>
public static class StandardOutput
{
    private const int Descriptor = 1;

    private static readonly Lazy<Stream> s_stream = new(Console.OpenStandardOutput);

    /// <summary>Writes all bytes; what nobody takes is lost.</summary>
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        if (Portability.IsOn)
        {
            WriteToStream(bytes);
            return;
        }
        while (!bytes.IsEmpty)
        {
            long count = Files.write(Descriptor, bytes);
            if (count == -Errno.EINTR)
            {
                continue;
            }
            if (count <= 0)
            {
                return;
            }
            bytes = bytes[(int)count..];
        }
    }

    private static void WriteToStream(ReadOnlySpan<byte> bytes)
    {
        try
        {
            s_stream.Value.Write(bytes);
        }
        catch (IOException)
        {
            // As with a descriptor that is closed.
        }
    }
}
