using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>A client that caches what its scripts read is told of the keys that Redis 7.0.15 tells it of.</summary>
public sealed class ScriptTrackingTests
{
    private static readonly string[] s_scripts =
    [
        "EVAL_RO \"return redis.call('get',KEYS[1])\" 1 a", "EVAL \"return redis.call('get',KEYS[1])\" 2 b c", "EVAL_RO \"return 1\" 1 d",
        "EVAL \"return redis.call('set',KEYS[1],'v')\" 1 e", "EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1 f",
        "EVAL \"redis.call('get',KEYS[1]) return redis.call('nosuch')\" 1 g", "MULTI",
        "EVAL_RO \"return redis.call('get',KEYS[1])\" 1 h", "EXEC",
    ];

    [Fact]
    public void KeysOfScriptsAreTrackedAlike()
    {
        using RedisPeer redis = RedisPeer.Start();
        using TestServer server = TestServer.Start();
        Assert.Equal(Play(redis.Connect(), redis.Connect()), Play(server.Connect(), server.Connect()));
    }

    private static List<string> Play(RespConnection reader, RespConnection writer)
    {
        using (reader)
        using (writer)
        {
            reader.Call("HELLO 3");
            reader.Call("CLIENT TRACKING ON");
            List<string> heard = [.. s_scripts.Select(script => Encoding.Latin1.GetString(reader.CallRaw(script)))];
            foreach (char key in "abcdefgh")
            {
                writer.Call($"SET {key} new");
                for (string line = Next(reader); line != "+PONG\r\n"; line = Encoding.Latin1.GetString(reader.ReadRaw()))
                {
                    heard.Add($"{key}: {line}");
                }
            }
            return heard;
        }
    }

    private static string Next(RespConnection reader) => Encoding.Latin1.GetString(reader.CallRaw("PING"));
}
