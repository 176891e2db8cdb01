using System.Diagnostics;
using System.Text;

namespace Bixbite.Lua;

/// <summary>The reference implementation as Debian installs it (package lua5.1), to compare with. Tests skip where it is missing.</summary>
internal static class ReferenceLua
{
    private const string Name = "lua5.1";

    /// <summary>It gets no more memory than this, in kilobytes, and must end within this time: a program that needs more fails.</summary>
    private const string MemoryMax = "2000000";
    private static readonly TimeSpan s_timeMax = TimeSpan.FromMinutes(5);

    private static readonly bool s_isInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, Name)));

    /// <summary>Prepended to scripts on their first line: <c>show</c> writes a line that tells values apart to the bit.</summary>
    private const string Prelude = """
        local function text(v)
          if type(v) == 'number' then return v ~= v and 'nan' or string.format('%.17g', v) end
          if type(v) == 'string' then return (v:gsub('.', function(c) return string.format('%02x', c:byte()) end)) end
          return type(v) == 'boolean' and tostring(v) or type(v)
        end
        function show(...)
          local line = {}
          for i = 1, select('#', ...) do line[i] = text((select(i, ...))) end
          io.write(table.concat(line, ' '), '\n')
        end
        function hex(s) return (s:gsub('..', function(h) return string.char(tonumber(h, 16)) end)) end

        """;

    /// <summary>The lines that a program prints.</summary>
    public static string[] Run(string program)
    {
        Assert.SkipUnless(s_isInstalled, $"{Name} is not installed.");
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo("sh", ["-c", $"ulimit -v {MemoryMax}; exec {Name} -"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = Encoding.Latin1,
                StandardOutputEncoding = Encoding.Latin1,
            },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(Prelude.ReplaceLineEndings(" "));
        process.StandardInput.Write(program);
        process.StandardInput.Close();
        if (!output.Wait(s_timeMax))
        {
            process.Kill();
            Assert.Fail($"A program does not end:\n{program}");
        }
        string text = output.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text.Split('\n')[..^1];
    }

    /// <summary>Bytes as <c>show</c> writes a string.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
