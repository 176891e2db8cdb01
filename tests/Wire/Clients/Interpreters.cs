using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>
/// Finds the programs that run client libraries. Where one is missing, or a library, the test is skipped with that reason.
/// </summary>
internal static class Interpreters
{
    public static string Node(params string[] packages)
    {
        string node = Require(Programs.Node, "node");
        foreach (string package in packages)
        {
            Assert.SkipUnless(
                ClientProgram.Runs(node, "-e", $"require.resolve('{package}')"),
                $"needs the npm package {package}: .ci/run tells which, and NODE_PATH has to be the node_modules folder they are in");
        }
        return node;
    }

    /// <summary>Python with Debian's package of this name for a module.</summary>
    public static string Python(string module)
    {
        string python = Require(Programs.Python, "python3");
        Assert.SkipUnless(
            ClientProgram.Runs(python, "-c", $"import {module}"), $"needs the Python module {module}: {Debian($"python3-{module}")}");
        return python;
    }

    public static string Php()
    {
        string php = Require(Programs.Php, "php");
        Assert.SkipUnless(
            ClientProgram.Runs(php, "-r", "exit(extension_loaded('redis') ? 0 : 1);"),
            $"needs PHP's extension redis: {Debian("php-redis")}");
        return php;
    }

    public static string Ruby(string gem)
    {
        string ruby = Require(Programs.Ruby, "ruby");
        Assert.SkipUnless(ClientProgram.Runs(ruby, "-e", $"require '{gem}'"), $"needs the gem {gem}: {Debian($"ruby-{gem}")}");
        return ruby;
    }

    private static string Require(string? path, string name)
    {
        Assert.SkipWhen(path is null, $"needs {name} on the PATH");
        return path!;
    }

    private static string Debian(string package) => $"on Debian, apt-get install {package}";
}
