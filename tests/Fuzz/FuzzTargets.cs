using Bixbite.Fuzz.Targets;
using Bixbite.Fuzz.Targets.Http;
using Bixbite.Fuzz.Targets.Replication;

namespace Bixbite.Fuzz;

/// <summary>
/// Every parser of untrusted bytes and every packed structure has a line here; the smoke test, the command line and afl++ find it by
/// its name.
/// </summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("request-parser", RequestParserTarget.Run, RequestParserTarget.Seeds, SmokeIterations: 3000),
        new("reply-reader", ReplyReaderTarget.Run, ReplyReaderTarget.Seeds, SmokeIterations: 3000),
        new("printed-reply", PrintedReplyTarget.Run, ReplyReaderTarget.Seeds, SmokeIterations: 3000),
        new("quoted-words", QuotedWordsTarget.Run, FuzzTarget.Text("set \"a b\" 'c d' \"\\x41\\n\" plain", "'it\\'s' \"q\\\"\"", " \t\v ")),
        new("bus-frame", BusTarget.Run, BusTarget.Seeds),
        new("raft-request", RaftRequestTarget.Run, RaftRequestTarget.Seeds),
        new("config-lines", ConfigLinesTarget.Run, ConfigLinesTarget.Seeds, SmokeIterations: 1000),
        new("glob", GlobTarget.Run, FuzzTarget.Text("h?llo*[a-z]\\*\0hello world", "*a*b*c*\0aaabbbccc", "[^x-]\\\0y")),
        new("heap", HeapTarget.Run, HeapTarget.Seeds, SmokeIterations: 500),
        new("hash-index", HashIndexTarget.Run, HashIndexTarget.Seeds, SmokeIterations: 200),
        new("counted-tree", CountedTreeTarget.Run, CountedTreeTarget.Seeds, SmokeIterations: 500),
        new("lzf", LzfTarget.Run, FuzzTarget.Text("aaaaaaaaaaaaaaaaaaaa", "\x05hello!\xe0\x10\x00"), SmokeIterations: 5000),
        new("hyperloglog", HyperLogLogTarget.Run, HyperLogLogTarget.Seeds, SmokeIterations: 2000),
        new("listpack", ListpackTarget.Run, ListpackTarget.Seeds, SmokeIterations: 5000),
        new("intset", IntsetTarget.Run, IntsetTarget.Seeds, SmokeIterations: 5000),
        new("stream-value", StreamValueTarget.Run, StreamValueTarget.Seeds, SmokeIterations: 5000),
        new("record-payload", RecordPayloadTarget.Run, RecordPayloadTarget.Seeds, SmokeIterations: 3000),
        new(
            "library-header", LibraryHeaderTarget.Run,
            FuzzTarget.Text("#!lua name=lib\nreturn", "#!lua \"name=\\x61\" name=b\n", "#!LUA x\n")),
        new("dump-payload", DumpPayloadTarget.Run, DumpPayloadTarget.Seeds),
        new("aof-manifest", AofManifestTarget.Run, AofManifestTarget.Seeds, SmokeIterations: 3000),
        new("aof-load", AofLoadTarget.Run, AofLoadTarget.Seeds, SmokeIterations: 2000),
        new("rdb-file", RdbFileTarget.Run, RdbFileTarget.Seeds, SmokeIterations: 1000),
        new("debug-input", DebugInputTarget.Run, DebugInputTarget.Seeds, SmokeIterations: 3000),
        new("lua-source", LuaSourceTarget.Run, LuaSourceTarget.Seeds, SmokeIterations: 1500),
        new("lua-pattern", LuaPatternTarget.Run, LuaPatternTarget.Seeds),
        new("lua-format", LuaFormatTarget.Run, FuzzTarget.Text("%5.2f %s\0", "%-#08.3x|%q%c", "%+ d%%%99.99g"), SmokeIterations: 5000),
        new("lua-json", LuaLibraryTarget.Json, LuaLibraryTarget.JsonSeeds, SmokeIterations: 5000),
        new("lua-message-pack", LuaLibraryTarget.MessagePack, LuaLibraryTarget.MessagePackSeeds, SmokeIterations: 5000),
        new("lua-struct", LuaLibraryTarget.Struct, FuzzTarget.Text("<i4!8dbc0\0abcdefgh", ">I2sxf\0abc"), SmokeIterations: 5000),
        new("tls-handshake", TlsTarget.Handshake, TlsTarget.HandshakeSeeds, SmokeIterations: 3000),
        new("tls-records", TlsTarget.Records, TlsTarget.RecordSeeds, SmokeIterations: 500),
        new("rdb-value", RdbValueTarget.Run, RdbValueTarget.Seeds, SmokeIterations: 5000),
        new("acl-rules", AclTarget.Rules, AclTarget.Seeds, SmokeIterations: 5000),
        new("primary-conversation", PrimaryTarget.Run, PrimaryTarget.Seeds, SmokeIterations: 1000),
        new("replica-conversation", ReplicaTarget.Run, ReplicaTarget.Seeds, SmokeIterations: 1000),
        new("http-request", HttpRequestTarget.Run, HttpRequestTarget.Seeds, SmokeIterations: 1000),
        new("websocket", WebSocketTarget.Run, WebSocketTarget.Seeds, SmokeIterations: 5000),
        new("cluster-document", ClusterDocumentTarget.Run, ClusterDocumentTarget.Seeds, SmokeIterations: 3000),
        new("acl-file", AclTarget.File, AclTarget.FileSeeds, SmokeIterations: 5000),
    ];

    /// <summary>Wrong on purpose: fails for any input with a zero between two equal bytes. A fuzzer that misses it is broken.</summary>
    public static FuzzTarget Canary { get; } = new("canary", Sing, FuzzTarget.Text("hello", "world"));

    public static FuzzTarget? Find(string name) => All.Append(Canary).FirstOrDefault(target => target.Name == name);

    private static void Sing(ReadOnlySpan<byte> input)
    {
        for (int index = 1; index + 1 < input.Length; index++)
        {
            if (input[index] == 0 && input[index - 1] == input[index + 1])
            {
                throw new InvalidOperationException("The canary died.");
            }
        }
    }
}
