using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Lua;

/// <summary>
/// A redis-server whose scripts have the libraries to compare with. Its socket lies in a folder of its own; both go when it is disposed.
/// Tests skip where it is not installed.
/// </summary>
internal sealed class ReferenceRedis : IDisposable
{
    private const string Name = "redis-server";

    /// <summary>A script must end within this time.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromMinutes(5);

    private static readonly bool s_isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, Name)));

    /// <summary>Before each program, on its first line: what a script may not set as a global.</summary>
    private const string Prelude = """
        local out = {}
        local function text(v)
          if type(v) == 'number' then return v ~= v and 'nan' or string.format('%.17g', v) end
          if type(v) == 'string' then return (v:gsub('.', function(c) return string.format('%02x', c:byte()) end)) end
          return type(v) == 'boolean' and tostring(v) or type(v)
        end
        local function show(...)
          local line = {}
          for i = 1, select('#', ...) do line[i] = text((select(i, ...))) end
          out[#out + 1] = table.concat(line, ' ')
        end
        local function hex(s) return (s:gsub('..', function(h) return string.char(tonumber(h, 16)) end)) end

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bixbite-lua-");
    private readonly Process _process;
    private readonly NetworkStream _stream;

    public ReferenceRedis()
    {
        Assert.SkipUnless(s_isInstalled, $"{Name} is not installed.");
        string path = Path.Combine(_folder.FullName, "s");
        _process = Process.Start(new ProcessStartInfo(Name, ["--port", "0", "--unixsocket", path, "--save", "", "--dir", _folder.FullName])
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        while (!File.Exists(path) || !TryConnect(socket, path))
        {
            Assert.False(_process.HasExited, $"{Name} did not start.");
            Thread.Sleep(10);
        }
        _stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)s_timeMax.TotalMilliseconds };
    }

    /// <summary>The lines that a program shows.</summary>
    public string[] Run(string program)
    {
        string script = Prelude.ReplaceLineEndings(" ") + program + "\nreturn table.concat(out, '\\n')";
        _stream.Write(Encoding.Latin1.GetBytes(
            $"*3\r\n$4\r\nEVAL\r\n${script.Length.ToString(CultureInfo.InvariantCulture)}\r\n{script}\r\n$1\r\n0\r\n"));
        string head = ReadLine();
        Assert.True(head.StartsWith('$'), head);
        byte[] reply = new byte[int.Parse(head.AsSpan(1), CultureInfo.InvariantCulture) + 2];
        _stream.ReadExactly(reply);
        return Encoding.Latin1.GetString(reply, 0, reply.Length - 2).Split('\n');
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

    private string ReadLine()
    {
        StringBuilder line = new();
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            line.Append((char)_stream.ReadByte());
        }
        return line.ToString(0, line.Length - 2);
    }
}
