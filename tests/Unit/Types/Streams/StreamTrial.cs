using System.Globalization;
using System.Text;
using Bixbite.Types;
using Bixbite.Types.Streams;
using Xunit;

namespace Bixbite.Unit.Types.Streams;

/// <summary>One random change after the other, made to a stream and to its model, and both compared.</summary>
internal sealed class StreamTrial(StreamHolder holder, Random random)
{
    private static readonly string[] s_names = ["", "a", "b", "bravo", "bravo\0", "bravo charlie", "z", "\xFF\xFF"];

    private readonly StreamModel _model = new();
    private readonly Relocator _relocator = new(holder.Context, KeyType.Stream, random);

    public void Step(bool isGrowing)
    {
        if (random.Next(5) == 0)
        {
            _relocator.Step(holder.Slot);
        }
        int choice = random.Next(100);
        switch (choice)
        {
            case < 45:
                Append(isGrowing ? 3 : 1);
                break;
            case < 60:
                Delete(isGrowing ? 1 : 4);
                break;
            case < 62:
                Trim();
                break;
            case < 72:
                CompareRange();
                break;
            case < 75:
                ChangeGroups();
                break;
            case < 78:
                ChangeConsumers();
                break;
            default:
                ChangePending();
                break;
        }
    }

    public void Verify() => Verify(holder);

    /// <summary>A copy has the same content and nothing in common with the original.</summary>
    public void VerifyCopy()
    {
        if (!holder.HasRoot)
        {
            return;
        }
        long before = holder.Context.Heap.UsedBytes;
        ulong duplicate = holder.Context.Types.Collection(KeyType.Stream).Duplicate(holder.Context, holder.Root);
        using (var copy = new StreamHolder(holder.Context.Heap, duplicate))
        {
            Verify(copy);
        }
        Assert.Equal(before, holder.Context.Heap.UsedBytes);
        // With more nodes the size is an estimate.
        bool isExact = holder.Stream.NodeCount <= 256;
        long size = holder.Context.Types.Collection(KeyType.Stream).SizeOf(holder.Context, holder.Root);
        Assert.True(!isExact || size <= before, "The stream is larger than all there is.");
    }

