namespace Bixbite.Engine.Sessions;

/// <summary>Takes what a client sends while it speaks another language than that of requests.</summary>
public interface ISessionInput
{
    /// <summary>Called with the execution lock; the bytes are valid during the call, and may be any part of what the client says.</summary>
    public void Received(ReadOnlySpan<byte> bytes);
}
