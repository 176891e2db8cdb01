using System.Globalization;
using Bixbite.Unit.Configuration;
using Bixbite.Wire.Harness;
using YamlDotNet.RepresentationModel;

namespace Bixbite.Wire.Deployment;

/// <summary>The Kubernetes manifests fit together, and to the server: what no cluster is needed to see.</summary>
public sealed class KubernetesTests : IDisposable
{
    private const string Program = "/usr/local/bin/bixbite-server";
    private const string ConfigPath = "/etc/bixbite/bixbite.conf";

    private readonly TempFolder _folder = new();
    private readonly Manifests _manifests = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_belongs_to_the_same_pods()
    {
        Assert.Equal(["ConfigMap", "Service", "Service", "StatefulSet", "PodDisruptionBudget"], _manifests.Kinds);
        string[] selectors =
        [
            Manifests.At(_manifests.Find("Service", "bixbite"), "spec.selector").ToString(),
            Manifests.At(_manifests.Find("Service", "bixbite-pods"), "spec.selector").ToString(),
            Manifests.At(Set, "spec.selector.matchLabels").ToString(),
            Manifests.At(_manifests.Find("PodDisruptionBudget", "bixbite"), "spec.selector.matchLabels").ToString(),
            Manifests.At(Pod, "metadata.labels").ToString(),
        ];
        Assert.Single(selectors.Distinct());
        Assert.Equal("bixbite-pods", Manifests.Text(Set, "spec.serviceName"));
        Assert.Equal("None", Manifests.Text(_manifests.Find("Service", "bixbite-pods"), "spec.clusterIP"));
        Assert.Equal(Setting("port"), Manifests.Text(Container, "ports.0.containerPort"));
        Assert.Equal(Setting("port"), Manifests.Text(_manifests.Find("Service", "bixbite"), "spec.ports.0.port"));
    }

    [Fact]
    public void The_limit_of_memory_has_room_for_more_than_maxmemory()
    {
        long limit = Bytes(Manifests.Text(Container, "resources.limits.memory"));
        Assert.Equal(limit, Bytes(Manifests.Text(Container, "resources.requests.memory")));
        using ServerProcess server = ServerProcess.StartIn(_folder, Programs.Server, "--maxmemory", Setting("maxmemory"));
        using RespConnection connection = server.Connect();
        long maxMemory = long.Parse(connection.Call("CONFIG GET maxmemory").Items[1].Text, CultureInfo.InvariantCulture);
        Assert.InRange(maxMemory, 1, limit * 2 / 3);
        // A snapshot or a log as large as the data, twice while the log is rewritten, and some more.
        long volume = Bytes(Manifests.Text(Set, "spec.volumeClaimTemplates.0.spec.resources.requests.storage"));
        Assert.InRange(volume, 3 * maxMemory, long.MaxValue);
    }

    [Fact]
    public void The_configuration_is_right_and_its_files_are_where_it_says()
    {
        string config = ConfigText.Replace("dir /data", $"dir {_folder.Path}", StringComparison.Ordinal)
            .Replace("/etc/bixbite/conf.d", _folder.Path, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("bixbite"), config);
        File.WriteAllText(_folder.File("users.conf"), "requirepass word\n");
        Assert.Equal((0, "The configuration is right."), Run("--check-config", _folder.File("bixbite")));
        Assert.Equal("/data", Setting("dir"));
        Assert.Equal("/etc/bixbite/conf.d/*.conf", Setting("include"));
        Assert.Equal(Setting("dir"), MountPath("data"));
        Assert.Equal(ConfigPath, MountPath("config"));
        Assert.Equal("/etc/bixbite/conf.d", MountPath("secret"));
        string[] volumes = [.. List(Pod, "spec.volumes"), Manifests.Text(Set, "spec.volumeClaimTemplates.0.metadata.name")];
        Assert.Equal(List(Container, "volumeMounts").Order(), volumes.Order());
    }

