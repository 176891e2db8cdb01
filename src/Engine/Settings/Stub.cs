namespace Bixbite.Engine.Settings;
public sealed class Stub<T>(T value) { public T Value { get; set; } = value; }
public sealed class Settings
{
    public ClientsStub Clients { get; } = new(); public NetworkStub Network { get; } = new(); public ProtocolStub Protocol { get; } = new(); public PersistenceStub Persistence { get; } = new();
}
public sealed class ClientsStub { public Stub<long> MaxClients = new(10000); public Stub<string> RequirePass = new(""); public Stub<int> Timeout = new(0); }
public sealed class NetworkStub { public Stub<bool> ProtectedMode = new(true); }
public sealed class ProtocolStub { public Stub<long> ProtoMaxBulkLength = new(512L << 20); }
public sealed class PersistenceStub { public Stub<bool> RdbCompression = new(true); }
public sealed class EngineSettings { public LocalAccess DebugCommand => LocalAccess.Yes; }
public enum LocalAccess { No, Yes, Local }
