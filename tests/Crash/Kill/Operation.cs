namespace Bixbite.Crash.Kill;

/// <summary>Requests of one client that belong together; the last change among them tells that all are done.</summary>
internal sealed record Operation(IReadOnlyList<string> Requests)
{
    private const int ShownLengthMax = 100;

    public override string ToString() => string.Join("; ", Requests.Select(Shown));

    private static string Shown(string request) => request.Length > ShownLengthMax ? request[..ShownLengthMax] + "..." : request;
}
