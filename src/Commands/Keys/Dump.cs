using System.Buffers;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Settings;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Keys;

/// <summary>Values as bytes that other servers understand: DUMP and RESTORE.</summary>
public sealed class Dump(Settings settings, AccessClock clock)
{
    private const int NotGiven = -1;

    private readonly LzfCompressor _compressor = new();

    [Command(
        "dump", Group = "generic", Since = "2.6.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the size of the value",
        Summary = "Returns the value of a key in a form that other servers restore.",
        Syntax = "key")]
    public void DumpValue(CommandContext context)
    {
        KeyRef at = context.Read(1);
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        var payload = new ArrayBufferWriter<byte>();
        DumpPayload.Write(payload, at.Record, settings.Persistence.RdbCompression.Value ? _compressor : null);
        context.Reply.Bulk(payload.WrittenSpan);
    }

    [Command(
        "restore", Group = "generic", Since = "2.6.0", Arity = -4,
        Flags = "write denyoom", Categories = "keyspace dangerous", Keys = "ow update; 1",
        Complexity = "O(N) with N the size of the value",
        Summary = "Creates a key from what DUMP returned.",
        Syntax = "key ttl:integer serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency:integer]")]
    public void Restore(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options))
        {
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.Write(1);
        if (at.Exists && !options.IsReplace)
        {
            context.Reply.Error(ErrorText.BusyKey);
            return;
        }
        if (!TryReadDeadline(context, options.IsAbsolute, out long deadlineMs) || !TryReadPayload(context, out byte[] text))
        {
            return;
        }

        if (deadlineMs != Deadline.None && deadlineMs <= context.NowMs)
        {
            RemoveOld(context, ref at);
            context.Reply.Ok();
            return;
        }
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            at = context.Database.Find(key);
        }
        context.Database.Put(ref at, key, StringForm.Of(text), deadlineMs);
        ApplyAccess(context, at, options);
        context.Changed(key, KeyEventClass.Generic, "restore"u8);
        context.Reply.Ok();
    }

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
        deadlineMs = ttlMs == 0 ? Deadline.None : isAbsolute ? ttlMs : unchecked(context.NowMs + ttlMs);
        return !arguments.AnswerFailure();
    }

    private static void RemoveOld(CommandContext context, ref KeyRef at)
    {
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
        }
    }

    private bool TryReadPayload(CommandContext context, out byte[] text)
    {
        text = [];
        if (!DumpPayload.IsIntact(context[3]))
        {
            context.Reply.Error(ErrorText.DumpChecksum);
            return false;
        }
        if (!DumpPayload.TryReadString(context[3], settings.Protocol.ProtoMaxBulkLength.Value, out text))
        {
            context.Reply.Error(ErrorText.BadDataFormat);
            return false;
        }
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
