using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>Takes a set in pieces.</summary>
public interface ISetSink : IValueSink
{
    public void Member(ReadOnlySpan<byte> member);

    /// <summary>A member of so many bytes, which come as texts.</summary>
    public void BeginMember(int length);
}
