namespace Bixbite.Wire.Harness;

/// <summary>A redis-server of this machine's, to compare with. Where there is none, the test is skipped with that reason.</summary>
internal sealed class RedisPeer : IDisposable
{
    private readonly ServerProcess _process;

    private RedisPeer(ServerProcess process) => _process = process;

    public ServerAddress Address => _process.Address;

    public static RedisPeer Start(params string[] options)
    {
        string? path = Programs.RedisServer;
        Assert.SkipWhen(path is null, "needs redis-server on the PATH to compare with (on Debian: apt-get install redis-server)");
        return new RedisPeer(ServerProcess.Start(path!, options));
    }

    public RespConnection Connect() => RespConnection.Open(Address);

    public void Dispose() => _process.Dispose();
}
