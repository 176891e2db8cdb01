using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>Adds members to a set that is built aside.</summary>
internal readonly ref struct MemberCollector(SetValue target) : IMemberSink
{
    private readonly SetValue _target = target;

    public bool Add(in SetMember member)
    {
        _target.Add(member);
        return true;
    }
}
