using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Bixbite.Tidy;

/// <summary>A layer sees only what stands below it. What a project may name is listed here, so that a new edge is a decision.</summary>
public sealed class LayerRules
{
    /// <summary>What the engine stands on.</summary>
    private static readonly string[] s_engineLayers =
        ["Platform", "Memory", "Structures", "Types", "Keyspace", "Protocol", "Logging", "Configuration"];

    private static readonly Dictionary<string, string[]> s_mayName = new()
    {
        ["Platform"] = [],
        ["Memory"] = ["Platform"],
        ["Net"] = ["Platform", "Memory"],
        ["Lua"] = [],
        ["Structures"] = ["Platform", "Memory"],
        ["Protocol"] = ["Memory", "Structures"],
        ["Types"] = ["Memory", "Structures"],
        ["Logging"] = ["Platform"],
        ["Configuration"] = ["Platform", "Structures", "Logging"],
        ["Keyspace"] = ["Platform", "Memory", "Structures", "Types", "Configuration"],
        ["Engine"] = s_engineLayers,
        ["Persistence"] = [.. s_engineLayers, "Engine"],
        ["Replication"] = [.. s_engineLayers, "Engine", "Persistence"],
        ["Scripting"] = [.. s_engineLayers, "Engine", "Lua"],
        ["AccessControl"] = ["Platform", "Memory", "Structures", "Keyspace", "Protocol", "Logging", "Configuration", "Engine"],
        ["Tls"] = ["Platform", "Net", "Logging", "Configuration", "Engine"],
        ["Http"] = ["Platform", "Memory", "Structures", "Net", "Protocol", "Configuration", "Engine", "AccessControl"],
        ["Cluster"] = [.. s_engineLayers, "Net", "Engine", "Persistence", "Replication"],
        ["Consensus"] = ["Platform", "Logging", "Cluster"],
        ["Commands"] = [.. s_engineLayers, "Engine", "Persistence", "Replication", "Scripting", "AccessControl", "Cluster", "Generators"],
        ["Hosting"] =
        [
            .. s_engineLayers, "Net", "Engine", "Persistence", "Replication", "Scripting", "AccessControl", "Tls", "Http", "Cluster",
            "Commands",
        ],
        ["Launcher"] = ["Platform", "Logging", "Configuration", "Engine", "Persistence", "Hosting"],
        ["Telemetry"] = ["Logging", "Configuration", "Engine", "Hosting"],
        ["Server"] = ["Launcher"],
        ["Server.Otlp"] = ["Logging", "Configuration", "Hosting", "Launcher", "Telemetry"],
        ["Tool"] = ["Structures", "Protocol", "Engine", "Commands", "Launcher"],
        ["Library"] = ["Platform", "Keyspace", "Protocol", "Logging", "Configuration", "Net", "Engine", "Hosting"],
        ["Library.StackExchangeRedis"] = ["Library"],
        ["Library.Extensions.Hosting"] = ["Library", "Library.StackExchangeRedis"],
        ["Generators"] = [],
    };

    private static readonly string[] s_mayBeUnsafe = ["Platform", "Memory"];

    /// <summary>On Linux the framework takes these from OpenSSL, and ends the process where there is none.</summary>
    private static readonly string[] s_ofOpenSsl =
        ["SHA1", "SHA256", "SHA384", "SHA512", "MD5", "HMACSHA1", "HMACSHA256", "IncrementalHash", "Aes", "RandomNumberGenerator"];

    [Fact]
    public void ProjectsNameOnlyLowerLayers() => Rule.Check(
        nameof(ProjectsNameOnlyLowerLayers),
        from path in Projects()
        from reference in XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
        let name = Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)
        let project = Path.GetFileNameWithoutExtension(path)
        where !s_mayName.TryGetValue(project, out string[]? allowed) || !allowed.Contains(name)
        select new Violation(path, $"names {name}"));

    [Fact]
    public void EveryProjectIsALayer() => Assert.Equal(
        s_mayName.Keys.Order(StringComparer.Ordinal),
        Projects().Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void ReferencesAreNotTransitive() => Assert.Equal(
        "true",
        XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("DisableTransitiveProjectReferences").Single().Value);

    [Fact]
    public void FoldersOfAProjectNameEachOtherOneWay()
    {
        HashSet<(string From, string To)> arrows =
        [
            .. from file in Repository.Sources
               where file.IsUnder("src")
               let folder = Path.GetDirectoryName(file.Path)!
               from name in file.Nodes<UsingDirectiveSyntax>().Select(directive => directive.Name?.ToString() ?? "")
               let named = "src/" + name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('.', '/')
               where name.StartsWith("Bixbite.", StringComparison.Ordinal) && named.Split('/')[1] == folder.Split('/')[1]
               select (folder, named),
        ];
        Rule.Check(
            nameof(FoldersOfAProjectNameEachOtherOneWay),
            from arrow in arrows
            where string.CompareOrdinal(arrow.From, arrow.To) < 0 && arrows.Contains((arrow.To, arrow.From))
            select new Violation($"{arrow.From} {arrow.To}", "each names the other"));
    }

    [Fact]
    public void UnsafeBlocksAreForTheLowestLayers() => Rule.Check(
        nameof(UnsafeBlocksAreForTheLowestLayers),
        from path in Projects()
        where Repository.Read(path).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal)
        where !s_mayBeUnsafe.Contains(Path.GetFileNameWithoutExtension(path))
        select new Violation(path, "AllowUnsafeBlocks"));

    [Fact]
    public void OpenSslIsForTlsAlone() => Rule.Check(
        nameof(OpenSslIsForTlsAlone),
        from file in Repository.Sources
        where file.IsUnder("src") && !file.IsUnder("src/Tls") && file.Path != "src/Platform/SystemRandom.cs"
        from name in file.Nodes<IdentifierNameSyntax>()
        where s_ofOpenSsl.Contains(name.Identifier.Text)
        select new Violation(file.Path, $"{name.Identifier.Text}: take Sha1 or Sha256 of Structures, or SystemRandom"));

    private static IEnumerable<string> Projects() => Repository.Files(".csproj", "src");
}
