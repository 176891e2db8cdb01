using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>The parsed request of XREAD or XREADGROUP.</summary>
internal struct ReadRequest
{
    /// <summary>The position of the group's name, which the consumer's follows; 0 without GROUP.</summary>
    public int GroupIndex { get; private set; }

    /// <summary>The position of the first key; the ids follow the last one.</summary>
    public int KeyIndex { get; private set; }

    public int StreamCount { get; private set; }

    /// <summary>The most entries of each stream; 0 if as many as there are.</summary>
    public long CountMax { get; private set; }

    /// <summary>BLOCK: the command waits where there is nothing.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>For how long; 0 is forever.</summary>
    public long TimeoutMs { get; private set; }

    /// <summary>NOACK: what is delivered does not become pending.</summary>
    public bool IsNoAck { get; private set; }

    /// <summary>CLAIM: entries that are pending for so long are delivered again.</summary>
    public long? MinIdleMs { get; private set; }

    public readonly int KeyAt(int stream) => KeyIndex + stream;

    public readonly int IdAt(int stream) => KeyIndex + StreamCount + stream;

    /// <summary>Reads the request; on failure answers the error.</summary>
    public static bool TryRead(CommandContext context, bool isForGroup, out ReadRequest request)
    {
        request = default;
        var arguments = new ArgumentReader(context, 1);
        while (!arguments.IsAtEnd && request.KeyIndex == 0)
        {
            if (arguments.Match("block"u8, valueCount: 1))
            {
                if (context.Origin.IsScripted)
                {
                    StreamErrorText.NoBlockInScript(context.Reply, context[0]);
                    return false;
                }
                request.IsWaiting = true;
                if (!TimeoutArgument.TryRead(context, arguments.Position, TimeoutUnit.Milliseconds, out long timeoutMs))
                {
                    return false;
                }
                request.TimeoutMs = timeoutMs;
                arguments.Next();
            }
            else if (arguments.Match("count"u8, valueCount: 1))
            {
                request.CountMax = Math.Max(arguments.Integer(), 0);
            }
            else if (arguments.Match("streams"u8, valueCount: 1))
            {
                request.KeyIndex = arguments.Position;
                request.StreamCount = arguments.Left / 2;
            }
            else if (!request.TryReadGroupOption(context, ref arguments, isForGroup))
            {
                return false;
            }
        }
        if (!arguments.HasFailed && request.KeyIndex == 0)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        return !arguments.AnswerFailure() && request.TryCheck(context, isForGroup);
    }

    /// <summary>The options of XREADGROUP alone; false if an error was answered because XREAD was called with one.</summary>
    private bool TryReadGroupOption(CommandContext context, ref ArgumentReader arguments, bool isForGroup)
    {
        ReadOnlySpan<byte> option = default;
        if (arguments.Match("group"u8, valueCount: 2))
        {
            option = "GROUP"u8;
            GroupIndex = arguments.Position;
            arguments.Next();
            arguments.Next();
        }
        else if (arguments.Match("noack"u8))
        {
            option = "NOACK"u8;
            IsNoAck = true;
        }
        else if (arguments.Match("claim"u8, valueCount: 1))
        {
            option = "CLAIM"u8;
            MinIdleMs = ReadMinIdle(ref arguments);
        }
        else
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (isForGroup || option.IsEmpty)
        {
            return true;
        }
        StreamErrorText.OnlyForGroups(context.Reply, option);
        return false;
    }

    private static long ReadMinIdle(ref ArgumentReader arguments)
    {
        long minIdleMs = arguments.Integer(StreamErrorText.MinIdleNotAnInteger);
        if (minIdleMs < 0)
        {
            arguments.Fail(StreamErrorText.MinIdleNegative);
        }
        return minIdleMs;
    }

    private readonly bool TryCheck(CommandContext context, bool isForGroup)
    {
        if ((context.Count - KeyIndex) % 2 != 0)
        {
            StreamErrorText.UnbalancedStreams(
                context.Reply, context.Command.FullName, isForGroup ? "ID or '>'"u8 : "ID, '+', or '$'"u8);
            return false;
        }
        if (isForGroup && GroupIndex == 0)
        {
            context.Reply.Error(StreamErrorText.GroupMissing);
            return false;
        }
        return true;
    }
}
