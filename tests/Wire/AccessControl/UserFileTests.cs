using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Users in files: the ACL file, the configuration, and both after a restart.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UserFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void Users_are_loaded_saved_and_loaded_again()
    {
        using TempFolder folder = new();
        string file = folder.File("users.acl");
        File.WriteAllText(
            file,
            "user alice on >a ~* &* +@all\n\n  user bob on >b -@all +@set ~set* (+get %R~r*)  \r\nuser default on nopass ~* &* +@all\n");
        using (ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file))
        {
            using RespConnection admin = RespConnection.Open(server.Address);
            Assert.Equal("*[\"alice\", \"bob\", \"default\"]", admin.Call("ACL USERS").ToString());
            admin.Call("ACL SETUSER eve on >e +get ~* db=0,2");
            Assert.Equal("+OK", admin.Call("ACL SAVE").ToString());
            admin.Call("ACL DELUSER eve");
            Assert.Equal("+OK", admin.Call("ACL LOAD").ToString());
            Assert.Equal(4, admin.Call("ACL LIST").Items.Count);
        }
        string[] saved = File.ReadAllLines(file);
        using ServerProcess again = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file);
        using RespConnection connection = RespConnection.Open(again.Address);
        Assert.Equal(saved, connection.Call("ACL LIST").Items.Select(static user => user.Text));
        Assert.Contains(saved, static line => line.Contains("db=0,2 -@all +get", StringComparison.Ordinal));
        Assert.Equal("+OK", connection.Call("AUTH bob b").ToString());
    }

    [Fact]
    public void A_new_file_is_its_owners_and_another_mode_stays()
    {
        using TempFolder folder = new();
        string file = folder.File("users.acl");
        File.WriteAllText(file, "user default on nopass ~* &* +@all\n");
        File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.GroupRead);
        using ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file);
        using RespConnection admin = RespConnection.Open(server.Address);
        Assert.Equal("+OK", admin.Call("ACL SAVE").ToString());
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
        File.Delete(file);
        Assert.Equal("+OK", admin.Call("ACL SAVE").ToString());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path, "*.acl*"));
    }

    [Fact]
    public void Nothing_changes_if_a_line_is_wrong()
    {
        using TempFolder folder = new();
        string file = folder.File("users.acl");
        File.WriteAllText(file, "user alice on >a ~* +@all\n");
        using ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file);
        using RespConnection admin = RespConnection.Open(server.Address);
        string before = admin.Call("ACL LIST").ToString();
        File.WriteAllText(
            file,
            "user alice on >hush +nosuch\nnouser x\nuser bob >hush on #hush\nuser alice on\nuser carl (+get\nuser dan +get|\nuser\n");

        string error = admin.Call("ACL LOAD").ToString();

        Assert.Equal(
            $"-ERR {file}:1: Error in applying operation '+nosuch': Unknown command or category name in ACL. "
                + $"{file}:2 should start with user keyword followed by the username. "
                + $"{file}:3: The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters. "
                + "WARNING: Duplicate user 'alice' found on line 4. "
                + $"{file}:5: Unmatched parenthesis in selector definition."
                + $"{file}:6: Syntax error. "
                + $"{file}:7 should start with user keyword followed by the username. "
                + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed",
            error);
        Assert.Equal(before, admin.Call("ACL LIST").ToString());
        File.Delete(file);
        Assert.Equal($"-ERR Error loading ACLs, opening file '{file}': No such file or directory", admin.Call("ACL LOAD").ToString());
        Assert.Equal(before, admin.Call("ACL LIST").ToString());
    }

    [Fact]
    public void Loading_closes_only_whom_it_concerns()
    {
        using TempFolder folder = new();
        string file = folder.File("users.acl");
        File.WriteAllText(file, "user alice on nopass ~* &* +@all\nuser bob on nopass ~* &* +@all\nuser carl on nopass ~* &* +@all\n");
        using ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file);
        using RespConnection admin = RespConnection.Open(server.Address);
        RespConnection[] users =
            [.. new[] { "alice", "bob", "carl", "carl" }.Select(_ => RespConnection.Open(server.Address))];
        string[] names = ["alice", "bob", "carl", "carl"];
        for (int i = 0; i < users.Length; i++)
        {
            users[i].Call($"AUTH {names[i]} x");
        }
        users[0].Call("SUBSCRIBE news");
        users[2].Call("SUBSCRIBE news");
        File.WriteAllText(file, "user alice on nopass ~* &* +@all\nuser carl on nopass ~k &other +get\n");

        Assert.Equal("+OK", admin.Call("ACL LOAD").ToString());

        Assert.Empty(users[1].ReadToEnd());
        Assert.Empty(users[2].ReadToEnd());
        Assert.Equal("-NOPERM User carl has no permissions to run the 'set' command", users[3].Call("SET k v").ToString());
        Assert.Equal(":1", admin.Call("PUBLISH news x").ToString());
        foreach (RespConnection user in users)
        {
            user.Dispose();
        }
    }

    [Fact]
    public void Saving_that_fails_leaves_the_file()
    {
        using TempFolder folder = new();
        string directory = folder.File("sub");
        Directory.CreateDirectory(directory);
        string file = Path.Combine(directory, "users.acl");
        File.WriteAllText(file, "user default on nopass ~* &* +@all\n");
        using ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--aclfile", file);
        using RespConnection admin = RespConnection.Open(server.Address);
        Directory.Move(directory, folder.File("gone"));
        Assert.Equal(
            "-ERR There was an error trying to save the ACLs. Please check the server logs for more information",
            admin.Call("ACL SAVE").ToString());
        server.WaitForLine("could not be saved: No such file or directory");
        Assert.Equal("user default on nopass ~* &* +@all\n", File.ReadAllText(folder.File("gone/users.acl")));
    }

    [Fact]
    public void Users_of_the_configuration_are_rewritten_and_come_back()
    {
        using TempFolder folder = new();
        string file = folder.File("server.conf");
        File.WriteAllText(
            file, "# mine\nuser alice on >a ~k* +@read\nrequirepass hush\nuser \"q\\\"uote\" on nopass \"~a\\\\\\\"b\" (\"%R~r*\" +get)\n");
        string before;
        using (ServerProcess server = StartWith(file))
        {
            using RespConnection admin = RespConnection.Open(server.Address);
            Assert.Equal("+OK", admin.Call("AUTH hush").ToString());
            admin.Call("ACL SETUSER bob on +get ~b");
            admin.Call("ACL DELUSER alice");
            before = admin.Call("ACL LIST").ToString();
            Assert.Equal("+OK", admin.Call("CONFIG REWRITE").ToString());
        }
        Assert.Contains("# mine\n", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.DoesNotContain("alice", File.ReadAllText(file), StringComparison.Ordinal);
        using ServerProcess again = StartWith(file);
        using RespConnection connection = RespConnection.Open(again.Address);
        Assert.StartsWith("-NOAUTH", connection.Call("PING").ToString(), StringComparison.Ordinal);
        Assert.Equal("+OK", connection.Call("AUTH hush").ToString());
        Assert.Equal(before, connection.Call("ACL LIST").ToString());
    }

    [Theory]
    [InlineData("Duplicate user found", "--user", "foo", "--user", "foo")]
    [InlineData("Unknown command or category name in ACL", "--user", "foo", "+nosuch", ">hush")]
    [InlineData("Unmatched parenthesis", "--user", "foo", "(+get", ">hush")]
    [InlineData("Declare all users in the one or in the other", "--user", "foo", "on", ">hush", "--aclfile", "x.acl")]
    [InlineData("Spaces not allowed in ACL usernames", "--user", "foo on >hush")]
    [InlineData("opening file 'x.acl': No such file or directory", "--aclfile", "x.acl")]
    public void A_wrong_declaration_stops_the_start(string reason, params string[] options)
    {
        using ServerProcess server = Start(options);
        Assert.NotEqual(0, server.WaitForExit());
        Assert.Contains(reason, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", server.Output, StringComparison.Ordinal);
    }

    /// <summary>With a configuration file.</summary>
    private static ServerProcess StartWith(string file)
    {
        ServerProcess server = Start(file, "--dir", Path.GetDirectoryName(file)!);
        Assert.True(server.IsReadyInTime(), server.Output);
        return server;
    }

    private static ServerProcess Start(params string[] options)
    {
        int port = FreePorts.Next();
        return ServerProcess.StartRaw(
            Programs.Server, new TempFolder(), port, [.. options, "--port", $"{port}", "--bind", "127.0.0.1", "--save", ""]);
    }
}
