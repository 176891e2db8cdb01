namespace Bixbite.Replication.Streaming;

/// <summary>Wants to know what a primary tells its replicas. Called under the execution lock.</summary>
public interface IStreamObserver
{
    /// <summary>A request was told, as an array of bulk strings, whole or its beginning.</summary>
    void Append(ReadOnlySpan<byte> request);

    /// <summary>So many more bytes of that request were told.</summary>
    void Continue(int size);
}
