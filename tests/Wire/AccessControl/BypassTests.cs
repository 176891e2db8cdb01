using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Ways around a password and around rules, tried: on one loop, and on several.</summary>
public sealed class BypassTests
{
    private static readonly BypassScene[] s_scenes =
        [.. BypassScenes.OfStrangers, .. BypassScenes.OfUsers, .. BypassScenes.OfScripts, .. BypassScenes.OfKeys];

    public static TheoryData<string, string> Scenes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (BypassScene scene in s_scenes)
            {
                data.Add(scene.Name, "1");
                data.Add(scene.Name, "4");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Nobody_gets_around(string name, string loopCount)
    {
        BypassScene scene = s_scenes.Single(scene => scene.Name == name);
        Scene.Play(scene.Text, [.. scene.Options, "--io-threads", loopCount]);
    }

    [Fact]
    public void Who_is_removed_is_closed_while_it_waits_subscribes_and_queues()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        using RespConnection admin = server.Connect();
        admin.Call("ACL SETUSER u on >p +@all ~* &*");
        RespConnection[] users = [.. Enumerable.Range(0, 12).Select(_ => server.Connect())];
        for (int i = 0; i < users.Length; i++)
        {
            Assert.Equal("+OK", users[i].Call("AUTH u p").ToString());
            users[i].Send((i % 4) switch { 0 => "BLPOP k 0", 1 => "SUBSCRIBE c", 2 => "MULTI", _ => "PING" });
            if (i % 4 != 0)
            {
                users[i].Read();
            }
        }
        admin.AwaitBlocked(3);
        Assert.Equal(":1", admin.Call("ACL DELUSER u").ToString());
        foreach (RespConnection user in users)
        {
            Assert.Empty(user.ReadToEnd());
            user.Dispose();
        }
        Assert.DoesNotContain("user=u ", admin.Call("CLIENT LIST").Text, StringComparison.Ordinal);
        Assert.Equal(":1", admin.Call("RPUSH k v").ToString());
    }

    [Fact]
    public void Rights_that_come_and_go_are_those_of_the_moment()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        using RespConnection admin = server.Connect();
        admin.Call("ACL SETUSER u on nopass +@all ~a*");
        RespConnection[] users = [.. Enumerable.Range(0, 8).Select(_ => server.Connect())];
        foreach (RespConnection user in users)
        {
            Assert.Equal("+OK", user.Call("AUTH u x").ToString());
        }
        for (int round = 0; round < 200; round++)
        {
            string key = round % 2 == 0 ? "b" : "a";
            Assert.Equal("+OK", admin.Call($"ACL SETUSER u resetkeys ~{key}*").ToString());
            foreach (RespConnection user in users)
            {
                user.Send("GET a1\r\nGET b1\r\n"u8);
            }
            foreach (RespConnection user in users)
            {
                Assert.Equal(key == "a", user.Read().IsNull);
                Assert.Equal(key == "b", user.Read().IsNull);
            }
        }
        foreach (RespConnection user in users)
        {
            user.Dispose();
        }
    }
}
