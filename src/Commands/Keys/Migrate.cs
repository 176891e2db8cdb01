using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Values;
using Bixbite.Protocol;
using Bixbite.Replication.Migration;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Keys;

/// <summary>
/// MIGRATE: keys go to another server, and from here when that has them. Only its client waits, and who wants to change one of the keys;
/// within a transaction or a script all others.
/// </summary>
public sealed class Migrate(Migrations migrations, SnapshotSettings snapshots, ValueContext values, ValueCodecs codecs)
{
    private const int TimeoutDefaultMs = 1000;
    private const int FirstOption = 6;

    private readonly LzfCompressor _compressor = new();
    private readonly PayloadBuffer _payload = new(values);

    [Command(
        "migrate", Group = "generic", Since = "2.6.0", Arity = -6,
        Flags = "write moves_keys", Categories = "keyspace dangerous", Tips = "nondeterministic_output",
        Keys = "rw access delete; 3 | rw access delete incomplete; after KEYS from -2 to -1",
        History = "3.0.0 Added the `COPY` and `REPLACE` options. | 3.0.6 Added the `KEYS` option. | 4.0.7 Added the `AUTH` option. | "
            + "6.0.0 Added the `AUTH2` option.",
        Complexity = "O(N) with N the size of the values",
        Summary = "Moves keys to another server.",
        Syntax = "host port:integer (key-or-empty-string: key | \"\") destination-db:integer timeout:integer [COPY@3.0.0] [REPLACE@3.0.0] "
            + "[authentication: AUTH password@4.0.7 | AUTH2 (username-password@6.0.0: username password)] [KEYS key@3.0.6 ...]")]
    public void Run(CommandContext context)
    {
        if (context.Waiting is MigrationWait wait)
        {
            Complete(context, wait.Migration);
            return;
        }
        if (!TryRead(context, out Options options) || !TryReadTarget(context, out MigrationTarget? target))
        {
            return;
        }
        var migration = new KeyMigration(target)
        {
            IsCopy = options.IsCopy, Database = context.Database, Credentials = options.Credentials, Requests = new PayloadBuffer(values),
        };
        Encode(context, migration, options);
        if (migration.Keys.Count == 0)
        {
            context.Reply.Simple("NOKEY"u8);
        }
        else if (migration.Requests.IsTooLarge)
        {
            migration.Requests.Clear();
            context.Reply.Error(ErrorText.DumpTooLarge);
        }
        else if (target.Port == 0 || target.Host.Length == 0)
        {
            migration.Requests.Clear();
            context.Reply.Error(target.Port == 0 ? ReplicationErrorText.MigrateNotWritten : ReplicationErrorText.MigrateNotConnected);
        }
        else
        {
            migrations.Begin(context, migration, Complete);
        }
    }

