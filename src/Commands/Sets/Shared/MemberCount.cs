using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

/// <summary>Counts members up to a limit, of which 0 means none.</summary>
internal struct MemberCount(long limit) : IMemberSink
{
    public long Count { get; private set; }

    public bool Add(in StoredText member) => ++Count != limit;
}
