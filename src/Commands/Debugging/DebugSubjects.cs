using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Values;
using Bixbite.Types;

namespace Bixbite.Commands.Debugging;

/// <summary>The services with which the tools of DEBUG look at keys and values.</summary>
public sealed record DebugSubjects(
    Databases Databases, AccessClock Clock, ValueContext Values, ValueCodecs Codecs, PayloadChecks Checks, CronSwitch Cron);
