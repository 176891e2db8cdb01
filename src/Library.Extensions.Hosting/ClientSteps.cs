using StackExchange.Redis;

namespace Bixbite;

/// <summary>Everything that an application wants to set of a server's client, in its order.</summary>
internal sealed class ClientSteps
{
    public List<Action<ConfigurationOptions>> All { get; } = [];
}
