using System.Globalization;
using System.Text;
using Bixbite.Structures.Packed;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

/// <summary>A listpack that wanders within a buffer as entries come and go at its ends.</summary>
public sealed class ListpackEndsTests
{
    private const int StepCount = 5000;

    [Fact]
    public void Changes_at_the_ends_leave_a_valid_listpack()
    {
        Random random = Seed.NewRandom();
        byte[] buffer = new byte[1 << 20];
        int start = buffer.Length / 2;
        Listpack.WriteEmpty(buffer.AsSpan(start));
        var model = new List<string>();
        for (int step = 0; step < StepCount; step++)
        {
            start = Change(buffer, start, model, random);
            Span<byte> pack = buffer.AsSpan(start, Listpack.SizeOf(buffer.AsSpan(start)));
            Assert.True(Listpack.IsValid(pack, out int count));
            Assert.Equal(model.Count, count);
            if (count > 0)
            {
                Assert.True(Listpack.At(pack, Listpack.First(pack)).Equals(Encoding.Latin1.GetBytes(model[0])));
                Assert.True(Listpack.At(pack, Listpack.Last(pack)).Equals(Encoding.Latin1.GetBytes(model[^1])));
            }
        }
    }

    [Fact]
    public void The_last_entries_become_a_listpack_of_their_own()
    {
        byte[] buffer = new byte[4096];
        Listpack.WriteEmpty(buffer);
        for (int i = 0; i < 100; i++)
        {
            ListpackEnds.WriteLast(buffer, Encoding.Latin1.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        }
        ReadOnlySpan<byte> pack = buffer.AsSpan(0, Listpack.SizeOf(buffer));
        int offset = Listpack.Seek(pack, 70);
        byte[] half = new byte[ListpackEnds.SizeFrom(pack, offset)];
        ListpackEnds.CopyFrom(pack, offset, 30, half);
        Assert.True(Listpack.IsValid(half, out int count));
        Assert.Equal(30, count);
        Assert.Equal(70, Listpack.At(half, Listpack.First(half)).Integer);
        Assert.Equal(99, Listpack.At(half, Listpack.Last(half)).Integer);
    }

    private static int Change(byte[] buffer, int start, List<string> model, Random random)
    {
        string text = random.Next(3) == 0 ? $"{random.Next(100_000)}" : new string('t', random.Next(200));
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Span<byte> room = buffer.AsSpan(start);
        int choice = random.Next(model.Count < 2 ? 2 : model.Count > 100 ? 5 : 4);
        int dropped = model.Count < 2 ? 0 : 1 + random.Next(Math.Min(model.Count - 1, 3));
        switch (choice)
        {
            case 0:
                start -= Listpack.EntrySizeOf(bytes);
                ListpackEnds.WriteFirst(buffer.AsSpan(start), bytes);
                model.Insert(0, text);
                return start;
            case 1:
                ListpackEnds.WriteLast(room, bytes);
                model.Add(text);
                return start;
            case 2:
                model.RemoveRange(0, dropped);
                return start + ListpackEnds.DropFirst(room[..Listpack.SizeOf(room)], dropped);
            default:
                model.RemoveRange(model.Count - dropped, dropped);
                ListpackEnds.DropLast(room[..Listpack.SizeOf(room)], dropped);
                return start;
        }
    }
}
