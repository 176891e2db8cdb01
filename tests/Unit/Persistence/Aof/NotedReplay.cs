using System.Text;
using Bixbite.Persistence.Aof;
using Bixbite.Protocol;

namespace Bixbite.Unit.Persistence.Aof;

/// <summary>Notes the requests in place of running them; those of a transaction when it is whole.</summary>
internal sealed class NotedReplay : IAofReplay
{
    private readonly List<string> _kept = [];

    /// <summary>Names that are no commands.</summary>
    public HashSet<string> Unknown { get; } = [];

    public List<string> Requests { get; } = [];

    public bool IsInTransaction { get; private set; }

    public int SliceCount { get; private set; }

    public void BeginFile() => Requests.Add("file");

    public void BeginSlice() => SliceCount++;

    public void Prefetch(RequestBatch batch, int first, int end)
    {
    }

    public string? Run(RequestBatch batch, int index, long offset)
    {
        var text = new StringBuilder();
        foreach (Argument argument in batch.Arguments(index))
        {
            text.Append(argument.ToString()).Append('|');
        }
        string request = text.ToString();
        string name = request[..request.IndexOf('|', StringComparison.Ordinal)];
        if (Unknown.Contains(name))
        {
            return "unknown command";
        }
        (IsInTransaction ? _kept : Requests).Add(request);
        if (name is "MULTI" or "EXEC")
        {
            IsInTransaction = name == "MULTI";
            Requests.AddRange(_kept);
            _kept.Clear();
            if (IsInTransaction)
            {
                Requests.Remove(request);
                _kept.Add(request);
            }
        }
        return null;
    }

    public void AbandonTransaction()
    {
        IsInTransaction = false;
        _kept.Clear();
    }
}
