using System.Text;
using Bixbite.Types.Hashes;

namespace Bixbite.Unit.Types.Hashes;

/// <summary>Keeps the fields it visits.</summary>
internal readonly struct Collector : IFieldVisitor
{
    public Collector()
    {
    }

    public List<(string Field, string Value, long DeadlineMs)> Found { get; } = [];

    public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
        Found.Add((Encoding.Latin1.GetString(field), Encoding.Latin1.GetString(value), deadlineMs));
}
