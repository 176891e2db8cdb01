using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>DEBUG RELOAD: what a restart would bring back, without a restart.</summary>
public sealed class ReloadTests
{
    [Fact]
    public void Everything_comes_back()
    {
        using TempFolder folder = new();
        using StoppableServer ours = StoppableServer.Ours(folder);
        SampleData.Fill(ours.Client);
        string digest = SampleData.Digest(ours.Client);
        for (int i = 0; i < 3; i++)
        {
            ours.Do("DEBUG RELOAD");
            Assert.Equal(digest, SampleData.Digest(ours.Client));
        }
    }

    [Fact]
    public void Its_options_are_those_of_Redis() => Compare.SameReplies(
        """
        SET a 1
        RPUSH b 1 2 3
        DEBUG RELOAD
        SET a changed
        SET c new
        DEBUG RELOAD NOSAVE NOFLUSH MERGE
        MGET a c
        LRANGE b 0 -1
        DEBUG RELOAD NOSAVE
        MGET a c
        DBSIZE
        DEBUG RELOAD perhaps
        DEBUG RELOAD MERGE perhaps
        SELECT 5
        SET k v PX 100000000
        DEBUG RELOAD
        GET k
        DBSIZE
        """);

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void The_log_comes_back_rewritten_or_not(string hasPreamble)
    {
        using TempFolder folder = new();
        using StoppableServer ours = StoppableServer.Ours(folder, "--appendonly", "yes", "--aof-use-rdb-preamble", hasPreamble);
        SampleData.Fill(ours.Client);
        string digest = SampleData.Digest(ours.Client);
        ours.Do("DEBUG LOADAOF");
        Assert.Equal(digest, SampleData.Digest(ours.Client));
        ours.Do("BGREWRITEAOF", "Background append only file rewriting started");
        ours.AwaitRest();
        ours.Do("SET after rewriting");
        digest = SampleData.Digest(ours.Client);
        ours.Do("DEBUG LOADAOF");
        Assert.Equal(digest, SampleData.Digest(ours.Client));
    }

    [Fact]
    public void A_log_begins_with_the_snapshot_that_is_there()
    {
        using TempFolder folder = new();
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(folder))
        {
            SampleData.Fill(ours.Client);
            ours.Do("SAVE");
            digest = SampleData.Digest(ours.Client);
        }

        for (int start = 0; start < 2; start++)
        {
            using StoppableServer logging = StoppableServer.Ours(folder, "--appendonly", "yes");
            Assert.Equal(digest, SampleData.Digest(logging.Client));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake() => Expect.Replies(
        """
        SET a 1 => +OK
        DEBUG RELOAD NOSAVE NOFLUSH => -ERR Error trying to load the RDB dump
        GET a => "1"
        DEBUG RELOAD => +OK
        DEBUG RELOAD NOSAVE NOFLUSH => -ERR Error trying to load the RDB dump
        GET a => "1"
        """);
}
