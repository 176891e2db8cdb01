using System.Text;
using Bixbite.Persistence.Aof;
using Xunit;

namespace Bixbite.Unit.Persistence.Aof;

public class AofManifestTests
{
    private const string Usual =
        "file appendonly.aof.2.base.rdb seq 2 type b\n" +
        "file appendonly.aof.1.incr.aof seq 1 type h\n" +
        "file appendonly.aof.2.incr.aof seq 2 type i\n" +
        "file appendonly.aof.3.incr.aof seq 3 type i\n";

    [Fact]
    public void What_was_parsed_is_formatted_as_it_was()
    {
        AofManifest manifest = Parse(Usual);
        Assert.Equal(new AofFile("appendonly.aof.2.base.rdb", 2, AofFileKind.Base), manifest.Base);
        Assert.Equal([new AofFile("appendonly.aof.1.incr.aof", 1, AofFileKind.History)], manifest.History);
        Assert.Equal([2L, 3L], manifest.Increments.Select(file => file.Sequence));
        Assert.Equal(2, manifest.CurrentBaseSequence);
        Assert.Equal(3, manifest.CurrentIncrementSequence);
        Assert.Equal(Usual, Text(manifest));
    }

    [Theory]
    [InlineData("# a comment\nfile a seq 1 type b\n")]
    [InlineData("  TYPE b\tSeq 1 FILE a  \r\n")]
    [InlineData("file \"a\" seq 1x type base startoffset 0\n")]
    [InlineData("file 'a' seq +1 type b\n")]
    public void Lines_may_have_their_own_look(string text) => Assert.Equal("file a seq 1 type b\n", Text(Parse(text)));

    [Fact]
    public void A_manifest_of_comments_is_empty() => Assert.True(Parse("# nothing\n").IsEmpty);

    [Theory]
    [InlineData("", "Found an empty AOF manifest")]
    [InlineData("\n", "Invalid AOF manifest file format, at line 1: \"\"")]
    [InlineData("file a seq 1 type b", "The AOF manifest file contains too long line, at line 1: \"file a seq 1 type b\"")]
    [InlineData("file a\0 seq 1 type b\n", "The AOF manifest file contains too long line, at line 1: \"file a\\x00 seq 1 type b\\n\"")]
    [InlineData("file a seq 1\n", "Invalid AOF manifest file format, at line 1: \"file a seq 1\"")]
    [InlineData("file a seq 1 type\n", "Invalid AOF manifest file format, at line 1: \"file a seq 1 type\"")]
    [InlineData("file a seq 1 type b x\n", "Invalid AOF manifest file format, at line 1: \"file a seq 1 type b x\"")]
    [InlineData("file a seq 0 type b\n", "Invalid AOF manifest file format, at line 1: \"file a seq 0 type b\"")]
    [InlineData("file a seq x type b\n", "Invalid AOF manifest file format, at line 1: \"file a seq x type b\"")]
    [InlineData("file \"\" seq 1 type b\n", "Invalid AOF manifest file format, at line 1: \"file \\\"\\\" seq 1 type b\"")]
    [InlineData("file a seq 1 type \"\"\n", "Invalid AOF manifest file format, at line 1: \"file a seq 1 type \\\"\\\"\"")]
    [InlineData("file \"a seq 1 type b\n", "Invalid AOF manifest file format, at line 1: \"file \\\"a seq 1 type b\"")]
    [InlineData("name a seq 1 type b\n", "Invalid AOF manifest file format, at line 1: \"name a seq 1 type b\"")]
    [InlineData("file a/b seq 1 type b\n", "File can't be a path, just a filename, at line 1: \"file a/b seq 1 type b\"")]
    [InlineData("file a seq 1 type x\n", "Unknown AOF file type, at line 1: \"file a seq 1 type x\"")]
    [InlineData(
        "file a seq 1 type b\nfile b seq 2 type b\n", "Found duplicate base file information, at line 2: \"file b seq 2 type b\"")]
    [InlineData(
        "file a seq 2 type i\nfile b seq 2 type i\n", "Found a non-monotonic sequence number, at line 2: \"file b seq 2 type i\"")]
    [InlineData("file a seq -1 type i\n", "Found a non-monotonic sequence number, at line 1: \"file a seq -1 type i\"")]
    public void A_broken_line_is_told(string text, string problem)
    {
        Assert.False(AofManifest.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? told));
        Assert.Equal(problem, told);
    }

    [Fact]
    public void A_line_of_1024_bytes_with_its_end_is_the_longest()
    {
        string name = new('a', 1024 - "file  seq 1 type b\n".Length);
        Assert.Equal(name, Parse($"file {name} seq 1 type b\n").Base!.Name);
        Assert.False(AofManifest.TryParse(Encoding.UTF8.GetBytes($"file {name}a seq 1 type b\n"), out _, out _));
    }

    [Theory]
    [InlineData("my log", "\"my log.1.incr.aof\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c.1.incr.aof\"")]
    [InlineData("it's", "\"it's.1.incr.aof\"")]
    [InlineData("é", "\"\\xc3\\xa9.1.incr.aof\"")]
    public void Unusual_names_are_quoted(string name, string printed)
    {
        var manifest = new AofManifest();
        AofFile file = manifest.AddIncrement(name);
        Assert.Equal($"file {printed} seq 1 type i\n", Text(manifest));
        if (!name.Contains('\\', StringComparison.Ordinal))
        {
            Assert.Equal(file, Assert.Single(Parse(Text(manifest)).Increments));
        }
    }

    [Fact]
    public void A_rewrite_makes_history_of_what_it_replaces()
    {
        AofManifest old = Parse(Usual);
        AofManifest manifest = old.Copy();
        manifest.AddIncrement("appendonly.aof");
        manifest.AddBase("appendonly.aof", isRdb: false);
        manifest.RetireIncrements(keepsLast: true);
        Assert.Equal(
            "file appendonly.aof.3.base.aof seq 3 type b\n" +
            "file appendonly.aof.2.incr.aof seq 2 type h\n" +
            "file appendonly.aof.3.incr.aof seq 3 type h\n" +
            "file appendonly.aof.2.base.rdb seq 2 type h\n" +
            "file appendonly.aof.1.incr.aof seq 1 type h\n" +
            "file appendonly.aof.4.incr.aof seq 4 type i\n",
            Text(manifest));
        Assert.Equal(Usual, Text(old));

        manifest.ForgetHistory();
        manifest.RetireIncrements(keepsLast: false);
        Assert.Equal(
            "file appendonly.aof.3.base.aof seq 3 type b\nfile appendonly.aof.4.incr.aof seq 4 type h\n", Text(manifest));
        Assert.Equal(5, manifest.AddIncrement("appendonly.aof").Sequence);
    }

    [Fact]
    public void A_single_file_is_the_base_of_its_own_name() =>
        Assert.Equal("file appendonly.aof seq 1 type b\n", Text(AofManifest.OfSingleFile("appendonly.aof")));

    private static AofManifest Parse(string text)
    {
        Assert.True(AofManifest.TryParse(Encoding.UTF8.GetBytes(text), out AofManifest? manifest, out string? problem), problem);
        return manifest!;
    }

    private static string Text(AofManifest manifest) => Encoding.UTF8.GetString(manifest.Format());
}
