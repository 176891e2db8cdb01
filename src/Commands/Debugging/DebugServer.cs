using System.Buffers;
using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication.History;
using Bixbite.Replication.Streaming;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Debugging;

/// <summary>The tools of DEBUG that concern the process.</summary>
internal sealed class DebugServer(
    ActiveExpiry expiry, ReplicationHistory history, ReplicationStream stream, ServerLog serverLog, CronSwitch cron)
{
    /// <summary>An address that no process has mapped, and far from 0, where the runtime would throw an exception.</summary>
    private const ulong ForbiddenAddress = 1 << 20;
    private const long SleepSecondsMax = int.MaxValue;

    public IEnumerable<DebugTool> Tools =>
    [
        new DebugTool("sleep", 3, 3, Sleep),
        new DebugTool("error", 3, 3, Error),
        new DebugTool("log", 3, 3, Log),
        new DebugTool("set-active-expire", 3, 3, SetActiveExpire),
        new DebugTool("stringmatch-len", 4, 4, StringMatch),
        new DebugTool("change-repl-id", 2, 2, ChangeReplicationId),
        new DebugTool("replicate", 3, int.MaxValue, Replicate),
        new DebugTool("pause-cron", 3, 3, PauseCron),
        new DebugTool("replybuffer", 4, 4, ReplyBuffer),
        new DebugTool("panic", 2, 2, Panic),
        new DebugTool("segfault", 2, 2, SegmentationFault),
    ];

    /// <summary>Stops everything, since the caller holds the execution lock: what a slow command does.</summary>
    private static void Sleep(CommandContext context)
    {
        if (Doubles.TryParse(context[2], out double seconds) && seconds > 0)
        {
            Rest.ForMicroseconds((long)(Math.Min(seconds, SleepSecondsMax) * 1_000_000));
        }
        context.Reply.Ok();
    }

    /// <summary>The text is answered as it is, without ERR; line breaks become blanks.</summary>
    private static void Error(CommandContext context) => new ErrorLine(context.Reply).Argument(context[2]).End();

    private static void StringMatch(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long length = arguments.Integer(0, Array.MaxLength, ErrorText.OutOfRange);
        if (arguments.AnswerFailure())
        {
            return;
        }
        byte[] text = new byte[length];
        text.AsSpan().Fill((byte)'a');
        context.Reply.Integer(Glob.IsMatch(context[3], text) ? 1 : 0);
    }

    /// <summary>
    /// Replies lie in their loop's buffer until the round's end, so there is nothing to resize for one client; the words are checked.
    /// </summary>
    private static void ReplyBuffer(CommandContext context)
    {
        if (Ascii.EqualsIgnoreCase(context[2], "peak-reset-time"u8))
        {
            bool isWord = Ascii.EqualsIgnoreCase(context[3], "never"u8) || Ascii.EqualsIgnoreCase(context[3], "reset"u8);
            if (!isWord && !Integers.TryParse(context[3], out long _))
            {
                context.Reply.Error(ErrorText.NotAnInteger);
                return;
            }
        }
        else if (!Ascii.EqualsIgnoreCase(context[2], "resizing"u8))
        {
            ErrorText.SubcommandSyntax(context.Reply, "DEBUG"u8, context[1]);
            return;
        }
        context.Reply.Ok();
    }

    /// <summary>Nobody catches it: the crash report is written and the process ends.</summary>
    private static void Panic(CommandContext context) =>
        throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"DEBUG PANIC called at Unix time {context.NowMs / 1000}"));

    private static void SegmentationFault(CommandContext context) => Native.At<long>(ForbiddenAddress) = 0;

    private void Log(CommandContext context)
    {
        serverLog.Write(LogLevel.Warning, $"DEBUG LOG: {ByteText.Decode(context[2])}");
        context.Reply.Ok();
    }

    private void SetActiveExpire(CommandContext context)
    {
        expiry.IsOn = !context[2].SequenceEqual("0"u8);
        context.Reply.Ok();
    }

    private void PauseCron(CommandContext context)
    {
        cron.IsPaused = Integers.TryParse(context[2], out long value) && value != 0;
        context.Reply.Ok();
    }

    /// <summary>Replicas get a request that nobody has run here.</summary>
    private void Replicate(CommandContext context)
    {
        ArrayBufferWriter<byte> request = new();
        request.Begin(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            request.Add(context[i]);
        }
        if (stream is { IsOn: true, IsRepeating: false })
        {
            ((IPropagationSink)stream).Append(database: -1, request.WrittenSpan, PropagationTargets.Replicas);
        }
        context.Reply.Ok();
    }

    private void ChangeReplicationId(CommandContext context)
    {
        history.Begin();
        context.Reply.Ok();
    }
}