    private static bool TryRead(CommandContext context, out Options options)
    {
        options = new Options { FirstKey = 3, KeyEnd = 4 };
        var arguments = new ArgumentReader(context, FirstOption);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("copy"u8))
            {
                options.IsCopy = true;
            }
            else if (arguments.Match("replace"u8))
            {
                options.IsReplace = true;
            }
            else if (arguments.Match("auth"u8, valueCount: 1))
            {
                options.Credentials = [TakeSecret(context, ref arguments)];
            }
            else if (arguments.Match("auth2"u8, valueCount: 2))
            {
                options.Credentials = [TakeSecret(context, ref arguments), TakeSecret(context, ref arguments)];
            }
            else if (arguments.Match("keys"u8))
            {
                if (context[3].Length > 0)
                {
                    arguments.Fail(ReplicationErrorText.MigrateKeyGiven);
                    break;
                }
                options.FirstKey = arguments.Position;
                options.KeyEnd = context.Count;
                break;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private static byte[] TakeSecret(CommandContext context, ref ArgumentReader arguments)
    {
        context.Redact(arguments.Position);
        return arguments.Next().ToArray();
    }

    private static bool TryReadTarget(CommandContext context, out MigrationTarget target)
    {
        target = null!;
        if (!Integers.TryParse(context[5], out long timeoutMs) || !Integers.TryParse(context[4], out long database))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        timeoutMs = timeoutMs <= 0 ? TimeoutDefaultMs : Math.Min(timeoutMs, int.MaxValue);
        long port = Integers.TryParse(context[2], out long number) && number is >= 0 and <= ushort.MaxValue ? number : 0;
        target = new MigrationTarget(Encoding.UTF8.GetString(context[1]), (int)port, database, (int)timeoutMs);
        return true;
    }

    /// <summary>The requests that create at the target what is here of the keys.</summary>
    private void Encode(CommandContext context, KeyMigration migration, in Options options)
    {
        PayloadBuffer requests = migration.Requests;
        for (int i = options.FirstKey; i < options.KeyEnd; i++)
        {
            KeyRef at = context.KeyToRead(i);
            if (!at.Exists)
            {
                continue;
            }
            long ttlMs = at.Record.HasDeadline ? Math.Max(at.Record.DeadlineMs - context.NowMs, 1) : 0;
            DumpPayload.Write(_payload, codecs, values, at.Record, snapshots.RdbCompression.Value ? _compressor : null);
            requests.Begin(options.IsReplace ? 5 : 4);
            requests.Add("RESTORE"u8);
            requests.Add(context[i]);
            requests.Add(ttlMs);
            requests.Add(_payload.Written);
            if (options.IsReplace)
            {
                requests.Add("REPLACE"u8);
            }
            _payload.Clear();
            migration.Add(i, context.Database.HashOf(context[i]));
        }
    }

    /// <summary>The target has answered, or does not: what it has goes from here, unless it has changed here meanwhile.</summary>
    private static void Complete(CommandContext context, KeyMigration migration)
    {
        bool hasKept = !migration.IsCopy && RemoveRestored(context, migration);
        ReplyWriter reply = context.Reply;
        if (migration.TargetError is { } error)
        {
            ReplicationErrorText.TargetRefused(reply, error);
        }
        else if (migration.End == MigrationEnd.NotConnected)
        {
            reply.Error(ReplicationErrorText.MigrateNotConnected);
        }
        else if (migration.End == MigrationEnd.NotWritten)
        {
            reply.Error(ReplicationErrorText.MigrateNotWritten);
        }
        else if (migration.End == MigrationEnd.NotRead)
        {
            reply.Error(ReplicationErrorText.MigrateNotRead);
        }
        else if (hasKept)
        {
            reply.Error(ReplicationErrorText.MigrateChanged);
        }
        else
        {
            reply.Ok();
        }
    }

    /// <summary>Removes what the target has; true if something of it stays, since it has changed.</summary>
    private static bool RemoveRestored(CommandContext context, KeyMigration migration)
    {
        bool hasKept = false;
        List<int> removed = [];
        foreach (MigratedKey key in migration.Keys)
        {
            if (!key.IsRestored)
            {
                continue;
            }
            if (key.HasChanged)
            {
                hasKept = true;
                continue;
            }
            KeyRef at = context.KeyToWrite(key.Argument);
            if (at.Exists)
            {
                context.Database.Remove(ref at);
                context.Changed(context[key.Argument], KeyEventClass.Generic, "del"u8);
                removed.Add(key.Argument);
            }
        }
        if (removed.Count > 0)
        {
            context.Effects.Begin(removed.Count + 1);
            context.Effects.Add("DEL"u8);
            foreach (int argument in removed)
            {
                context.Effects.Add(context.Arguments[argument]);
            }
        }
        return hasKept;
    }

    private struct Options
    {
        public Options()
        {
        }

        public bool IsCopy { get; set; }

        public bool IsReplace { get; set; }

        public int FirstKey { get; set; }

        public int KeyEnd { get; set; }

        public byte[][] Credentials { get; set; } = [];
    }
}
