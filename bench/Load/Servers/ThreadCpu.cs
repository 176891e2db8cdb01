using System.Buffers.Text;
using Bixbite.Load.Client;
using Microsoft.Win32.SafeHandles;

namespace Bixbite.Load.Servers;

/// <summary>
/// The processor time of the thread of a server that executes commands, cheap enough to read after every batch. It tells work of the server
/// from time in which the machine did something else.
/// </summary>
internal sealed class ThreadCpu : IDisposable
{
    private const int ProbeCount = 20_000;

    private readonly SafeFileHandle _file;

    private ThreadCpu(string path) => _file = File.OpenHandle(path);

    /// <summary>Finds the thread by giving the server something to do.</summary>
    public static ThreadCpu OfBusiest(int processId, PipeConnection connection)
    {
        string[] paths = Directory.GetDirectories($"/proc/{processId}/task").Select(folder => $"{folder}/schedstat").ToArray();
        long[] before = paths.Select(ReadOnce).ToArray();
        for (int i = 0; i < ProbeCount; i++)
        {
            connection.Send("*1\r\n$4\r\nPING\r\n"u8);
            connection.ReadReplies(1);
        }

        long[] spent = paths.Select(ReadOnce).Zip(before, (after, earlier) => after - earlier).ToArray();
        return new ThreadCpu(paths[Array.IndexOf(spent, spent.Max())]);
    }

    /// <summary>Nanoseconds on a processor since the thread began; the first number of its schedstat.</summary>
    public long Nanoseconds() => Read().OnProcessor;

    /// <summary>The same, and the nanoseconds in which it was ready to run and something else ran.</summary>
    public (long OnProcessor, long Waiting) Read()
    {
        Span<byte> text = stackalloc byte[64];
        int length = RandomAccess.Read(_file, text, fileOffset: 0);
        return Utf8Parser.TryParse(text[..length], out long ran, out int size)
            && Utf8Parser.TryParse(text[(size + 1)..length], out long waited, out _)
                ? (ran, waited)
                : throw new IOException("the server's thread has ended");
    }

    public void Dispose() => _file.Dispose();

    private static long ReadOnce(string path)
    {
        using ThreadCpu thread = new(path);
        return thread.Nanoseconds();
    }
}
