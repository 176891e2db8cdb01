using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>Caches on the clients' side: CLIENT TRACKING, CACHING, TRACKINGINFO, GETREDIR.</summary>
public sealed class ClientTracking(KeyTracking tracking, SessionTable sessions)
{
    private const TrackingModes OptModes = TrackingModes.OptIn | TrackingModes.OptOut;

    [Command(
        "client|tracking", Group = "connection", Since = "6.0.0", Arity = -3,
        Flags = "noscript loading stale",
        Complexity = "O(1); some options take longer",
        Summary = "Chooses whether this connection is told when what it has read changes.",
        Syntax = "(status: ON | OFF) [REDIRECT client-id:integer] [(PREFIX prefix) ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]")]
    public void Tracking(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options))
        {
            return;
        }
        if (Ascii.EqualsIgnoreCase(context[2], "on"u8))
        {
            if (IsRefused(context, options))
            {
                return;
            }
            if (options.Has(TrackingModes.Broadcast) && options.Prefixes.Count == 0)
            {
                options.Prefixes.Add([]);
            }
            tracking.Start(context.Session, options.Modes, options.RedirectId, options.Prefixes);
        }
        else if (Ascii.EqualsIgnoreCase(context[2], "off"u8))
        {
            tracking.Stop(context.Session);
        }
        else
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        context.Reply.Ok();
    }

    [Command(
        "client|caching", Group = "connection", Since = "6.0.0", Arity = 3,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Chooses whether what the next command reads is tracked.",
        Syntax = "(mode: YES | NO)")]
    public void Caching(CommandContext context)
    {
        if (tracking.Of(context.Session) is not { } current)
        {
            context.Reply.Error(ErrorText.CachingNotTracking);
            return;
        }
        bool isYes = Ascii.EqualsIgnoreCase(context[2], "yes"u8);
        if (!isYes && !Ascii.EqualsIgnoreCase(context[2], "no"u8))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (!current.Has(isYes ? TrackingModes.OptIn : TrackingModes.OptOut))
        {
            context.Reply.Error(isYes ? ErrorText.CachingYesOptIn : ErrorText.CachingNoOptOut);
            return;
        }
        current.IsCachingGiven = true;
        context.Reply.Ok();
    }

    [Command(
        "client|getredir", Group = "connection", Since = "6.0.0", Arity = 2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Returns where the tracking messages of this connection go.")]
    public void GetRedir(CommandContext context) => context.Reply.Integer(tracking.Of(context.Session)?.RedirectId ?? -1);

    [Command(
        "client|trackinginfo", Group = "connection", Since = "6.2.0", Arity = 2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Returns how tracking is set up for this connection.")]
    public void TrackingInfo(CommandContext context)
    {
        ReplyWriter reply = context.Reply;
        SessionTracking? current = tracking.Of(context.Session);
        reply.Map(3);
        reply.Bulk("flags"u8);
        AnswerFlags(reply, current);
        reply.Bulk("redirect"u8);
        reply.Integer(current?.RedirectId ?? -1);
        reply.Bulk("prefixes"u8);
        reply.Array(current?.Prefixes.Count ?? 0);
        foreach (byte[] prefix in current?.Prefixes ?? [])
        {
            reply.Bulk(prefix);
        }
    }

    private static void AnswerFlags(ReplyWriter reply, SessionTracking? current)
    {
        int mark = reply.BeginSet();
        int count = 1;
        reply.Bulk(current is null ? "off"u8 : "on"u8);
        if (current is not null)
        {
            count += AnswerFlag(reply, current.Has(TrackingModes.Broadcast), "bcast"u8);
            count += AnswerFlag(reply, current.Has(TrackingModes.OptIn), "optin"u8);
            count += AnswerFlag(reply, current.Has(TrackingModes.OptIn) && current.IsCachingGiven, "caching-yes"u8);
            count += AnswerFlag(reply, current.Has(TrackingModes.OptOut), "optout"u8);
            count += AnswerFlag(reply, current.Has(TrackingModes.OptOut) && current.IsCachingGiven, "caching-no"u8);
            count += AnswerFlag(reply, current.Has(TrackingModes.NoLoop), "noloop"u8);
            count += AnswerFlag(reply, current.IsRedirectBroken, "broken_redirect"u8);
        }
        reply.EndSet(mark, count);
    }

    private static int AnswerFlag(ReplyWriter reply, bool isSet, ReadOnlySpan<byte> name)
    {
        if (isSet)
        {
            reply.Bulk(name);
        }
        return isSet ? 1 : 0;
    }

    /// <summary>Reads all options, whether tracking is to be on or off; on failure answers the error.</summary>
    private bool TryReadOptions(CommandContext context, out Options options)
    {
        options = new Options();
        var arguments = new ArgumentReader(context, 3);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("redirect"u8, valueCount: 1))
            {
                ReadRedirect(ref arguments, options);
            }
            else if (arguments.Match("bcast"u8))
            {
                options.Modes |= TrackingModes.Broadcast;
            }
            else if (arguments.Match("optin"u8))
            {
                options.Modes |= TrackingModes.OptIn;
            }
            else if (arguments.Match("optout"u8))
            {
                options.Modes |= TrackingModes.OptOut;
            }
            else if (arguments.Match("noloop"u8))
            {
                options.Modes |= TrackingModes.NoLoop;
            }
            else if (arguments.Match("prefix"u8, valueCount: 1))
            {
                options.Prefixes.Add(arguments.Next().ToArray());
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private void ReadRedirect(ref ArgumentReader arguments, Options options)
    {
        if (options.RedirectId != 0)
        {
            arguments.Fail(ErrorText.RedirectOnce);
            return;
        }
        options.RedirectId = arguments.Integer();
        if (!arguments.HasFailed && sessions.Find(options.RedirectId) is null)
        {
            arguments.Fail(ErrorText.RedirectMissing);
        }
    }

    /// <summary>Answers an error where the options contradict each other or what the session has already.</summary>
    private bool IsRefused(CommandContext context, Options options)
    {
        SessionTracking? current = tracking.Of(context.Session);
        ReadOnlySpan<byte> error = default;
        if (!options.Has(TrackingModes.Broadcast) && options.Prefixes.Count > 0)
        {
            error = ErrorText.PrefixNeedsBroadcast;
        }
        else if (current is not null && current.Has(TrackingModes.Broadcast) != options.Has(TrackingModes.Broadcast))
        {
            error = ErrorText.BroadcastSwitch;
        }
        else if (options.Has(TrackingModes.Broadcast) && options.Has(OptModes))
        {
            error = ErrorText.OptWithBroadcast;
        }
        else if (options.Has(TrackingModes.OptIn) && options.Has(TrackingModes.OptOut))
        {
            error = ErrorText.OptInAndOut;
        }
        else if (current is not null && IsSwitch(current.Modes & OptModes, options.Modes & OptModes))
        {
            error = ErrorText.OptSwitch;
        }
        if (!error.IsEmpty)
        {
            context.Reply.Error(error);
            return true;
        }
        return Overlaps(context, current, options.Prefixes);
    }

    private static bool IsSwitch(TrackingModes before, TrackingModes after) =>
        before != TrackingModes.None && after != TrackingModes.None && before != after;

    /// <summary>Answers an error where a key could begin with two prefixes of the client.</summary>
    private static bool Overlaps(CommandContext context, SessionTracking? current, List<byte[]> prefixes)
    {
        for (int i = 0; i < prefixes.Count; i++)
        {
            foreach (byte[] existing in current?.Prefixes ?? [])
            {
                if (Overlap(existing, prefixes[i]))
                {
                    ErrorText.PrefixOverlapsExisting(context.Reply, prefixes[i], existing);
                    return true;
                }
            }
            for (int j = i + 1; j < prefixes.Count; j++)
            {
                if (Overlap(prefixes[i], prefixes[j]))
                {
                    ErrorText.PrefixOverlapsProvided(context.Reply, prefixes[i], prefixes[j]);
                    return true;
                }
            }
        }
        return false;
    }

    private static bool Overlap(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.StartsWith(right) || right.StartsWith(left);

    /// <summary>The parsed options of CLIENT TRACKING.</summary>
    private sealed class Options
    {
        public TrackingModes Modes { get; set; }

        public long RedirectId { get; set; }

        public List<byte[]> Prefixes { get; } = [];

        public bool Has(TrackingModes mode) => (Modes & mode) != 0;
    }
}
