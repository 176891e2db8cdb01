using Bixbite.Engine.Modules;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>HIMPORT's fieldsets.</summary>
public sealed class HashImportModule : Module
{
    public override void Add(ServerBuilder server) => server.AddPart(new FieldsetClients(server.Sessions));
}
