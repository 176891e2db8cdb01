using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Lua;

/// <summary>A redis-server of its own that runs programs by EVAL. It stops when this is disposed.</summary>
internal sealed class RedisScripts : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bixbite-lua-");
    private readonly Process _process;
    private readonly NetworkStream _stream;

    public RedisScripts()
    {
        string path = Path.Combine(_folder.FullName, "s");
        string[] settings = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", _folder.FullName];
        _process = Process.Start(new ProcessStartInfo("redis-server", settings) { RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        while (!TryConnect(socket, path))
        {
            Thread.Sleep(10);
        }
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Processor seconds that a program takes.</summary>
    public double Run(string source)
    {
        int length = Encoding.Latin1.GetByteCount(source);
        byte[] request = Encoding.Latin1.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"*3\r\n$4\r\nEVAL\r\n${length}\r\n{source}\r\n$1\r\n0\r\n"));
        double before = ProcessorSeconds();
        _stream.Write(request);
        string reply = ReadLine();
        return reply == "$-1" ? ProcessorSeconds() - before : throw new InvalidOperationException($"{reply}: {source}");
    }

    public void Dispose()
    {
        _stream.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool TryConnect(Socket socket, string path)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Of the thread that runs scripts.</summary>
    private double ProcessorSeconds() =>
        double.Parse(File.ReadAllText($"/proc/{_process.Id}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;

    private string ReadLine()
    {
        StringBuilder line = new();
        while (line.Length < 2 || line[^1] != '\n')
        {
            line.Append((char)_stream.ReadByte());
        }
        return line.ToString(0, line.Length - 2);
    }
}
