using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using CsCheck;
using Xunit;

namespace Bixbite.Unit.Engine.Commands;

public sealed class CommandTableTests
{
    private static readonly string[] s_names =
    [
        "get", "set", "del", "ttl", "type", "incr", "zadd", "hello", "select", "append", "getrange", "bzpopmin", "incrbyfloat",
        "bitfield_ro", "zrevrangebyscore", "zremrangebyscores", "georadiusbymember", "georadiusbymember_ro", "georadiusbymember_rx",
        "a", "ab", "abc", "aab", "abb",
    ];

    [Fact]
    public void FindsEveryNameInAnyLetterCase()
    {
        CommandTable table = Create(s_names);
        foreach (string name in s_names)
        {
            Assert.Equal(name, table.Find(Bytes(name))?.ToString());
            Assert.Equal(name, table.Find(Bytes(name.ToUpperInvariant()))?.ToString());
            Assert.Equal(name, table.Find(Bytes(char.ToUpperInvariant(name[0]) + name[1..]))?.ToString());
        }
    }

    [Fact]
    public void FindsNothingElse() =>
        Gen.Select(Gen.Int[0, s_names.Length - 1].Select(i => s_names[i]), Gen.Int[0, 30], Gen.Byte).Sample((name, at, changed) =>
        {
            byte[] bytes = Bytes(name);
            bytes[at % bytes.Length] = changed;
            string other = Encoding.Latin1.GetString(bytes);
            string expected = s_names.FirstOrDefault(known => string.Equals(known, other, StringComparison.OrdinalIgnoreCase)) ?? "";
            return (Create(s_names).Find(bytes)?.ToString() ?? "") == expected;
        });

    [Theory]
    [InlineData("")]
    [InlineData("ge")]
    [InlineData("gett")]
    [InlineData("georadiusbymember_r")]
    [InlineData("georadius-ymember_ro")]
    [InlineData("\u00e7et")]
    public void KnowsNoOtherNames(string name) => Assert.Null(Create(s_names).Find(Bytes(name)));

    [Fact]
    public void LeadsToSubcommands()
    {
        var container = Command.CreateContainer(new CommandAttribute("client") { Arity = -2 });
        var list = new Command(new CommandAttribute("client|list") { Arity = -2, Flags = "admin" }, _ => { });
        var table = new CommandTable();
        table.Fill(container, list);

        Assert.Same(list, table.Find("CLIENT"u8)!.FindSubcommand("List"u8));
        Assert.Same(list, table.Find("client"u8, "LIST"u8));
        Assert.Same(list, table.FindFullName("Client|LIST"u8));
        Assert.Same(container, table.FindFullName("client"u8));
        Assert.Null(table.FindFullName("client|none"u8));
        Assert.Null(table.FindFullName("none|list"u8));
        Assert.Equal("list", Encoding.ASCII.GetString(list.Name));
        Assert.Equal("client|list", Encoding.ASCII.GetString(list.FullName));
        Assert.Same(container, list.Container);
        Assert.Equal([container], table.Commands);
        Assert.Equal((0, 1), (container.Number, list.Number));
    }

    [Fact]
    public void Renames()
    {
        CommandTable table = Create("get", "set", "del");
        Assert.Equal(RenameResult.Renamed, table.Rename("GET"u8, "Fetch"u8));
        Assert.Null(table.Find("get"u8));
        Assert.Equal("get", table.Find("FETCH"u8)!.ToString());
        Assert.Equal(RenameResult.Renamed, table.Rename("del"u8, default));
        Assert.Null(table.Find("del"u8));
        Assert.Equal(RenameResult.NoSuchCommand, table.Rename("del"u8, "gone"u8));
        Assert.Equal(RenameResult.NameTaken, table.Rename("set"u8, "fetch"u8));
    }

    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, false)]
    [InlineData(2, 1, false)]
    [InlineData(-2, 2, true)]
    [InlineData(-2, 9, true)]
    [InlineData(-2, 1, false)]
    public void ChecksArity(int arity, int count, bool accepts) =>
        Assert.Equal(accepts, new Command(new CommandAttribute("x") { Arity = arity }, _ => { }).AcceptsCount(count));

    [Fact]
    public void DerivesCategories()
    {
        var command = new Command(new CommandAttribute("x") { Group = "sorted_set", Flags = "write admin blocking" }, _ => { });
        Assert.Equal(
            CommandCategories.SortedSet | CommandCategories.Write | CommandCategories.Admin | CommandCategories.Dangerous
                | CommandCategories.Blocking | CommandCategories.Slow,
            command.Categories);
    }

    [Theory]
    [InlineData("ro access; 1", 2, 1)]
    [InlineData("ro access; 1", 1, 0)]
    [InlineData("ro access; numkeys 2", 9, 3)]
    [InlineData("not_key; 1", 9, 0)]
    [InlineData("", 9, 0)]
    public void KnowsTheFirstKey(string keys, int count, int position) =>
        Assert.Equal(position, new Command(new CommandAttribute("x") { Keys = keys }, _ => { }).FirstKey(count));

    private static CommandTable Create(params string[] names)
    {
        var table = new CommandTable();
        table.Fill([.. names.Select(name => new Command(new CommandAttribute(name) { Arity = -1 }, _ => { }))]);
        return table;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
