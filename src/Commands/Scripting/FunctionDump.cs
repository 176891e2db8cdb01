using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;
using Bixbite.Scripting.Functions;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Scripting;

/// <summary>Libraries as bytes that other servers understand: FUNCTION DUMP and FUNCTION RESTORE.</summary>
public sealed class FunctionDump(
    FunctionService functions, SnapshotSettings snapshots, ProtocolSettings protocol, ValueContext values, PayloadChecks checks)
{
    private readonly LzfCompressor _compressor = new();
    private readonly RdbScratch _scratch = new();
    private readonly PayloadBuffer _payload = new(values);

    [Command(
        "function|dump", Group = "scripting", Since = "7.0.0", Arity = 2,
        Flags = "noscript",
        Categories = "scripting",
        Complexity = "O(N) with N the libraries",
        Summary = "Returns all libraries in a form that other servers restore.")]
    public void Dump(CommandContext context)
    {
        context.ShowsRecords = true;
        RecordPayload.Write(_payload, functions.Records, snapshots.RdbCompression.Value ? _compressor : null);
        _payload.AnswerTo(context.Reply);
    }

    [Command(
        "function|restore", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "write denyoom noscript",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(N) with N the functions of the payload",
        Summary = "Adds the libraries that FUNCTION DUMP returned.",
        Syntax = "serialized-value [policy: FLUSH | APPEND | REPLACE]")]
    public void Restore(CommandContext context)
    {
        if (context.Count > 4)
        {
            ErrorText.SubcommandSyntax(context.Reply, "FUNCTION"u8, context[1]);
            return;
        }
        if (!TryReadPolicy(context, out RestorePolicy policy))
        {
            context.Reply.Error(ErrorText.RestorePolicyUnknown);
            return;
        }
        if (!DumpPayload.IsIntact(context[2], checks.IsChecksumSkipped))
        {
            context.Reply.Error(ErrorText.DumpChecksum);
            return;
        }
        using Restoration restoration = functions.BeginRestoring(context, policy);
        bool isRead = TryRead(context, restoration);
        _scratch.Trim();
        if (!isRead)
        {
            return;
        }
        if (functions.Complete(restoration, policy) is { } problem)
        {
            ErrorText.Problem(context.Reply, problem);
            return;
        }
        context.RecordsChanged();
        context.Reply.Ok();
    }

    private static bool TryReadPolicy(CommandContext context, out RestorePolicy policy)
    {
        policy = RestorePolicy.Append;
        if (context.Count == 3 || Ascii.EqualsIgnoreCase(context[3], "append"u8))
        {
            return true;
        }
        bool isReplace = Ascii.EqualsIgnoreCase(context[3], "replace"u8);
        policy = isReplace ? RestorePolicy.Replace : RestorePolicy.Flush;
        return isReplace || Ascii.EqualsIgnoreCase(context[3], "flush"u8);
    }

    /// <summary>Loads all libraries of the payload; answers what is wrong with one.</summary>
    private bool TryRead(CommandContext context, Restoration restoration)
    {
        var reader = new RecordPayloadReader(context[2], functions.Records.Code, _scratch, protocol.ProtoMaxBulkLength.Value);
        while (true)
        {
            switch (reader.Next(out ReadOnlySpan<byte> source))
            {
                case RecordStep.End:
                    return true;
                case RecordStep.Record when restoration.Add(source) is { } problem:
                    ErrorText.Problem(context.Reply, problem);
                    return false;
                case RecordStep.Damaged:
                    context.Reply.Error(ErrorText.LibraryDamaged);
                    return false;
                case RecordStep.OtherKind:
                    context.Reply.Error(ErrorText.NoLibrary);
                    return false;
                case RecordStep.Candidate:
                    context.Reply.Error(ErrorText.LibraryOfCandidate);
                    return false;
            }
        }
    }
}
