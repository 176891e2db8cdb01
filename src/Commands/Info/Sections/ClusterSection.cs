namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about the cluster: there is none.</summary>
public sealed class ClusterSection : IInfoSection
{
    public string Heading => "Cluster";

    public void Append(InfoText text) => text.Line("cluster_enabled", "0");
}
