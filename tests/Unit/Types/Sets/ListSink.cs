using System.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Unit.Types.Sets;

/// <summary>Takes members into a list.</summary>
internal readonly struct ListSink(List<string> members) : IMemberSink
{
    public List<string> Members => members;

    public bool Add(in StoredText member)
    {
        Span<byte> scratch = stackalloc byte[20];
        members.Add(Encoding.Latin1.GetString(member.Text(scratch)));
        return true;
    }
}
