using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;
using Bixbite.Replication.Primary;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.Replication;

/// <summary>REPLCONF: what a replica says of itself before PSYNC, and how far it is afterwards.</summary>
public sealed class ReplConf(Replicas replicas)
{
    private static readonly Version s_versionMax = new(255, 255, 255);

    [Command(
        "replconf", Group = "server", Since = "3.0.0", Arity = -1,
        Flags = "admin noscript loading stale allow_busy syscmd",
        Complexity = "O(1)",
        Summary = "Tells a primary of its replica, and the other way round.")]
    public void Run(CommandContext context)
    {
        if (context.Count % 2 == 0)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        for (int i = 1; i < context.Count; i += 2)
        {
            if (Ascii.EqualsIgnoreCase(context[i], "ack"u8))
            {
                Acknowledge(context, i);
                return;
            }
            if (Ascii.EqualsIgnoreCase(context[i], "getack"u8))
            {
                return;
            }
            if (!TryTake(context, context[i], context[i + 1]))
            {
                return;
            }
        }
        context.Reply.Ok();
    }

    /// <summary>An acknowledgement is not answered, whatever is wrong with it.</summary>
    private void Acknowledge(CommandContext context, int index)
    {
        long? loggedEnd = null;
        if (!Integers.TryParse(context[index + 1], out long end))
        {
            return;
        }
        if (context.Count > index + 3 && Ascii.EqualsIgnoreCase(context[index + 2], "fack"u8))
        {
            loggedEnd = Integers.TryParse(context[index + 3], out long logged) ? logged : null;
        }
        replicas.Acknowledge(context.Session, end, loggedEnd);
    }

    private bool TryTake(CommandContext context, ReadOnlySpan<byte> option, ReadOnlySpan<byte> value)
    {
        ReplicaOptions options = replicas.OptionsOf(context.Session);
        if (Ascii.EqualsIgnoreCase(option, "listening-port"u8))
        {
            return TryTakePort(context, options, value);
        }
        if (Ascii.EqualsIgnoreCase(option, "ip-address"u8))
        {
            return TryTakeAddress(context, options, value);
        }
        if (Ascii.EqualsIgnoreCase(option, "capa"u8))
        {
            options.FindsMark |= Ascii.EqualsIgnoreCase(value, "eof"u8);
            options.TakesNewId |= Ascii.EqualsIgnoreCase(value, "psync2"u8);
            options.KnowsFieldExpiry |= Ascii.EqualsIgnoreCase(value, ReplicaVersions.FieldExpiryCapability);
            return true;
        }
        if (Ascii.EqualsIgnoreCase(option, "rdb-only"u8))
        {
            return TryTakeSnapshotOnly(context, options, value);
        }
        if (Ascii.EqualsIgnoreCase(option, "rdb-filter-only"u8))
        {
            return TryTakeFilter(context, options, value);
        }
        if (Ascii.EqualsIgnoreCase(option, "version"u8))
        {
            return TryTakeVersion(context, options, value);
        }
        ReplicationErrorText.UnknownOption(context.Reply, option);
        return false;
    }

    private static bool TryTakePort(CommandContext context, ReplicaOptions options, ReadOnlySpan<byte> value)
    {
        if (!Integers.TryParse(value, out long port))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        options.Port = port;
        return true;
    }

    private static bool TryTakeAddress(CommandContext context, ReplicaOptions options, ReadOnlySpan<byte> value)
    {
        if (value.Length >= ReplicaOptions.AddressSizeMax)
        {
            ReplicationErrorText.AddressTooLong(context.Reply, value.Length);
            return false;
        }
        options.Address = Encoding.UTF8.GetString(value);
        return true;
    }

    private static bool TryTakeSnapshotOnly(CommandContext context, ReplicaOptions options, ReadOnlySpan<byte> value)
    {
        if (!Integers.TryParse(value, out long number) || number is < 0 or > 1)
        {
            ErrorText.MustBeBetween(context.Reply, 0, 1);
            return false;
        }
        options.WantsSnapshotOnly = number == 1;
        return true;
    }

    /// <summary>The names of the parts that are wanted; without any, nothing is.</summary>
    private static bool TryTakeFilter(CommandContext context, ReplicaOptions options, ReadOnlySpan<byte> value)
    {
        if (!QuotedWords.TrySplit(value, out List<byte[]> names))
        {
            context.Reply.Error(ReplicationErrorText.MissingFilter);
            return false;
        }
        options.Content = new TransferContent(HasKeys: false, HasRecords: false);
        foreach (byte[] name in names)
        {
            if (!Ascii.EqualsIgnoreCase(name, "functions"u8))
            {
                ReplicationErrorText.UnknownFilter(context.Reply, name);
                return false;
            }
            options.Content = options.Content with { HasRecords = true };
        }
        return true;
    }

    private static bool TryTakeVersion(CommandContext context, ReplicaOptions options, ReadOnlySpan<byte> value)
    {
        if (Version.TryParse(Encoding.ASCII.GetString(value), out Version? version) && version.Build >= 0 && version.Revision < 0
            && version.Major <= s_versionMax.Major && version.Minor <= s_versionMax.Minor && version.Build <= s_versionMax.Build)
        {
            options.HasVersion = true;
            return true;
        }
        ReplicationErrorText.BadVersion(context.Reply, value);
        return false;
    }
}
