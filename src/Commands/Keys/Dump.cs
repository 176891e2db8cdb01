using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Keys;

/// <summary>Values as bytes that other servers understand: DUMP, RESTORE and RESTORE-ASKING.</summary>
public sealed class Dump(
    SnapshotSettings snapshots, ProtocolSettings protocol, AccessClock clock, ValueContext values, ValueCodecs codecs, PayloadChecks checks)
{
    private const int NotGiven = -1;

    private readonly LzfCompressor _compressor = new();
    private readonly RdbScratch _scratch = new();
    private readonly PayloadBuffer _payload = new(values);

    [Command(
        "dump", Group = "generic", Since = "2.6.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the size of the value",
        Summary = "Returns the value of a key in a form that other servers restore.",
        Syntax = "key")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        DumpPayload.Write(_payload, codecs, values, at.Record, snapshots.RdbCompression.Value ? _compressor : null);
        _payload.AnswerTo(context.Reply);
    }

    [Command(
        "restore", Group = "generic", Since = "2.6.0", Arity = -4,
        Flags = "write denyoom", Categories = "keyspace dangerous", Keys = "ow update; 1",
        History = "3.0.0 Added the `REPLACE` modifier. | 5.0.0 Added the `ABSTTL` modifier. | "
            + "5.0.0 Added the `IDLETIME` and `FREQ` options.",
        Complexity = "O(N) with N the size of the value",
        Summary = "Creates a key from what DUMP returned.",
        Syntax = "key ttl:integer serialized-value [REPLACE@3.0.0] [ABSTTL@5.0.0] [IDLETIME seconds@5.0.0] [FREQ "
            + "frequency:integer@5.0.0]")]
    public void Restore(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (at.Exists && !options.IsReplace)
        {
            context.Reply.Error(ErrorText.BusyKey);
            return;
        }
        if (!TryReadDeadline(context, options.IsAbsolute, out long deadlineMs))
        {
            return;
        }
        if (!DumpPayload.IsIntact(context[3], checks.IsChecksumSkipped))
        {
            context.Reply.Error(ErrorText.DumpChecksum);
            return;
        }
        if (!DumpPayload.TryReadType(context[3], codecs, out KeyType type))
        {
            context.Reply.Error(ErrorText.BadDataFormat);
            return;
        }
        if (!context.HasRoomFor(context[3].Length))
        {
            return;
        }
        bool isRead = type == KeyType.String
            ? TryRestoreString(context, ref at, deadlineMs)
            : TryRestoreCollection(context, ref at, type, deadlineMs);
        _scratch.Trim();
        if (!isRead)
        {
            context.Reply.Error(ErrorText.BadDataFormat);
            return;
        }
        if (at.Exists)
        {
            ApplyAccess(context, at, options);
            context.Changed(context[1], KeyEventClass.Generic, "restore"u8);
            if (deadlineMs != Deadline.None && !options.IsAbsolute)
            {
                RepeatUntil(context, deadlineMs);
            }
        }
        context.Reply.Ok();
    }

    [Command(
        "restore-asking", Group = "server", Since = "3.0.0", Arity = -4,
        Flags = "write denyoom asking syscmd", Categories = "keyspace dangerous", Keys = "ow update; 1",
        History = "3.0.0 Added the `REPLACE` modifier. | 5.0.0 Added the `ABSTTL` modifier. | "
            + "5.0.0 Added the `IDLETIME` and `FREQ` options.",
        Complexity = "O(N) with N the size of the value",
        Summary = "The same, as nodes of a cluster ask for it while keys move.",
        Syntax = "key ttl:integer serialized-value [REPLACE@3.0.0] [ABSTTL@5.0.0] [IDLETIME seconds@5.0.0] [FREQ "
            + "frequency:integer@5.0.0]")]
    public void RestoreAsking(CommandContext context) => Restore(context);

    private static void RepeatUntil(CommandContext context, long deadlineMs)
    {
        context.Effects.Begin(context.Count + 1);
        for (int i = 0; i < context.Count; i++)
        {
            if (i == 2)
            {
                context.Effects.Add(deadlineMs);
            }
            else
            {
                context.Effects.Add(context.Arguments[i]);
            }
        }
        context.Effects.Add("ABSTTL"u8);
    }

    private long LengthMax => protocol.ProtoMaxBulkLength.Value;

    private static bool TryReadOptions(CommandContext context, out Options options)
    {
        options = new Options { IdleSeconds = NotGiven, Frequency = NotGiven };
        var arguments = new ArgumentReader(context, 4);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("replace"u8))
            {
                options.IsReplace = true;
            }
            else if (arguments.Match("absttl"u8))
            {
                options.IsAbsolute = true;
            }
            else if (options.Frequency == NotGiven && arguments.Match("idletime"u8, valueCount: 1))
            {
                options.IdleSeconds = arguments.Integer();
                if (options.IdleSeconds < 0)
                {
                    arguments.Fail(ErrorText.InvalidIdleTime);
                }
            }
            else if (options.IdleSeconds == NotGiven && arguments.Match("freq"u8, valueCount: 1))
            {
                options.Frequency = arguments.Integer();
                if (options.Frequency is < 0 or > byte.MaxValue)
                {
                    arguments.Fail(ErrorText.InvalidFrequency);
                }
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private static bool TryReadDeadline(CommandContext context, bool isAbsolute, out long deadlineMs)
    {
        var arguments = new ArgumentReader(context, 2);
        long ttlMs = arguments.Integer();
        if (ttlMs < 0)
        {
            arguments.Fail(ErrorText.InvalidTtl);
        }
        deadlineMs = Deadline.None;
        if (arguments.AnswerFailure())
        {
            return false;
        }
        if (ttlMs != 0 && !DeadlineMath.TryAdd(isAbsolute ? 0 : context.NowMs, ttlMs, unit: 1, out deadlineMs))
        {
            ErrorText.InvalidExpireTime(context.Reply, "restore"u8);
            return false;
        }
        return true;
    }

    private static bool IsOver(CommandContext context, long deadlineMs) => deadlineMs != Deadline.None && context.HasPassed(deadlineMs);

    /// <summary>Removes the old value where the new one has already expired and is not stored.</summary>
    private static void RemoveOld(CommandContext context, ref KeyRef at)
    {
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, context[1]);
        }
    }

    private bool TryRestoreString(CommandContext context, ref KeyRef at, long deadlineMs)
    {
        int length = DumpPayload.CompressedLength(context[3], _scratch, LengthMax);
        if (length > StringForm.InlineSizeMax)
        {
            return TryRestoreCompressed(context, ref at, length, deadlineMs);
        }
        if (!DumpPayload.TryReadString(context[3], _scratch, LengthMax, out ReadOnlySpan<byte> text))
        {
            return false;
        }
        if (IsOver(context, deadlineMs))
        {
            RemoveOld(context, ref at);
            return true;
        }
        MakeWay(context, ref at);
        context.Database.Put(ref at, context[1], StringForm.Of(text), deadlineMs);
        return true;
    }

    /// <summary>A long string is decompressed to where it stays.</summary>
    private bool TryRestoreCompressed(CommandContext context, ref KeyRef at, int length, long deadlineMs)
    {
        TextDraft draft = context.Database.DraftText(length);
        bool isRead = DumpPayload.TryReadCompressed(context[3], _scratch, LengthMax, draft.Bytes);
        if (!isRead || IsOver(context, deadlineMs))
        {
            context.Database.DiscardText(draft);
            if (isRead)
            {
                RemoveOld(context, ref at);
            }
            return isRead;
        }
        MakeWay(context, ref at);
        context.Database.PutText(ref at, context[1], draft, deadlineMs);
        return true;
    }

    private static void MakeWay(CommandContext context, ref KeyRef at)
    {
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            at = context.Database.Find(context[1]);
        }
    }

    private bool TryRestoreCollection(CommandContext context, ref KeyRef at, KeyType type, long deadlineMs)
    {
        RecordDraft draft = context.Database.Draft(context[1], type);
        bool isRead = DumpPayload.TryReadCollection(context[3], codecs, _scratch, LengthMax, draft.Open());
        if (!isRead || IsOver(context, deadlineMs))
        {
            draft.Discard();
            if (isRead)
            {
                RemoveOld(context, ref at);
            }
            return isRead;
        }
        context.Database.Attach(ref at, ref draft, deadlineMs);
        return true;
    }

    private void ApplyAccess(CommandContext context, in KeyRef at, in Options options)
    {
        if (options.Frequency != NotGiven && clock.IsLfu)
        {
            context.Database.SetAccess(at, clock.FromFrequency((byte)options.Frequency));
        }
        else if (options.IdleSeconds != NotGiven && !clock.IsLfu)
        {
            context.Database.SetAccess(at, clock.FromIdleSeconds(options.IdleSeconds));
        }
    }

    private struct Options
    {
        public bool IsReplace { get; set; }

        public bool IsAbsolute { get; set; }

        public long IdleSeconds { get; set; }

        public long Frequency { get; set; }
    }
}
