using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sampling;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.Observability;

/// <summary>MEMORY BIGKEYS and MEMORY PREFIXES: which keys take the memory.</summary>
public sealed class MemoryBigKeys(BigKeys bigKeys, RequestSampler sampler, Databases databases, IClock clock)
{
    private const int CountDefault = 10;
    private const int PrefixCountDefault = 20;
    private const int PrefixCountMax = 1000;
    private const int DelimiterSizeMax = 16;

    private readonly Random _random = new();

    [Command(
        "memory|bigkeys",
        Group = "server",
        Since = "9.2.0",
        Arity = -2,
        Flags = "admin",
        Complexity = "O(N) with N the number of keys known, at most 128 for each type",
        Summary = "The largest values of each type, by bytes and by elements, as they are always known.",
        Syntax = "[COUNT count] [DB database:integer]")]
    public void BigKeys(CommandContext context)
    {
        int count = CountDefault;
        int database = -1;
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                count = (int)arguments.Integer(1, Engine.Sampling.BigKeys.CountMax, ObservabilityErrorText.BigKeyCount);
            }
            else if (arguments.Match("db"u8, valueCount: 1))
            {
                database = (int)arguments.Integer(0, databases.Count - 1, ErrorText.DatabaseNumber);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        ReplyWriter reply = context.Reply;
        int mark = reply.BeginMap();
        int types = 0;
        foreach (KeyType type in bigKeys.Types)
        {
            IReadOnlyList<BigKey> byBytes = bigKeys.Largest(type, isByElements: false, database);
            if (byBytes.Count > 0)
            {
                types++;
                reply.Bulk(context.Database.Types[type].Name);
                reply.Map(2);
                reply.Bulk("by-bytes"u8);
                Answer(reply, byBytes, count);
                reply.Bulk("by-elements"u8);
                Answer(reply, bigKeys.Largest(type, isByElements: true, database), count);
            }
        }
        reply.EndMap(mark, types);
    }

    [Command(
        "memory|prefixes",
        Group = "server",
        Since = "9.2.0",
        Arity = -2,
        Flags = "admin readonly",
        Complexity = "O(N) with N the number of keys, at most 10,000, which are drawn where there are more",
        Summary = "The keys of the database by prefix: how many, how many bytes, how often used.",
        Syntax = "[delimiter] [COUNT count]")]
    public void Prefixes(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        ReadOnlySpan<byte> delimiter = (arguments.Left & 1) != 0 ? arguments.Next() : ":"u8;
        int count = PrefixCountDefault;
        if (delimiter.Length is 0 or > DelimiterSizeMax)
        {
            arguments.Fail(ObservabilityErrorText.Delimiter);
        }
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                count = (int)arguments.Integer(1, PrefixCountMax, ObservabilityErrorText.PrefixCount);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        var survey = new PrefixSurvey(context.Database, delimiter.ToArray());
        survey.Run(bigKeys, _random);
        survey.AddUses(sampler.Recent, clock);
        Answer(context.Reply, survey, count);
    }

    private static void Answer(ReplyWriter reply, IReadOnlyList<BigKey> keys, int countMax)
    {
        int count = Math.Min(countMax, keys.Count);
        reply.Array(count);
        foreach (BigKey key in keys.Take(count))
        {
            reply.Map(5);
            reply.Bulk("key"u8);
            reply.Bulk(key.Key);
            Number(reply, "length"u8, key.Length);
            Number(reply, "db"u8, key.Database);
            Number(reply, "bytes"u8, key.Bytes);
            Number(reply, "elements"u8, key.Elements);
        }
    }

    private static void Answer(ReplyWriter reply, PrefixSurvey survey, int countMax)
    {
        PrefixShare[] shares = [.. survey.Shares];
        reply.Map(5);
        Number(reply, "keys"u8, survey.KeyCount);
        Number(reply, "sampled"u8, survey.SampledCount);
        reply.Bulk("estimated"u8);
        reply.Boolean(!survey.IsExact);
        Number(reply, "prefix-count"u8, shares.Length);
        reply.Bulk("prefixes"u8);
        int count = Math.Min(countMax, shares.Length);
        reply.Array(count);
        foreach (PrefixShare share in shares.AsSpan(0, count))
        {
            reply.Map(4);
            reply.Bulk("prefix"u8);
            reply.Bulk(share.Prefix);
            Number(reply, "keys"u8, (long)Math.Round(share.Keys));
            Number(reply, "bytes"u8, (long)Math.Round(share.Bytes));
            Number(reply, "operations-per-second"u8, (long)Math.Round(share.UsesPerSecond));
        }
    }

    private static void Number(ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
