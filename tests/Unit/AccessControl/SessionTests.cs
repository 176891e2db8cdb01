using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Unit.Engine;
using Xunit;

namespace Bixbite.Unit.AccessControl;

/// <summary>Rules in force: for what is sent, what is queued, what waits and what is subscribed to.</summary>
public sealed class SessionTests : IDisposable
{
    private const string NoKey = "-NOPERM No permissions to access a key";

    private readonly AccessFixture _access = new();

    [Fact]
    public void Nobody_is_looked_at_whose_user_may_do_everything()
    {
        EngineClient client = _access.Engine.Connect();
        Assert.Equal(Concern.None, client.Session.Concerns);
        _access.Set("default", "-get");
        Assert.Equal(Concern.Access, client.Session.Concerns);
        Assert.Equal("-NOPERM User default has no permissions to run the 'get' command", client.Send("get k"));
        _access.Set("default", "+@all");
        Assert.Equal(Concern.None, client.Session.Concerns);
        Assert.Equal("$-1", client.Send("get k"));
    }

    [Fact]
    public void A_change_is_in_force_with_the_next_request()
    {
        _access.Set("u", "on nopass +@all ~k*");
        EngineClient client = _access.Connect("u");
        Assert.Equal("+OK", client.Send("set k1 v"));
        Assert.Equal(NoKey, client.Send("set x v"));
        _access.Set("u", "resetkeys ~x");
        Assert.Equal(NoKey, client.Send("set k1 v"));
        Assert.Equal("+OK", client.Send("set x v"));
    }

    [Fact]
    public void What_is_queued_is_asked_about_again()
    {
        _access.Set("u", "on nopass +@all ~* &*");
        EngineClient client = _access.Connect("u");
        client.Send("multi");
        Assert.Equal("+QUEUED", client.Send("set k v"));
        Assert.Equal("+QUEUED", client.Send("get k"));
        Assert.Equal("+QUEUED", client.Send("publish c m"));
        _access.Set("u", "resetkeys %R~k -publish");

        string reply = client.Send("exec");

        const string Changed = "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "
            + "This command is no longer allowed for the following reason: ";
        Assert.Equal(
            $"*3 {Changed}no permission to touch the specified keys $-1 {Changed}no permission to execute the command or subcommand",
            reply);
        Assert.Equal(["multi", "multi"], _access.Log.Entries.Select(static entry => entry.Place));
    }

    [Fact]
    public void What_is_refused_when_it_is_queued_spoils_the_transaction()
    {
        _access.Set("u", "on nopass +@all -set ~*");
        EngineClient client = _access.Connect("u");
        client.Send("multi");
        Assert.Equal("-NOPERM User u has no permissions to run the 'set' command", client.Send("set k v"));
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", client.Send("exec"));
    }

    [Fact]
    public void A_wait_is_asked_about_again_when_its_key_is_there()
    {
        _access.Set("u", "on nopass +@all ~*");
        EngineClient client = _access.Connect("u");
        Assert.Equal("", client.Send("blpop k 0"));
        _access.Set("u", "resetkeys");

        _access.Engine.Connect().Send("rpush k v");

        Assert.Equal(NoKey, client.Received());
        Assert.False(client.Session.Has(SessionFlags.Blocked));
        Assert.Equal(":2", _access.Engine.Connect().Send("rpush k w"));
        Assert.Equal(1, _access.Engine.Command("blpop").Statistics.RejectedCalls);
        Assert.Equal(0, _access.Engine.Command("blpop").Statistics.Calls);
    }

    [Fact]
    public void Who_has_subscribed_to_what_is_withdrawn_is_closed()
    {
        _access.Set("u", "on nopass +@all ~* &a &b*");
        EngineClient channel = _access.Connect("u");
        EngineClient pattern = _access.Connect("u");
        EngineClient other = _access.Connect("u");
        EngineClient caller = _access.Connect("u");
        channel.Send("subscribe a");
        pattern.Send("psubscribe b*");
        caller.Send("subscribe b1");
        _access.Set("u", "&c");
        Assert.False(channel.Link.IsAborted || pattern.Link.IsAborted);

        Assert.Null(_access.Users.Set("u"u8, [.. "resetchannels &a".Split(' ').Select(AccessFixture.Bytes)], caller.Session));

        Assert.False(channel.Link.IsAborted);
        Assert.True(pattern.Link.IsAborted);
        Assert.False(other.Link.IsAborted);
        Assert.False(caller.Link.IsAborted);
        Assert.True(caller.Session.Has(SessionFlags.Closing));
    }

    [Fact]
    public void Whose_user_is_removed_is_closed()
    {
        _access.Set("u", "on nopass +@all ~*");
        EngineClient client = _access.Connect("u");
        EngineClient waiting = _access.Connect("u");
        EngineClient other = _access.Engine.Connect();
        waiting.Send("blpop k 0");

        Assert.True(_access.Users.Remove("u"u8));

        Assert.True(client.Link.IsAborted && waiting.Link.IsAborted);
        Assert.False(client.Session.IsAuthenticated);
        Assert.False(other.Link.IsAborted);
        Assert.False(_access.Users.Remove("u"u8));
        Assert.False(_access.Users.Remove("default"u8));
    }

    [Fact]
    public void A_new_session_is_the_default_user()
    {
        _access.Set("default", ">p");
        EngineClient client = _access.Engine.Connect();
        _access.Engine.Parts.Reset(client.Session);
        Assert.False(client.Session.IsAuthenticated);
        Assert.Equal("-NOAUTH Authentication required.", client.Send("get k"));
        _access.Set("default", "nopass");
        Assert.Equal("$-1", client.Send("get k"));
        Assert.Equal("default"u8, _access.Engine.Get<SessionUsers>().Of(client.Session).Name);
    }

    [Fact]
    public void Refusals_alike_are_one_entry_for_a_minute()
    {
        _access.Set("u", "on nopass +get");
        EngineClient client = _access.Connect("u");
        client.Send("get k");
        client.Send("set k v");
        client.Send("get k");
        Assert.Equal([2L, 1], _access.Log.Entries.Select(static entry => entry.Count));
        Assert.Equal("k"u8, _access.Log.Entries.First().Subject);
        _access.Engine.AdvanceMs(60_001);
        client.Send("get k");
        Assert.Equal([1L, 2, 1], _access.Log.Entries.Select(static entry => entry.Count));
        Assert.Equal(3, _access.Log.CountOf(DenialReason.Key));
        _access.Log.Capacity = 1;
        client.Send("set x v");
        Assert.Single(_access.Log.Entries);
        Assert.Equal(2, _access.Log.CountOf(DenialReason.Command));
    }

    public void Dispose() => _access.Dispose();
}
