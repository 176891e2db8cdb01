using Bixbite.Configuration;

namespace Bixbite.Engine.Modules;

/// <summary>
/// A capability of the server: all that it brings is added in one place. A server is a list of modules, and what they do not know of each
/// other they find as services.
/// </summary>
public abstract class Module
{
    /// <summary>Declares its settings, before files and the command line are read.</summary>
    public virtual void AddSettings(Settings settings)
    {
    }

    /// <summary>Adds its services, gates, commands, facts and what it keeps of clients. The modules before it have added theirs.</summary>
    public abstract void Add(ServerBuilder server);

    /// <summary>All services are there, and so is whoever runs requests: connects what needs those of later modules.</summary>
    public virtual void Connect(ServerBuilder server)
    {
    }
}
