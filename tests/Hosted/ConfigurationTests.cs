using System.Net;
using Bixbite.Library;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bixbite.Hosted;

/// <summary>Options come from code and configurations, and mistakes in them stop the start with sentences.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASectionHasAllOptions()
    {
        await File.WriteAllTextAsync(_folder.File("redis.conf"), "maxclients 77\nmaxmemory 1gb\n", Cancellation);
        IConfiguration section = Section(
            ("DataDirectory", "data"), ("maxmemory", "64mb"), ("Password", "a secret"), ("ConfigurationFile", "redis.conf"),
            ("Listen:0", "127.0.0.1:0"), ("Listen:1", "[::1]:0"), ("Settings:maxmemory-policy", "allkeys-lru"),
            ("Settings:user:0", "reader on nopass ~* +get"), ("Settings:user:1", "writer on nopass ~* +set"));
        IHost host = await Hosts.StartAsync(services => services.AddBixbite(section), contentRoot: _folder.Path);
        IReadOnlyDictionary<string, BixbiteReply> values = (await host.Server().ExecuteAsync(
            "CONFIG", "GET", "maxmemory", "maxmemory-policy", "maxclients", "requirepass")).AsMap();
        Assert.Equal(64 << 20, values["maxmemory"].AsInt64());
        Assert.Equal("allkeys-lru", values["maxmemory-policy"].AsString());
        Assert.Equal(77, values["maxclients"].AsInt64());
        Assert.Equal("a secret", values["requirepass"].AsString());
        Assert.Equal(["default", "reader", "writer"], (await host.Server().ExecuteAsync("ACL", "USERS")).AsStrings());
        Assert.Equal(
            [IPAddress.Loopback, IPAddress.IPv6Loopback],
            host.Server().EndPoints.Cast<IPEndPoint>().Select(static address => address.Address));
        Assert.True(Directory.Exists(_folder.File("data")));
        await host.EndAsync(Cancellation);
    }

    [Fact]
    public async Task AllMistakesAreToldWithTheirPlaces()
    {
        IConfiguration section = Section(
            ("MaxMemroy", "1gb"), ("MaxMemory", "64mbb"), ("Listen", "nowhere"), ("Settings:no-such", "1"), ("Password:Text", "x"));
        using IHost host = Hosts.Create(services => services.AddBixbite(section));
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        string[] sentences = [.. failure.Failures];
        Assert.Equal(
            "The configuration 'Bixbite:MaxMemory' is wrong: The setting 'maxmemory' cannot be '64mbb': argument must be a memory value; "
                + "it accepts 0 bytes and more.",
            sentences[0]);
        Assert.Equal(
            "The configuration 'Bixbite:Password' is wrong: it has parts of its own, and should be one value.", sentences[1]);
        Assert.Equal(
            "The configuration 'Bixbite:Listen' is wrong: 'nowhere' is no address such as 127.0.0.1:6379, [::1]:6379 or *:6379.",
            sentences[2]);
        Assert.StartsWith(
            "The configuration 'Bixbite:Settings:no-such' is wrong: 'no-such 1' is no line", sentences[3], StringComparison.Ordinal);
        Assert.Equal(
            "The configuration has 'Bixbite:MaxMemroy', which is no option: it may have ConfigurationFile, DataDirectory, MaxMemory, "
                + "Password, Listen, Settings.",
            sentences[4]);
        Assert.Equal(5, sentences.Length);
    }

    [Fact]
    public async Task CodeIsAddedToASection()
    {
        IHost host = await Hosts.StartAsync(static services =>
        {
            services.AddBixbite(Section(("MaxMemory", "64mb")));
            services.AddBixbite(static o => o.Set("maxmemory-policy", "allkeys-lru"));
            services.Configure<BixbiteOptions>(static o => o.Set("maxclients", "77"));
        });
        Assert.Single(host.Services.GetServices<BixbiteServer>());
        IReadOnlyDictionary<string, BixbiteReply> values = (await host.Server().ExecuteAsync(
            "CONFIG", "GET", "maxmemory", "maxmemory-policy", "maxclients")).AsMap();
        Assert.Equal((64 << 20, "allkeys-lru", 77), (
            values["maxmemory"].AsInt64(), values["maxmemory-policy"].AsString(), values["maxclients"].AsInt64()));
        await host.EndAsync(Cancellation);
    }

    [Fact]
    public async Task WhatCannotBeStopsTheStart()
    {
        using IHost wrong = Hosts.Create(static services => services.AddBixbite(static o => o.Set("maxmemory", "64mbb")));
        ArgumentException mistake = await Assert.ThrowsAsync<ArgumentException>(() => wrong.StartAsync(Cancellation));
        Assert.StartsWith("The setting 'maxmemory' cannot be '64mbb': ", mistake.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.File("file"), "", Cancellation);
        using IHost impossible = Hosts.Create(services => services.AddBixbite(o => o.DataDirectory = _folder.File("file")));
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(() => impossible.StartAsync(Cancellation));
        Assert.StartsWith($"The data directory '{_folder.File("file")}' cannot be made: ", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IConfigurationSection Section(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(static value => KeyValuePair.Create($"Bixbite:{value.Key}", (string?)value.Value)))
        .Build().GetSection("Bixbite");
}
