namespace Bixbite.Engine.Modules;

/// <summary>A class, and a service that its constructor takes.</summary>
public readonly record struct ServiceNeed(Type User, Type Service);

/// <summary>The objects of a server by their types: one of each. Commands get what their constructors name.</summary>
public sealed class ServiceRegistry
{
    private readonly Dictionary<Type, object> _services = [];

    /// <summary>Adds a service, which is the only one of its type, and returns it.</summary>
    public T Add<T>(T service)
        where T : class
    {
        if (!_services.TryAdd(typeof(T), service))
        {
            throw new InvalidOperationException($"There is a service {typeof(T)} already.");
        }
        return service;
    }

    /// <summary>Adds services by their types, each the only one of its type.</summary>
    public void AddAll(IEnumerable<KeyValuePair<Type, object>> services)
    {
        foreach ((Type type, object service) in services)
        {
            _services.Add(type, service);
        }
    }

    /// <summary>The service of a type; it must be there.</summary>
    public T Get<T>()
        where T : class =>
        Find<T>() ?? throw new InvalidOperationException($"There is no service {typeof(T)}, or not yet: order the modules by their needs.");

    /// <summary>The service of a type, or null.</summary>
    public T? Find<T>()
        where T : class => (T?)_services.GetValueOrDefault(typeof(T));

    /// <summary>Refuses to go on where something is missing, and names all of it with those who need it.</summary>
    public void Require(IEnumerable<ServiceNeed> needs)
    {
        string[] missing =
        [
            .. needs.Where(need => !_services.ContainsKey(need.Service)).Select(need => $"{need.User} needs {need.Service}"),
        ];
        if (missing.Length > 0)
        {
            throw new InvalidOperationException("Services are missing: " + string.Join("; ", missing));
        }
    }
}