    /// <summary>The probes are commands of the server: what is not one would start a second server, or end with an error.</summary>
    [Theory]
    [InlineData("startupProbe", "--check-ready")]
    [InlineData("readinessProbe", "--check-ready")]
    [InlineData("livenessProbe", "--check-alive")]
    public void Probes_ask_the_server(string probe, string question)
    {
        string[] command = Manifests.Texts(Container, $"{probe}.exec.command");
        Assert.Equal([Program, question, ConfigPath], command);
        // The question itself gives up after five seconds, and tells why.
        Assert.InRange(Number(Container, $"{probe}.timeoutSeconds"), 6, 60);
        using ServerProcess server = ServerProcess.StartIn(_folder, Programs.Server);
        Assert.Equal(0, Run(command[1], "--port", $"{server.Address.Port}").ExitCode);
    }

    [Fact]
    public void Ending_has_the_time_it_needs()
    {
        int grace = Number(Pod, "spec.terminationGracePeriodSeconds");
        Assert.InRange(int.Parse(Setting("shutdown-timeout"), CultureInfo.InvariantCulture), 1, grace / 2);
    }

    [Fact]
    public void It_runs_as_the_user_of_the_image_and_may_nothing_else()
    {
        string dockerfile = File.ReadAllText(Repository.File("deploy/container/Dockerfile"));
        string user = Manifests.Text(Pod, "spec.securityContext.runAsUser");
        Assert.Contains($"USER {user}:{Manifests.Text(Pod, "spec.securityContext.runAsGroup")}", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"ENTRYPOINT [\"{Program}\", \"{ConfigPath}\"]", dockerfile, StringComparison.Ordinal);
        string script = File.ReadAllText(Repository.File("deploy/container/build-image"));
        Assert.Contains($"\"User\":\"{user}:", script, StringComparison.Ordinal);
        Assert.Equal("true", Manifests.Text(Pod, "spec.securityContext.runAsNonRoot"));
        Assert.Equal("true", Manifests.Text(Container, "securityContext.readOnlyRootFilesystem"));
        Assert.Equal("false", Manifests.Text(Container, "securityContext.allowPrivilegeEscalation"));
        Assert.Equal(["ALL"], Manifests.Texts(Container, "securityContext.capabilities.drop"));
    }

    [Fact]
    public void The_configuration_of_the_image_is_right()
    {
        string config = File.ReadAllText(Repository.File("deploy/container/bixbite.conf"));
        File.WriteAllText(_folder.File("bixbite"), config.Replace("dir /data", $"dir {_folder.Path}", StringComparison.Ordinal));
        Assert.Equal((0, "The configuration is right."), Run("--check-config", _folder.File("bixbite")));
    }

    private YamlNode Set => _manifests.Find("StatefulSet", "bixbite");

    private YamlNode Pod => Manifests.At(Set, "spec.template");

    private YamlNode Container => Manifests.Named(Pod, "spec.containers", "bixbite");

    private string ConfigText => ((YamlScalarNode)_manifests.Find("ConfigMap", "bixbite")["data"]["bixbite.conf"]).Value!;

    /// <summary>A directive of the configuration.</summary>
    private string Setting(string name) =>
        ConfigText.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    private string MountPath(string volume) => Manifests.Text(Manifests.Named(Container, "volumeMounts", volume), "mountPath");

    private static string[] List(YamlNode node, string path) =>
        [.. ((YamlSequenceNode)Manifests.At(node, path)).Children.Select(item => Manifests.Text(item, "name"))];

    private static int Number(YamlNode node, string path) => int.Parse(Manifests.Text(node, path), CultureInfo.InvariantCulture);

    private static long Bytes(string quantity) => long.Parse(quantity[..^2], CultureInfo.InvariantCulture) << quantity[^2..] switch
    {
        "Ki" => 10,
        "Mi" => 20,
        "Gi" => 30,
        var unit => throw new ArgumentException($"the unit {unit} is not expected", nameof(quantity)),
    };

    private (int ExitCode, string Output) Run(params string[] arguments)
    {
        using TempFolder folder = new();
        using ServerProcess process = ServerProcess.StartRaw(Programs.Server, folder, 0, arguments);
        return (process.WaitForExit(), process.Output);
    }
}
