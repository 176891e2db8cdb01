using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XREAD: what came into several streams after an id, waiting for it if need be.</summary>
public sealed class XRead(KeyWaits waits)
{
    [Command(
        "xread", Group = "stream", Since = "5.0.0", Arity = -4,
        Flags = "readonly blocking", Keys = "ro access; after STREAMS from 1 to -1 limit 2",
        Complexity = "O(log(N)+M) for each stream, with N the number of its entries and M the number returned",
        Summary = "Returns entries that came after given ones, of several streams; waits until there are some.",
        Syntax = "[COUNT count] [BLOCK milliseconds] STREAMS (streams: key ... id ...)")]
    public void Run(CommandContext context)
    {
        if (!ReadRequest.TryRead(context, isForGroup: false, out ReadRequest request) || !TryCheck(context, request))
        {
            return;
        }
        var reply = new StreamsReply(context.Reply);
        for (int i = 0; i < request.StreamCount; i++)
        {
            Serve(context, request, i, ref reply);
        }
        if (reply.Count > 0)
        {
            reply.End();
        }
        else if (request.IsWaiting)
        {
            Wait(context, request);
        }
        else
        {
            context.Reply.NullArray();
        }
    }

    /// <summary>Whether all keys are streams and all ids are ids; otherwise answers the first error.</summary>
    private static bool TryCheck(CommandContext context, in ReadRequest request)
    {
        for (int i = 0; i < request.StreamCount; i++)
        {
            KeyRef at = context.KeyToRead(request.KeyAt(i));
            if (context.IsWrongType(at, KeyType.Stream))
            {
                return false;
            }
            ReadOnlySpan<byte> text = context[request.IdAt(i)];
            ReadOnlySpan<byte> error = default;
            if (text.SequenceEqual("+"u8))
            {
                bool isUnused = at.Exists && new StreamValue(context.Database.Open(at)).LastId.IsZero;
                error = isUnused ? StreamErrorText.LastIdZero : default;
            }
            else if (text.SequenceEqual(">"u8))
            {
                error = StreamErrorText.NewIdWithoutGroup;
            }
            else if (!text.SequenceEqual("$"u8) && !IdArguments.TryParse(text, missingSequence: 0, out _))
            {
                error = StreamErrorText.InvalidId;
            }
            if (!error.IsEmpty)
            {
                context.Reply.Error(error);
                return false;
            }
        }
        return true;
    }

    private static void Serve(CommandContext context, in ReadRequest request, int index, ref StreamsReply reply)
    {
        ReadOnlySpan<byte> key = context[request.KeyAt(index)];
        KeyRef at = context.Keys.Peek(context.Database, key);
        if (!at.Exists)
        {
            return;
        }
        var stream = new StreamValue(context.Database.Open(at));
        if (!Resolve(stream, context[request.IdAt(index)]).TryGetNext(out StreamId from))
        {
            return;
        }
        StreamEntryReader reader = stream.Read(from, StreamId.Max);
        if (reader.MoveNext())
        {
            reply.Begin(key);
            EntryReply.Rest(context.Reply, ref reader, request.CountMax);
        }
    }

    /// <summary>The id after which the client wants to read; its text was checked.</summary>
    private static StreamId Resolve(StreamValue stream, ReadOnlySpan<byte> text)
    {
        StreamId id;
        if (text.SequenceEqual("$"u8))
        {
            return stream.LastId;
        }
        if (text.SequenceEqual("+"u8))
        {
            stream.LastId.TryGetPrevious(out id);
            return id;
        }
        IdArguments.TryParse(text, missingSequence: 0, out id);
        return id;
    }

    /// <summary>Waits, and makes "$" the id that it stands for now, lest nothing ever comes after it.</summary>
    private void Wait(CommandContext context, in ReadRequest request)
    {
        var keys = new WaitedKeys(KeyType.Stream, request.KeyIndex, request.StreamCount);
        if (waits.Block(context, keys, request.TimeoutMs) is not { } wait)
        {
            return;
        }
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        for (int i = 0; i < request.StreamCount; i++)
        {
            if (context[request.IdAt(i)].SequenceEqual("$"u8))
            {
                KeyRef at = context.Keys.Peek(context.Database, context[request.KeyAt(i)]);
                StreamId id = at.Exists ? new StreamValue(context.Database.Open(at)).LastId : default;
                wait.ReplaceArgument(request.IdAt(i), text[..id.Format(text)]);
            }
        }
    }
}
