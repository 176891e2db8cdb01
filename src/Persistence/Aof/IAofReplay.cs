using Bixbite.Protocol;

namespace Bixbite.Persistence.Aof;

/// <summary>Who repeats the requests of a log.</summary>
internal interface IAofReplay
{
    /// <summary>Requests are kept since a MULTI, and wait for its EXEC.</summary>
    public bool IsInTransaction { get; }

    /// <summary>To be called before the first request of a file: it begins in database 0.</summary>
    public void BeginFile();

    /// <summary>To be called whenever it goes on after others had their turn.</summary>
    public void BeginSlice();

    /// <summary>Asks for the memory that these requests will need.</summary>
    public void Prefetch(RequestBatch batch, int first, int end);

    /// <summary>Runs a request; null, or why it cannot be: there is no such command, or not in this form.</summary>
    public string? Run(RequestBatch batch, int index, long offset);

    /// <summary>The requests that were kept are forgotten.</summary>
    public void AbandonTransaction();
}
