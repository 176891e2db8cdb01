using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Storing fields together with when they expire, all of them or none: HSETEX.</summary>
public sealed class HSetEx
{
    [Command(
        "hsetex", Group = "hash", Since = "8.0.0", Arity = -6,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Stores values in fields of a hash with one expiration, if a condition holds for all of them.",
        Syntax = "key [condition: FNX | FXX] [expiration: EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT "
            + "unix-time-milliseconds | KEEPTTL] FIELDS (fields: numfields:integer (data: field value) ...)")]
    public void Run(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options) || !HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        if (!IsMet(context, options, ref edit))
        {
            context.Reply.Integer(0);
            return;
        }
        Store(context, options, ref edit);
        context.Reply.Integer(1);
    }

    private static void Store(CommandContext context, in Options options, ref HashEdit edit)
    {
        bool isTime = options.DeadlineMs != FieldDeadlines.None;
        HashValue hash = edit.Open();
        HSet.Expect(context, hash, options.First);
        for (int i = options.First; i < context.Count; i += 2)
        {
            hash.Set(context[i], context[i + 1], keepsDeadline: isTime || options.IsKeepTtl);
            if (isTime)
            {
                HExpire.SetOrRemove(context, hash, context[i], options.DeadlineMs);
            }
        }
        int fieldCount = (context.Count - options.First) / 2;
        if (!isTime)
        {
            Repeat(context, hash, options);
            edit.Close("hset"u8, fieldCount);
            return;
        }
        bool isOver = context.HasPassed(options.DeadlineMs);
        edit.Tell("hset"u8, fieldCount);
        if (!isOver)
        {
            FieldEffects.Store(context, options.First);
            FieldEffects.ExpireStored(context, options.First, options.DeadlineMs);
        }
        edit.Close(isOver ? "hdel"u8 : "hexpire"u8, count: 0);
    }

    /// <summary>
    /// The condition was met: what is left to repeat is HSET, which every server knows, and which takes deadlines away that are to be kept.
    /// </summary>
    private static void Repeat(CommandContext context, in HashValue hash, in Options options)
    {
        if (!context.Effects.IsWanted)
        {
            return;
        }
        FieldEffects.Store(context, options.First);
        if (!options.IsKeepTtl)
        {
            return;
        }
        for (int i = options.First; i < context.Count; i += 2)
        {
            if (hash.TryGetDeadline(context[i], out long deadlineMs) && deadlineMs != FieldDeadlines.None)
            {
                FieldEffects.ExpireOne(context, context[i], deadlineMs);
            }
        }
    }

    private static bool IsMet(CommandContext context, in Options options, ref HashEdit edit)
    {
        if (!options.IsFnx && !options.IsFxx)
        {
            return true;
        }
        if (!edit.Exists)
        {
            return options.IsFnx;
        }
        HashValue hash = edit.Open();
        for (int i = options.First; i < context.Count; i += 2)
        {
            if (hash.Contains(context[i]) != options.IsFxx)
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryReadOptions(CommandContext context, out Options options)
    {
        options = new Options { DeadlineMs = FieldDeadlines.None };
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("fields"u8))
            {
                return TryReadFields(context, ref arguments, ref options);
            }
            if (!TryReadOption(context, ref arguments, ref options))
            {
                return false;
            }
        }
        return !arguments.AnswerFailure();
    }

    /// <summary>One option; false if an error was answered.</summary>
    private static bool TryReadOption(CommandContext context, ref ArgumentReader arguments, ref Options options)
    {
        if (FieldTime.TryMatch(ref arguments, out FieldTime time))
        {
            return TryReadTime(context, time, ref arguments, ref options);
        }
        bool isFnx = arguments.Match("fnx"u8);
        if (isFnx || arguments.Match("fxx"u8))
        {
            if (options.IsFnx || options.IsFxx)
            {
                arguments.Fail(ErrorText.FieldConditionTwice);
            }
            options.IsFnx = isFnx;
            options.IsFxx = !isFnx;
            return !arguments.AnswerFailure();
        }
        if (arguments.Match("keepttl"u8))
        {
            if (options.HasExpiration)
            {
                arguments.Fail(ErrorText.FieldExpirationTwice);
            }
            options.IsKeepTtl = true;
            return !arguments.AnswerFailure();
        }
        ErrorText.UnknownArgument(context.Reply, arguments.Peek());
        return false;
    }

    private static bool TryReadTime(CommandContext context, FieldTime time, ref ArgumentReader arguments, ref Options options)
    {
        if (options.HasExpiration)
        {
            arguments.Fail(ErrorText.FieldExpirationTwice);
        }
        else if (arguments.IsAtEnd)
        {
            arguments.Fail(ErrorText.MissingExpireTime);
        }
        if (arguments.AnswerFailure() || !time.TryRead(context, arguments.Next(), out long deadlineMs))
        {
            return false;
        }
        options.DeadlineMs = deadlineMs;
        return true;
    }

    private static bool TryReadFields(CommandContext context, ref ArgumentReader arguments, ref Options options)
    {
        if (arguments.Left < 3)
        {
            ErrorText.WrongArity(context.Reply, context.Command.Name);
            return false;
        }
        long count = arguments.Integer(1, int.MaxValue, ErrorText.FieldCountInvalid);
        if (arguments.AnswerFailure())
        {
            return false;
        }
        if (arguments.Left != count * 2)
        {
            ErrorText.WrongArity(context.Reply, context.Command.Name);
            return false;
        }
        options.First = arguments.Position;
        return true;
    }

    private struct Options
    {
        /// <summary>The argument with the first field.</summary>
        public int First { get; set; }

        /// <summary>When the fields expire, or none.</summary>
        public long DeadlineMs { get; set; }

        public bool IsKeepTtl { get; set; }

        public readonly bool HasExpiration => IsKeepTtl || DeadlineMs != FieldDeadlines.None;

        /// <summary>Only if none of the fields exists.</summary>
        public bool IsFnx { get; set; }

        /// <summary>Only if all of the fields exist.</summary>
        public bool IsFxx { get; set; }
    }
}
