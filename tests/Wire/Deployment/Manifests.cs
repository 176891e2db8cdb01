using System.Globalization;
using Bixbite.Unit.Configuration;
using YamlDotNet.RepresentationModel;

namespace Bixbite.Wire.Deployment;

/// <summary>The manifests of <c>deploy/kubernetes</c>, found by kind and name; parts of them by paths as "spec.template.0.name".</summary>
internal sealed class Manifests
{
    private readonly List<YamlMappingNode> _documents = [];

    public Manifests()
    {
        YamlMappingNode list = Read("kustomization.yaml").Single();
        foreach (YamlNode file in ((YamlSequenceNode)list["resources"]).Children)
        {
            _documents.AddRange(Read(((YamlScalarNode)file).Value!));
        }
    }

    public IEnumerable<string> Kinds => _documents.Select(document => Text(document, "kind"));

    public YamlMappingNode Find(string kind, string name) =>
        _documents.Single(document => Text(document, "kind") == kind && Text(document, "metadata.name") == name);

    public static YamlNode At(YamlNode node, string path) => path.Split('.').Aggregate(node, (from, step) => from switch
    {
        YamlSequenceNode list => list[int.Parse(step, CultureInfo.InvariantCulture)],
        _ => from[step],
    });

    public static string Text(YamlNode node, string path) => ((YamlScalarNode)At(node, path)).Value!;

    public static string[] Texts(YamlNode node, string path) =>
        [.. ((YamlSequenceNode)At(node, path)).Children.Select(item => ((YamlScalarNode)item).Value!)];

    /// <summary>The item of a list that has this name.</summary>
    public static YamlNode Named(YamlNode node, string path, string name) =>
        ((YamlSequenceNode)At(node, path)).Children.Single(item => Text(item, "name") == name);

    private static IEnumerable<YamlMappingNode> Read(string name)
    {
        using StreamReader reader = File.OpenText(Repository.File($"deploy/kubernetes/{name}"));
        YamlStream stream = [];
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }
}