    private void Verify(StreamHolder verified)
    {
        verified.Verify();
        StreamValue stream = verified.Stream;
        Assert.Equal(_model.Entries.Count, stream.Count);
        Assert.Equal(_model.LastId, stream.LastId);
        Assert.Equal(_model.MaxDeletedId, stream.MaxDeletedId);
        Assert.Equal(_model.EntriesAdded, stream.EntriesAdded);
        Assert.Equal(_model.Entries.Keys.FirstOrDefault(), stream.FirstId);
        Assert.Equal(_model.Read(StreamId.Min, StreamId.Max), verified.Read(StreamId.Min, StreamId.Max));
        var names = new List<string>();
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            string name = Encoding.Latin1.GetString(groups.Current.Name);
            names.Add(name);
            VerifyGroup(groups.Current, _model.Groups[name]);
        }
        Assert.Equal(_model.Groups.Keys, names);
        Assert.Equal(names.Count, stream.GroupCount);
    }

    private static void VerifyGroup(StreamGroup group, GroupModel model)
    {
        Assert.Equal(model.LastDeliveredId, group.LastDeliveredId);
        Assert.Equal(model.EntriesRead, group.EntriesRead);
        Assert.Equal(model.Pending.Count, group.PendingCount);
        Assert.Equal(model.SeenMs.Count, group.ConsumerCount);
        Assert.Equal(model.Pending.Keys.FirstOrDefault(), group.FirstPendingId);
        Assert.Equal(model.Pending.Keys.LastOrDefault(), group.LastPendingId);
        Assert.Equal(model.Pending.Select(entry => (entry.Key, entry.Value)), PendingOf(group.WalkPending()));
        var seen = new List<KeyValuePair<string, long>>();
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            string name = Encoding.Latin1.GetString(consumers.Current.Name);
            seen.Add(new(name, consumers.Current.SeenMs));
            Assert.Equal(StreamConsumer.NeverActive, consumers.Current.ActiveMs);
            IEnumerable<(StreamId Id, PendingModel Entry)> own =
                model.Pending.Where(entry => entry.Value.Consumer == name).Select(entry => (entry.Key, entry.Value));
            Assert.Equal(own, PendingOf(consumers.Current.WalkPending()));
            Assert.Equal(own.Count(), consumers.Current.PendingCount);
        }
        Assert.Equal(model.SeenMs, seen);
    }

    private static List<(StreamId Id, PendingModel Entry)> PendingOf(PendingWalk walk)
    {
        var found = new List<(StreamId, PendingModel)>();
        while (walk.MoveNext())
        {
            found.Add(Told(walk.Current));
        }
        return found;
    }

    private static (StreamId Id, PendingModel Entry) Told(PendingEntry entry) =>
        (entry.Id, new PendingModel(Encoding.Latin1.GetString(entry.Consumer.Name), entry.DeliveryMs, entry.DeliveryCount));

    private void Append(int count)
    {
        for (; count > 0; count--)
        {
            StreamId last = _model.LastId;
            StreamId id = random.Next(20) switch
            {
                0 => new StreamId(last.Ms + (ulong)random.NextInt64(1 << 20), (ulong)random.NextInt64()),
                < 8 => new StreamId(last.Ms, last.Sequence + 1),
                _ => new StreamId(last.Ms + 1 + (ulong)random.Next(300), (ulong)random.Next(6)),
            };
            if (id <= last)
            {
                continue;
            }
            string[] fields = random.Next(8) == 0
                ? [.. Enumerable.Range(0, 2 * random.Next(1, 5)).Select(_ => NextText())]
                : ["name", NextText(), "12", NextText()];
            holder.Add(id, fields);
            _model.Entries.Add(id, fields);
            _model.LastId = id;
            _model.EntriesAdded++;
        }
    }

    private string NextText() => random.Next(10) switch
    {
        < 4 => random.Next(-200, 200).ToString(CultureInfo.InvariantCulture),
        4 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        5 => new string('x', random.Next(300)),
        _ => "value" + random.Next(1000).ToString(CultureInfo.InvariantCulture),
    };

    private void Delete(int count)
    {
        for (; count > 0; count--)
        {
            StreamId id = random.Next(5) == 0 ? new StreamId(NextId().Ms, 3) : NextId();
            bool isThere = _model.Entries.Remove(id);
            Assert.Equal(isThere, holder.Stream.Contains(id));
            Assert.Equal(isThere, holder.Stream.TryDelete(id));
            _model.MaxDeletedId = isThere && id > _model.MaxDeletedId ? id : _model.MaxDeletedId;
        }
    }

    private void Trim()
    {
        StreamId minId = _model.Entries.Keys.ElementAtOrDefault(random.Next(1 + (_model.Entries.Count / 4)));
        long lengthMax = random.Next(10) == 0 ? 0 : _model.Entries.Count * random.Next(70, 110) / 100;
        bool isApproximate = random.Next(2) == 0;
        long limit = isApproximate ? random.Next(50) : 0;
        bool isByLength = random.Next(2) == 0;
        StreamTrim trim = (isByLength ? StreamTrim.ToLength(lengthMax) : StreamTrim.ToMinId(minId))
            with
        { IsApproximate = isApproximate, Limit = limit };
        StreamId[] excess = isByLength
            ? [.. _model.Entries.Keys.Take((int)Math.Max(_model.Entries.Count - lengthMax, 0))]
            : [.. _model.Entries.Keys.TakeWhile(id => id < minId)];
        long removed = holder.Stream.Trim(trim);
        Assert.InRange(removed, isApproximate ? 0 : excess.Length, excess.Length);
        Assert.True(limit == 0 || removed <= limit, "More went than the limit allows.");
        foreach (StreamId id in excess.Take((int)removed))
        {
            _model.Entries.Remove(id);
        }
    }

    private void CompareRange()
    {
        StreamId from = NextId();
        StreamId to = random.Next(10) == 0 ? StreamId.Max : NextId();
        List<string> expected = _model.Read(from, to);
        Assert.Equal(expected, holder.Read(from, to));
        expected.Reverse();
        Assert.Equal(expected, holder.Read(to, from, isBackward: true));
    }

    private StreamId NextId()
    {
        if (_model.Entries.Count == 0)
        {
            return new StreamId((ulong)random.Next(100), 0);
        }
        StreamId id = _model.Entries.Keys.ElementAt(random.Next(_model.Entries.Count));
        return random.Next(6) == 0 ? new StreamId(id.Ms + 1, 0) : id;
    }

    private string NextName() => s_names[random.Next(s_names.Length)];

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private void ChangeGroups()
    {
        string name = NextName();
        if (random.Next(3) == 0)
        {
            Assert.Equal(_model.Groups.Remove(name), holder.Stream.TryRemoveGroup(Bytes(name)));
            return;
        }
        StreamId id = NextId();
        bool isNew = holder.Stream.TryCreateGroup(Bytes(name), id, 7, out StreamGroup group);
        Assert.Equal(!_model.Groups.TryGetValue(name, out GroupModel? model), isNew);
        _model.Groups[name] = model ??= new GroupModel();
        group.LastDeliveredId = model.LastDeliveredId = id;
        group.EntriesRead = model.EntriesRead = random.Next(-1, 100);
    }

    private bool TryPickGroup(out StreamGroup group, out GroupModel model)
    {
        string name = NextName();
        bool isFound = holder.Stream.TryFindGroup(Bytes(name), out group);
        Assert.Equal(isFound, _model.Groups.TryGetValue(name, out GroupModel? found));
        model = found ?? new GroupModel();
        return isFound;
    }

    private void ChangeConsumers()
    {
        if (!TryPickGroup(out StreamGroup group, out GroupModel model))
        {
            return;
        }
        string name = NextName();
        bool isThere = group.TryFindConsumer(Bytes(name), out StreamConsumer consumer);
        Assert.Equal(model.SeenMs.ContainsKey(name), isThere);
        if (!isThere)
        {
            model.SeenMs[name] = random.Next(1000);
            Assert.True(group.TryCreateConsumer(Bytes(name), model.SeenMs[name], out _));
        }
        else if (random.Next(3) == 0)
        {
            StreamId[] own = [.. model.Pending.Where(entry => entry.Value.Consumer == name).Select(entry => entry.Key)];
            Assert.Equal(own.Length, group.RemoveConsumer(consumer));
            model.SeenMs.Remove(name);
            Array.ForEach(own, id => model.Pending.Remove(id));
        }
        else
        {
            consumer.SeenMs = model.SeenMs[name] = random.Next(1000);
        }
    }

    private void ChangePending()
    {
        if (!TryPickGroup(out StreamGroup group, out GroupModel model) || model.SeenMs.Count == 0)
        {
            return;
        }
        string name = model.SeenMs.Keys.ElementAt(random.Next(model.SeenMs.Count));
        group.TryFindConsumer(Bytes(name), out StreamConsumer consumer);
        StreamId id = NextId();
        bool isPending = group.TryFindPending(id, out PendingEntry entry);
        Assert.Equal(model.Pending.TryGetValue(id, out PendingModel? known), isPending);
        if (random.Next(40) == 0)
        {
            AcknowledgeWhileReading(group, model, id);
        }
        else if (!isPending)
        {
            model.Pending[id] = new PendingModel(name, random.Next(1000), random.Next(5));
            group.AddPending(id, consumer, model.Pending[id].DeliveryMs, model.Pending[id].DeliveryCount);
        }
        else if (random.Next(3) == 0)
        {
            Assert.True(group.Acknowledge(id));
            Assert.False(group.Acknowledge(id));
            model.Pending.Remove(id);
        }
        else
        {
            group.Claim(entry, consumer);
            entry.DeliveryMs = random.Next(1000);
            model.Pending[id] = known! with { Consumer = name, DeliveryMs = entry.DeliveryMs };
        }
    }

    private static void AcknowledgeWhileReading(StreamGroup group, GroupModel model, StreamId from)
    {
        StreamId[] expected = [.. model.Pending.Keys.Where(id => id >= from).Take(10)];
        PendingReader reader = group.ReadPending(from, StreamId.Max);
        foreach (StreamId id in expected)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal((id, model.Pending[id]), Told(reader.Current));
            Assert.True(group.Acknowledge(id));
            model.Pending.Remove(id);
        }
    }
}
