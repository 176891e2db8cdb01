using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

/// <summary>Adds members to a set that is built aside.</summary>
internal readonly ref struct MemberCollector(SetValue target) : IMemberSink
{
    private readonly SetValue _target = target;

    public bool Add(in StoredText member)
    {
        _target.Add(member);
        return true;
    }
}
